"""The brake: a lock that every act holds while it leaves, and that a stop takes for itself alone.

INVARIANT (promise 4): an act asks the gate and makes its outward call with the shared lock held; a stop writes its hold under
the exclusive one, and so does whatever else takes a right away (a charter lowered, a mandate suspended or ended). So these wait
for the acts already leaving (bounded by the longest outward call), and every act that begins later sees them.
Transaction-level locks: they end with the transaction, also behind a pooler. It lies this low because mandates press it too.
"""

import hashlib

from django.db import connection

from tenants.limits import statement_seconds
from tenants.walls.scope import BrandRef

PATIENCE = 45
"""Seconds."""


def let_leave(brand: BrandRef) -> None:
    """Taken by an act before it asks for the last time. Many may hold it at once."""
    _be_patient(brand)
    _lock("pg_advisory_xact_lock_shared", brand, "brake")


def press(brand: BrandRef) -> None:
    """Taken by a stop before it writes. New acts queue behind it; it waits for those that hold the shared lock."""
    _be_patient(brand)
    _lock("pg_advisory_xact_lock", brand, "brake")


def count_alone(brand: BrandRef, grant: str) -> None:
    """Taken by an act under a daily cap, so that two of them never count the same last place."""
    _lock("pg_advisory_xact_lock", brand, f"cap:{grant}")


def _be_patient(brand: BrandRef) -> None:
    """A session gives up a lock after ten seconds, an outward call may take fifteen: a stop that gave up would not stop.

    Waiting for a lock is a statement, too: the seconds that a page or a brand has for one are no bound of a stop.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
        if statement_seconds(brand) < PATIENCE:
            cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}s'")


def _lock(function: str, brand: BrandRef, what: str) -> None:
    key = int.from_bytes(hashlib.sha256(f"{brand.id}:{what}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", (key,))
