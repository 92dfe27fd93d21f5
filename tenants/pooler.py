"""Past the pooler: what needs a server session of its own, LISTEN above all, cannot go through PgBouncer in transaction mode.

Everything else can: nothing but transaction-local settings is ever changed, see `tenants.walls.backend`. Migrations and the
session lock of provisioning go by the owner's address, which must be a direct one anyway.
"""

from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connections

DIRECT = "direct"
"""The alias of DATABASE_DIRECT_URL; without one `default` is direct."""


def is_pooled(raw: psycopg.Connection[Any]) -> bool:
    """Whether something stands between: a pooler makes up the process number that it greets with."""
    found = raw.execute("SELECT pg_backend_pid()").fetchone()
    return found is None or found[0] != raw.info.backend_pid


def listening_connection() -> psycopg.Connection[Any]:
    """A session of one's own, in autocommit. ImproperlyConfigured where a pooler would swallow what is called out."""
    alias = DIRECT if DIRECT in connections.settings else DEFAULT_DB_ALIAS
    raw = psycopg.connect(**connections[alias].get_connection_params() | {"autocommit": True})
    if is_pooled(raw):
        raw.close()
        raise ImproperlyConfigured("LISTEN does not pass a pooler: set DATABASE_DIRECT_URL to an address past it.")
    return raw
