"""One decision under a charter of 50 grants, explained and digested, beside Cedar, Casbin and a bare dict look-up.

All engines hold the same grants and answer the same questions, built beforehand, and must agree on every one before anything is
timed. Rounds are interleaved; figures are microseconds of processor time, medians with their quartiles. Then ours from 10 to
1,000 grants: `exponent` 0 is flat.
"""

import math
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from clients.autonomy.decide import decide
from clients.autonomy.decision import record_digest
from clients.autonomy.grant import EVERY_DAY, Charter, Grant, Hours
from clients.autonomy.levels import Level
from clients.autonomy.question import Question
from clients.autonomy.vocabulary import IRREVERSIBLE, ActionKind, EntryPoint, MandateState, Sensitivity
from tenants.vocabulary import Role, Side
from tests.bench._peers import Peer, environment, peer

NEEDS_DATABASE = False
PACKAGES = ("cedarpy==4.12.2", "pycasbin==2.8.0")
ROUNDS = {"small": 11, "full": 41}
OURS, PEER = 4_000, 60
SIZES = (10, 50, 200, 1_000)
KINDS = tuple(kind for kind in ActionKind if kind not in IRREVERSIBLE)
FIRST = datetime(2026, 11, 16, tzinfo=UTC)
Timed = Callable[[], float]
"""Runs one round, gives microseconds a decision."""


def run(scale: str) -> dict[str, Any]:
    """The figures and the goals of docs/measures they stand for."""
    charter = _charter(random.Random(3), 50)
    questions = _questions(random.Random(4), charter, 256)
    python = environment("decision", PACKAGES)
    with peer(python, Path(__file__).with_name("_decision_peers.py")) as engines:
        versions = engines.ask(grants=[_plain(g) for g in charter.grants], questions=[_facts(q) for q in questions])
        _agree(engines, charter, questions)
        found = _interleaved(_contenders(engines, charter, questions) | _sizes(), ROUNDS[scale])
    middle = {name: figure["median"] for name, figure in found.items()}
    growth = math.log(middle["ours_1000"] / middle["ours_10"]) / math.log(SIZES[-1] / SIZES[0])
    return {
        "unit": "microseconds of processor time a decision",
        "grants": 50,
        "questions": len(questions),
        "figures": found,
        "ratios": {
            "cedarpy_to_ours": round(middle["cedar"] / middle["ours"], 1),
            "pycasbin_to_ours": round(middle["pycasbin"] / middle["ours"], 1),
            "ours_to_limit": round(middle["ours"] / middle["limit"], 1),
        },
        "exponent_10_to_1000_grants": round(growth, 3),
        "goals": {
            "explained_and_digested_5_us": middle["ours"] <= 5,
            "20_times_cedarpy": middle["cedar"] >= 20 * middle["ours"],
            "flat_to_1000_grants": growth <= 0.05,
        },
        "versions": versions,
    }


def _contenders(engines: Peer, charter: Charter, questions: list[Question]) -> dict[str, Timed]:
    table = {(q.channel, q.kind, q.sensitivity): True for q in questions}
    return {
        "ours": lambda: _timed(lambda q: record_digest(q, decide(q, charter), charter.digest), questions),
        "ours_explained": lambda: _timed(lambda q: decide(q, charter), questions),
        "limit": lambda: _timed(lambda q: table[q.channel, q.kind, q.sensitivity], questions),
        "cedar": lambda: engines.ask(engine="cedar", what="time", count=PEER) / PEER * 1e6,
        "pycasbin": lambda: engines.ask(engine="pycasbin", what="time", count=PEER) / PEER * 1e6,
    }


def _sizes() -> dict[str, Timed]:
    def of(size: int) -> Timed:
        charter = _charter(random.Random(size), size)
        questions = _questions(random.Random(size), charter, 256)
        return lambda: _timed(lambda q: record_digest(q, decide(q, charter), charter.digest), questions)

    return {f"ours_{size}": of(size) for size in SIZES}


