"""What an audited write costs: three fields of a row under a lock, saved and committed, with and without its log.

Ours is the whole of it: line, private part, row trigger and queue, while a sealer seals each second on the same processors.
Beside it the same save in a brand whose log triggers were taken off. The peers (`_audit_peers.py`) have their own plain save and
are compared with that. Processes write in slices, all arms in turn, so that every ratio is of one moment; 1, 4 and 16 on one
brand. With an owner that may set `commit_delay`, and a server that flushes, also with commits that take 5 ms longer.
"""

import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, connections
from django.utils import timezone

from clients.approvals.models import Hold
from clients.audit.actions import record
from clients.audit.tasks import seal_round
from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import process_of
from tenants.brandref import BrandRef
from tenants.dressing import log_triggers
from tenants.ids import uuid7
from tenants.models import Unsealed
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import durable
from tests.audit.stress import VERB, Stress
from tests.bench._audit_crew import Crew
from tests.bench._peers import Peer, environment, peer
from tests.database import ACTIVE, brand_with

PACKAGES = ("django==5.2.*", "psycopg[binary]>=3.3,<3.4", "django-auditlog==3.4.1", "django-simple-history==3.13.0")
ROUNDS = {"small": 3, "full": 16}
SECONDS = {"small": 0.6, "full": 1.0}
WRITERS = (1, 4, 16)
ROWS = 500
SLOW = 5000
"""Microseconds that a commit waits."""
AGAINST = {"ours": "ours-plain"} | dict.fromkeys(("auditlog", "simple-history", "trigger"), "plain")


def run(scale: str) -> dict[str, Any]:
    """Figures of every arm, and what was lost (nothing)."""
    audited, plain = (brand_with(slug) for slug in ACTIVE)
    _take_log_off(plain)
    rows = {brand.id: _rows(brand) for brand in (audited, plain)}
    _drain()
    python = environment("audit", PACKAGES)
    connections.close_all()
    crew = Crew(max(WRITERS), {"ours": _ours(audited, rows), "ours-plain": _plain(plain, rows)}, _begin)
    sealer = Crew(1, {"seal": _beat}, _begin)
    with _database_for_peers() as address, peer(python, Path(__file__).with_name("_audit_peers.py")) as others:
        versions = others.ask(database=address, writers=max(WRITERS))["versions"]
        bench = _Bench(crew, sealer, others, ROUNDS[scale], SECONDS[scale])
        figures = {"fast commits": bench.measure()}
        if _slow_commits(address["NAME"]):
            crew.connect_again()
            others.ask(again=True)
            figures["commits 5 ms slower"] = bench.measure()
        else:
            figures["commits 5 ms slower"] = "not measured: needs a superuser as owner, and fsync"
    crew.end()
    sealer.end()
    stress = Stress(audited, committed=bench.audited)
    return {
        "name": "an audited write beside the same write without",
        "unit": "milliseconds of processor (both ends) a write; writes a second",
        "peers": versions,
        **figures,
        "audited_writes": bench.audited,
        "faults": stress.faults(),
        "goals": {"cpu": "<= 1.25", "rate at 16 writers": ">= 0.80", "faults": 0},
        "notes": "ratios: medians over rounds, each to the plain save of the same round; ours with its walls, peers without. The"
        " sealer's own processor time stands beside ours (sealer_cpu_ms a write), not in it.",
    }


class _Bench:
    """Slices of all arms in turn."""

    def __init__(self, crew: Crew, sealer: Crew, others: Peer, rounds: int, seconds: float) -> None:
        self.crew, self.sealer, self.others = crew, sealer, others
        self.rounds, self.seconds = rounds, seconds
        self.audited = 0

    def measure(self) -> dict[str, Any]:
        return {f"{writers} writers": self._with(writers) for writers in WRITERS}

    def _with(self, writers: int) -> dict[str, Any]:
        arms = [*AGAINST, *dict.fromkeys(AGAINST.values())]
        slices: dict[str, list[dict[str, Any]]] = {arm: [] for arm in arms}
        for number in range(self.rounds + 1):
            random.Random(number).shuffle(arms)
            found = {arm: self._slice(arm, writers) for arm in arms}
            if number:  # the first one warms up
                for arm in arms:
                    slices[arm].append(found[arm])
        return {arm: _figures(found, slices[AGAINST.get(arm, arm)]) for arm, found in slices.items()}

    def _slice(self, arm: str, writers: int) -> dict[str, Any]:
        if not arm.startswith("ours"):
            return dict(self.others.ask(arm=arm, writers=writers, seconds=self.seconds))
        if arm == "ours-plain":
            return self.crew.slice(arm, writers, self.seconds)
        sealed: dict[str, Any] = {}
        sealing = threading.Thread(target=lambda: sealed.update(self.sealer.slice("seal", 1, self.seconds)))
        sealing.start()
        found = self.crew.slice(arm, writers, self.seconds)
        sealing.join()
        rest = self.sealer.slice("seal", 1, 0.01)  # what is left must not be sealed at another's expense
        spent = sum(part["cpu_ms"] * part["writes"] for part in (sealed, rest))
        self.audited += found["writes"]
        return found | {"sealer_cpu_ms": spent / max(found["writes"], 1)}


