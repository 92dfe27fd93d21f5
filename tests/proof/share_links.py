"""A link to a report opens for whoever holds its token while the brand lets it, and for nobody else.

Guessed tokens: some thousands are posted to two real servers, the others are asked of the very check that the door makes, and so
are near misses of one that is open; none fits, and what is unknown, revoked, over, used up or another brand's is one answer: byte
for byte, header for header, question for question to the database, and as long. A wrong password shows nothing and the last of
a few closes the link.
Round after round a link is read through both servers, its file taken, and the link ended (or its time over, or the report
withdrawn) by a third process: no request that is made after the end shows anything, from whichever process, none is later than a
second, no answer may be kept by a cache, and a browser that goes back sees nothing. At the end the ledger has one line for
each answer that showed anything, and each file that left stands there with its digest.
"""

import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import MOST_MISSES
from clients.people.actor import process_of
from reports.facts.periods import PeriodKind, period_of
from reports.making.actions import ask_report, make_report
from reports.making.models import Report
from reports.sharing.actions import end_share, release_report, share_report, withdraw_report
from reports.sharing.rules import MOST_WRONG
from reports.sharing.steps import MadeShare
from tenants.walls.scope import brand_scope
from tests.proof._scene import at_once, scene
from tests.proof._server import web_server
from tests.proof._share_guesses import (
    by_time,
    client,
    fitting,
    guessed_outside,
    guessed_within,
    knock,
    near_misses,
    over,
    throttled,
    told_apart,
)
from tests.proof._share_served import Answer, Visitor, gone_back
from tests.proof._stage import host_of
from tests.world import World

LONG = True
GUESSES = {"small": 2_000, "full": 1_000_000}
OUTSIDE = {"small": 100, "full": 5_000}
ROUNDS = {"small": 6, "full": 100}
TRIES = {"small": 30, "full": 250}
MOST_TOLD = {"small": 0.5, "full": 0.2}
"""Four standard errors of what two kinds that are alike show at so many tries, and a little."""
PASSWORD, WRONG = "douze mots de passe", "onze mots de passe"
PATHS = {"/s/report": b"report-document", "/s/report.pdf": b"%PDF-"}
A_SECOND = 1.0