def _interleaved(contenders: dict[str, Timed], rounds: int) -> dict[str, dict[str, float]]:
    """Everybody once a round, in another order each time. The first round warms up and is thrown away."""
    seen: dict[str, list[float]] = {name: [] for name in contenders}
    order = list(contenders)
    for _ in range(rounds + 1):
        random.shuffle(order)
        for name in order:
            seen[name].append(contenders[name]())
    return {name: _figure(found[1:]) for name, found in seen.items()}


def _figure(found: list[float]) -> dict[str, float]:
    low, median, high = statistics.quantiles(found, n=4)
    return {"median": round(median, 3), "quartiles": [round(low, 3), round(high, 3)]}  # type: ignore[dict-item]


def _timed(act: Callable[[Question], object], questions: list[Question]) -> float:
    size = len(questions)
    began = time.process_time()
    for n in range(OURS):
        act(questions[n % size])
    return (time.process_time() - began) / OURS * 1e6


def _agree(engines: Peer, charter: Charter, questions: list[Question]) -> None:
    ours = [decide(q, charter).sends for q in questions]
    assert 0 < sum(ours) < len(ours), "the questions must tell the engines apart"
    for engine in ("cedar", "pycasbin"):
        assert engines.ask(engine=engine, what="answers") == ours, engine


def _charter(r: random.Random, size: int) -> Charter:
    """Grants that send at once within their limits; none covers another's cell, as peers know no 'most specific'."""
    channels = [f"channel-{n}" for n in range(size // 20 + 2)]
    cells = [(c, k, s) for c in channels for k in KINDS for s in Sensitivity]
    return Charter(7, tuple(_grant(r, *cell) for cell in r.sample(cells, size)), "d" * 64)


def _grant(r: random.Random, channel: str, kind: ActionKind, sensitivity: Sensitivity) -> Grant:
    hours = Hours(r.choice((0, 360, 540)), r.choice((1080, 1200, 1440)), r.choice((EVERY_DAY, frozenset(range(5)))))
    until = date(2026, 11, 30) if r.random() < 0.8 else date(2026, 11, 18)
    return Grant(channel, kind, sensitivity, Level.REPORT, hours, r.choice((2, 5, 50)), until)


def _questions(r: random.Random, charter: Charter, count: int) -> list[Question]:
    return [_question(r, r.choice(charter.grants)) for _ in range(count)]


def _question(r: random.Random, grant: Grant) -> Question:
    return Question(
        brand="b" * 36, person="p" * 36, side=Side.AGENCY, role=Role.COMMUNITY_MANAGER, via=EntryPoint.PAGE,
        kind=ActionKind(grant.kind), channel=grant.channel, sensitivity=grant.sensitivity, digest="e" * 64,
        moment=FIRST + timedelta(minutes=r.randrange(7 * 24 * 60)),
        mandate=MandateState.ACTIVE if r.random() < 0.9 else MandateState.SUSPENDED, channel_open=r.random() < 0.95,
        briefing_version=3, briefing_acknowledged=r.random() < 0.9, authors=("p" * 36,),
        holds=() if r.random() < 0.9 else ("h",), sent_today=((grant.key, r.randrange(6)),),
    )  # fmt: skip


def _plain(g: Grant) -> dict[str, Any]:
    assert g.hours is not None and g.until is not None
    return {
        "channel": g.channel, "kind": g.kind, "sensitivity": g.sensitivity, "start": g.hours.start, "end": g.hours.end,
        "weekdays": sorted(g.hours.weekdays), "cap": g.daily_cap, "until": g.until.toordinal(),
    }  # fmt: skip


def _facts(q: Question) -> dict[str, Any]:
    return {
        "channel": q.channel, "kind": q.kind, "sensitivity": q.sensitivity, "mandate": q.mandate,
        "acknowledged": q.briefing_acknowledged, "channel_open": q.channel_open, "held": bool(q.holds),
        "minute": q.moment.hour * 60 + q.moment.minute, "weekday": q.moment.weekday(),
        "sent_today": q.sent_today[0][1], "day": q.moment.toordinal(),
    }  # fmt: skip