def _figures(found: list[dict[str, Any]], plain: list[dict[str, Any]]) -> dict[str, Any]:
    def middle(which: str) -> float:
        return round(statistics.median(one[which] for one in found), 3)

    def ratios(which: str) -> dict[str, float]:
        each = [one[which] / other[which] for one, other in zip(found, plain, strict=True)]
        low, _, high = statistics.quantiles(each, n=4) if len(each) > 1 else each * 3
        return {"median": round(statistics.median(each), 3), "quartiles": [round(low, 3), round(high, 3)]}  # type: ignore[dict-item]

    return {
        **{which: middle(which) for which in ("rate", "cpu_ms", "p50_ms", "p99_ms")},
        **({"sealer_cpu_ms": middle("sealer_cpu_ms")} if "sealer_cpu_ms" in found[0] else {}),
        **({} if found is plain else {"of_plain": {which: ratios(which) for which in ("rate", "cpu_ms", "p99_ms")}}),
    }


def _save(rows: list[Any], chance: random.Random) -> tuple[Hold, int]:
    hold = Hold.objects.select_for_update().get(pk=chance.choice(rows))
    count = int(hold.value) + 1
    hold.value, hold.reason, hold.placed_by_name = str(count), f"reason {count}", "Camille" if count % 2 else "Sophie"
    hold.save()
    return hold, count


def _ours(brand: BrandRef, rows: dict[Any, list[Any]]) -> Callable[[int, random.Random], None]:
    actor = process_of(brand, EntryPoint.PAGE, "Camille Roux", "0193a7c2-7b1e-7000-8000-5f7a5e5c0de1")

    def write(_number: int, chance: random.Random) -> None:
        with durable(brand):
            hold, count = _save(rows[brand.id], chance)
            record(actor, VERB, hold, count=count)

    return write


def _plain(brand: BrandRef, rows: dict[Any, list[Any]]) -> Callable[[int, random.Random], None]:
    def write(_number: int, chance: random.Random) -> None:
        with durable(brand):
            _save(rows[brand.id], chance)

    return write


def _beat(_number: int, _chance: random.Random) -> None:
    """One beat of a sealer: everything that is there, then the rest of a second."""
    began = time.monotonic()
    while seal_round():
        pass
    time.sleep(max(0.0, 1.0 - (time.monotonic() - began)))


def _rows(brand: BrandRef) -> list[Any]:
    with durable(brand):
        facts = {
            "scope": "kind",
            "value": "0",
            "reason": "x" * 200,
            "placed_by_name": "Camille",
            "lifted_at": timezone.now(),
        }
        made = [Hold(placed_by=uuid7(), **facts) for _ in range(ROWS)]
        return [hold.pk for hold in Hold.objects.bulk_create(made)]


def _drain() -> None:
    while seal_round():
        pass
    assert not Unsealed.objects.exists()


def _begin() -> int:
    connections.close_all()
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def _take_log_off(brand: BrandRef) -> None:
    with connections[OWNER].cursor() as cursor:
        for trigger in log_triggers():
            cursor.execute(f"DROP TRIGGER {trigger.name} ON {brand.schema_name}.{trigger.table}")


@contextmanager
def _database_for_peers() -> Iterator[dict[str, Any]]:
    """An empty database on the same server: the peers are the owner in it."""
    address = connections.settings[OWNER]
    name = f"{address['NAME']}_peers"
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield {**{part: address[part] for part in ("USER", "PASSWORD", "HOST", "PORT")}, "NAME": name}
    finally:
        with connections[OWNER].cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _slow_commits(peers: str) -> bool:
    """Whether new sessions now wait before they flush."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync'), rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() != ("on", True):
            return False
        try:
            for name in (connections.settings[OWNER]["NAME"], peers):
                cursor.execute(f"ALTER DATABASE {name} SET commit_delay = {SLOW}")
                cursor.execute(f"ALTER DATABASE {name} SET commit_siblings = 0")
        except DatabaseError:
            return False
    return True