@dataclass
class Tally:
    """What was shown and refused, the longest wait before a request after an end, and what should not have been.

    `views` and `files`: what left by each link, the files by their digests.
    """

    refused: int = 0
    last_asked: float = 0.0
    kept: int = 0
    views: dict[UUID, int] = field(default_factory=dict)
    files: dict[UUID, list[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def show(self, made: MadeShare, path: str, answer: Answer) -> None:
        """It was to be shown."""
        self.kept += answer.keeps
        if answer.status != 200 or PATHS[path] not in answer.content:
            self.wrong.append(f"{path} showed nothing: {answer.status}")
            return
        if path.endswith(".pdf"):
            self.files.setdefault(made.share.link_id, []).append(sha256(answer.content).hexdigest())
        else:
            self.views[made.share.link_id] = self.views.get(made.share.link_id, 0) + 1

    def refuse(self, path: str, answer: Answer, since: float) -> None:
        """It was not, so long after the end."""
        self.kept += answer.keeps
        self.refused += answer.status == 404
        self.last_asked = max(self.last_asked, since)
        if answer.status != 404 or any(mark in answer.content for mark in PATHS.values()):
            self.wrong.append(f"{path} after its end: {answer.status}")

    @property
    def shown(self) -> int:
        return sum(self.views.values()) + sum(map(len, self.files.values()))


def run(scale: str) -> tuple[str, bool]:
    world, other, tally = scene(), scene(slug="maison-b"), Tally()
    report = _released(world)
    live = _shared(world, report).token
    inside = GUESSES[scale] - OUTSIDE[scale]
    fits = guessed_within(world, inside)
    nearly = near_misses(live)
    fits += fitting(world, nearly) + fitting(other, [live])
    if fitting(world, [live]) != 1:
        tally.wrong.append("the token that the near misses are near to opens nothing")
    refused = _refused(world, other, report, tally)
    apart, told = told_apart(world, refused), by_time(world, refused, TRIES[scale])
    closed = _wrong_passwords(world, report, tally)
    with ExitStack() as servers:
        host = host_of(world.brand.slug)
        ports = [servers.enter_context(web_server(host, workers=1, threads=8)) for _ in range(2)]
        outside, otherwise = guessed_outside(world, ports, OUTSIDE[scale])
        waits = throttled(world, ports)
        for number in range(ROUNDS[scale]):
            _round(world, report, ports, tally, ("ended", "over")[number % 2])
        back = _back(world, report, ports[0], tally)
        _withdrawn(world, report, ports, tally)
    missing, lines = _unwritten(world, tally), _lines(world)
    figures = (
        f"{inside:,} guessed tokens at the door, {len(nearly)} near misses of one and {outside:,} over the network: "
        f"{fits + otherwise} fit; {len(refused)} kinds of refusal, {len(apart)} told apart by their answers, by their times "
        f"{told:.2f} of 1; the door waits after {waits} "
        f"wrong ones; {closed} wrong passwords close a link; {tally.shown} answers of two processes showed it, {lines} lines "
        f"of the ledger, {missing} missing; {tally.refused} requests after an end refused, all within "
        f"{tally.last_asked:.2f} s of it; a browser going back: {back or 'none here'}; {tally.kept} answers might be kept by a "
        f"cache; {len(tally.wrong)} wrong"
        f"{': ' + '; '.join(sorted(set(tally.wrong))[:3]) if tally.wrong else ''}"
    )
    good = (
        not (fits or otherwise or apart) and told < MOST_TOLD[scale] and waits == MOST_MISSES and closed == MOST_WRONG
    )
    whole = missing == 0 and lines == tally.shown > 0 and back != "seen"
    return figures, good and whole and tally.last_asked < A_SECOND and not (tally.wrong or tally.kept)


def _released(world: World) -> Report:
    period = period_of(PeriodKind.WEEK, date(2026, 11, 11), world.brand.time_zone)
    report = ask_report(world.owner, kind="weekly", period=period, language="fr")
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    return release_report(world.owner, report_id=report.pk)


def _shared(world: World, report: Report, **more: object) -> MadeShare:
    return share_report(world.owner, report_id=report.pk, **({"recipient": "Me Blanc", "views": 4} | more))  # type: ignore[arg-type]


def _refused(world: World, other: World, report: Report, tally: Tally) -> dict[str, Callable[[], str]]:
    """A token of each kind that opens nothing; the first is one that nobody ever made."""
    ended, late, used = (_shared(world, report, views=1) for _ in range(3))
    end_share(world.owner, share_id=ended.share.pk)
    over(world, late.share.link_id)
    spent = client(world)
    spent.post("/s/", {"token": used.token, "code": ""})
    if spent.get("/s/report").status_code == 200:
        tally.views[used.share.link_id] = 1
    locked = _shared(world, report, password=PASSWORD)
    for _ in range(MOST_WRONG):
        _try_password(world, locked, WRONG)
    foreign = _shared(other, _released(other))
    tokens = {"ended": ended, "over": late, "used": used, "locked": locked, "foreign": foreign}
    return {"unknown": lambda: secrets.token_urlsafe(32)} | {
        name: lambda token=made.token: token
        for name, made in tokens.items()  # type: ignore[misc]
    }


def _try_password(world: World, made: MadeShare, password: str) -> Any:
    """The answer to it, or None where the door is shut before it can be tried."""
    trying = client(world)
    if trying.post("/s/", {"token": made.token, "code": ""}).status_code != 303:
        return None
    return trying.post("/s/report", {"password": password})


def _wrong_passwords(world: World, report: Report, tally: Tally) -> int:
    """How many close a link, so that the right one opens it no more. They come from many addresses."""
    made, nothing = _shared(world, report, password=PASSWORD), knock(world, "unknown").content
    tried = 0
    while (answer := _try_password(world, made, WRONG)) is not None and tried < MOST_WRONG * 2:
        tried += 1
        if tried < MOST_WRONG and answer.status_code != 403:
            tally.wrong.append("a wrong password did not ask for the right one")
        if tried >= MOST_WRONG and (answer.status_code != 404 or answer.content != nothing):
            tally.wrong.append("the last of the wrong passwords was answered otherwise than what leads nowhere")
    return tried


def _round(world: World, report: Report, ports: list[int], tally: Tally, way: str) -> None:
    made = _shared(world, report)
    visitor = _reading(world, made, ports, tally)

    def end() -> None:
        if way == "ended":
            end_share(world.owner, share_id=made.share.pk)
        else:
            over(world, made.share.link_id)

    end()
    _closed(visitor, ports, tally)
    if visitor.post(ports[0], "/s/", token=made.token, code="").status != 404:
        tally.wrong.append("a token of a closed link opened it")


def _reading(world: World, made: MadeShare, ports: list[int], tally: Tally) -> Visitor:
    """Somebody who has opened a link and read it and taken its file from every server."""
    visitor = Visitor(world.brand.slug)
    if visitor.post(ports[0], "/s/", token=made.token, code="").status != 303:
        tally.wrong.append("an open link did not open")
    for port in ports:
        for path in PATHS:
            tally.show(made, path, visitor.get(port, path))
    return visitor


def _closed(visitor: Visitor, ports: list[int], tally: Tally) -> None:
    """From the end on: both addresses of both servers at once, with the cookie that opened them."""
    ended = time.monotonic()

    def ask(port: int, path: str) -> None:
        mine, asked = visitor.like_me(), time.monotonic() - ended
        tally.refuse(path, mine.get(port, path), asked)

    found = at_once([lambda port=port, path=path: ask(port, path) for port in ports for path in PATHS])  # type: ignore[misc]
    tally.wrong += [f"{type(one).__name__}: {one}" for one in found if isinstance(one, BaseException)]


def _back(world: World, report: Report, port: int, tally: Tally) -> str:
    made = _shared(world, report)
    found = gone_back(port, world.brand.slug, made.token, lambda: end_share(world.owner, share_id=made.share.pk))
    if found:
        tally.views[made.share.link_id] = 1
    return found


def _withdrawn(world: World, report: Report, ports: list[int], tally: Tally) -> None:
    """The report is taken back: every link to it is closed at once."""
    made = [_shared(world, report) for _ in range(3)]
    readers = [_reading(world, one, ports, tally) for one in made]
    withdraw_report(world.owner, report_id=report.pk)
    for reader in readers:
        _closed(reader, ports, tally)


def _unwritten(world: World, tally: Tally) -> int:
    """How many answers that showed it have no line of their own, link by link, each file by its digest."""
    missing = 0
    with brand_scope(world.brand):
        seen = Disclosure.objects.filter(object_kind="reports.report", why="viewed")
        for link_id, views in tally.views.items():
            missing += abs(views - seen.filter(recipient_id=link_id, way="link").count())
        for link_id, digests in tally.files.items():
            written = list(seen.filter(recipient_id=link_id, way="pdf").values_list("digest", flat=True))
            missing += sum(digests.count(one) > written.count(one) for one in digests)
    return missing


def _lines(world: World) -> int:
    """Lines of the ledger about looks through links."""
    with brand_scope(world.brand):
        return Disclosure.objects.filter(object_kind="reports.report", why="viewed").count()
