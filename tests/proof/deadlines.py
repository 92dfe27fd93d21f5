"""Clocks that are wrong do not double or skip a deadline: set forth and back by an hour and by a day.

Relay and Celery worker run as real processes under libfaketime with a clock of their own; PostgreSQL and the process that
writes the rows keep the true one, so what is shifted is every process of ours that hands on, performs and decides. For each
shift: rows due now, in a second and in two, and one of each brand in 40 minutes, which a clock that is ahead calls due. The
database alone says what is due: nothing due may be missing, nothing done twice, nothing done before its moment. A worker
whose clock is behind does not begin a row that its own clock calls early; the row waits for its lease, and these are
counted apart: not lost, late. Then the processes are started anew with the true clock and have to do them.

Then the other way round, on a server of this part's own: our processes keep the true clock and run on while the database's is
set forth and back under them. It alone says what is due: nothing may be done that both clocks call early, and after the clock
is true again everything is done, once.

Seen to fall short when: leases given by a clock a day ahead were believed (rows would have waited that day).
Without the faketime library (Debian: faketime) nothing is shown, and the part says so and falls short.
"""

import time
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from clients.outbox.models import OutboxRow
from tenants.brandref import BrandRef
from tenants.models import Pending
from tenants.pending import wake_relay
from tenants.walls.scope import durable
from tests.database import ACTIVE, brand_with
from tests.proof._database_clock import TRUE, database_clock
from tests.proof._programs import programs, wait_for
from tests.proof._scene import quiet
from tests.stand_ins import COUNT, open_book

SHIFTS = {"small": ("+1h", "-1h"), "full": ("+1h", "-1h", "+1d", "-1d")}
TURNED = {"small": ("+1h",), "full": SHIFTS["full"]}
ROWS = {"small": 30, "full": 1000}
LIBRARY = "libfaketimeMT.so.1"
LONG_AFTER = timedelta(minutes=40)
"""Due by a clock that is an hour ahead, and not by the database's."""


def run(scale: str) -> tuple[str, bool]:
    """Every shift, then the true clock."""
    library = next(Path("/usr/lib").glob(f"*/faketime/{LIBRARY}"), None)
    if library is None:
        return "libfaketime is not installed, so no clock was shifted", False
    brands = [brand_with(slug) for slug in ACTIVE]
    open_book()
    count, told, late = ROWS[scale], [], 0
    with quiet():
        for shift in SHIFTS[scale]:
            done = _under(shift, library, brands, count)
            late += count - done
            told.append(f"{shift} {done}/{count}")
        if scale == "small":
            Pending.objects.update(leased_until=None)  # instead of waiting the half minute until the leases are over
        _with_the_true_clock(count * len(SHIFTS[scale]))
    lines, keys, early = _book("at < due")
    asked = count * len(SHIFTS[scale])
    kept = Pending.objects.filter(kind=COUNT, due_at__gt=timezone.now()).count()
    turned, holds = _database_turned(scale, library)
    figures = (
        f"clock of relay and worker shifted (database and writer true), done at once: {', '.join(told)}; {late} waited for a "
        f"true clock; doubled {lines - keys}, skipped {asked - keys}, before their moment {early}, "
        f"{kept} of {len(SHIFTS[scale]) * len(brands)} later ones still wait; {turned}"
    )
    return figures, holds and lines == keys == asked and not early and kept == len(SHIFTS[scale]) * len(brands)


def _database_turned(scale: str, library: Path) -> tuple[str, bool]:
    """Rows put before each shift of the database's clock, under it, and after it is true again."""
    count, asked = ROWS[scale], 0
    with database_clock(library) as clock, programs() as found, quiet():
        brands = [brand_with(slug) for slug in ACTIVE]
        open_book()
        found.start_broker()
        found.start_worker(2)
        found.start_relay()
        for shift in TURNED[scale]:
            _put(brands, f"before {shift}", count)
            clock.set(shift)
            _put(brands, f"under {shift}", count)
            time.sleep(3)
            clock.set(TRUE)
            _put(brands, f"after {shift}", count)
            asked += 3 * count
            wait_for(lambda: _done_but_later() >= asked, f"all are done after {shift}", 100)  # noqa: B023 - called at once
        lines, keys, early = _book("at < due AND here < due")
        due = Pending.objects.filter(kind=COUNT, due_at__lte=timezone.now()).count()
    figures = (
        f"clock of the database set under running processes, {asked} rows: doubled {lines - keys}, skipped {asked - keys}, "
        f"before their moment {early}, due and left {due}"
    )
    return figures, lines == keys == asked and not early and not due


def _done_but_later() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT key) FROM proof_book WHERE key NOT LIKE '%%later'")
        return int(cursor.fetchone()[0])


def _under(shift: str, library: Path, brands: list[BrandRef], count: int) -> int:
    """How many of the rows are done while the clock is wrong."""
    clock = {
        "LD_PRELOAD": str(library),
        "FAKETIME": shift,
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    with programs() as found:
        found.start_broker()
        found.start_worker(2, **clock)
        found.start_relay(**clock)
        _put(brands, shift, count)
        time.sleep(3)
        behind = shift.startswith("-")
        if not behind:
            wait_for(lambda: _done(shift) >= count, f"{shift}: all are done")
        done = _done(shift)
        found.stop("relay")
        found.stop("worker")
    return done


def _with_the_true_clock(asked: int) -> None:
    """What is left comes back when its lease is over."""
    with programs() as found:
        found.start_broker()
        found.start_worker(2)
        found.start_relay()
        wait_for(lambda: _done("") >= asked, "all are done with the true clock", 100)
        time.sleep(1)


def _put(brands: list[BrandRef], name: str, count: int) -> None:
    """Due now and in the next two seconds; one of each brand long after."""
    now = timezone.now()
    for place, brand in enumerate(brands):
        rows = [(f"{name} {n}", now + timedelta(seconds=n % 3)) for n in range(place, count, len(brands))]
        rows.append((f"{name} later", now + LONG_AFTER))
        with durable(brand):
            OutboxRow.objects.bulk_create(
                OutboxRow(kind=COUNT, key=key, payload={"key": key, "due": due.isoformat()}, due_at=due)
                for key, due in rows
            )
    wake_relay()


def _done(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT key) FROM proof_book WHERE starts_with(key, %s)", [name])
        return int(cursor.fetchone()[0])


def _book(early: str) -> tuple[int, int, int]:
    """(lines, different keys, those done before their moment). `at` is the database's clock, `here` is ours."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(DISTINCT key), count(*) FILTER (WHERE {early}) FROM proof_book")
        lines, keys, too_early = cursor.fetchone()
    return lines, keys, too_early
