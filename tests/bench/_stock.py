"""The peer of the tenancy benchmarks: the same tables under stock django-tenants, driven as its documentation says.

A process of its own, because Django has one backend per process. Talks JSON lines: `{"do": "create", "schemas": [...]}` answers
`[[wall, client, server], ...]` in milliseconds for each schema, one after the other.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any


def settings_for(database: dict[str, Any], modules: dict[str, str]) -> dict[str, Any]:
    """Our settings with the database, the router and the apps of a stock project."""
    from tests import settings as ours

    return {
        **{name: value for name, value in vars(ours).items() if name.isupper()},
        "DATABASES": {"default": {**database, "ENGINE": "django_tenants.postgresql_backend"}},
        "DATABASE_ROUTERS": ("django_tenants.routers.TenantSyncRouter",),
        "SHARED_APPS": ["django_tenants", *ours.SHARED_APPS],
        "INSTALLED_APPS": ["django_tenants", *ours.INSTALLED_APPS],
        "MIGRATION_MODULES": modules,
        "LOGGING_CONFIG": None,
    }


def main() -> None:
    """Read the settings from the first line, then serve."""
    from django.conf import settings

    first = json.loads(sys.stdin.readline())
    sys.path[:0] = first.pop("path")
    settings.configure(**settings_for(**first))
    import django

    django.setup()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps([_timed(request["do"], schema) for schema in request["schemas"]]), flush=True)


def _timed(verb: str, schema: str) -> list[float]:
    """The new connection of each migration run is part of the price, as in the stock executor."""
    from django.db import connection

    wall, client = time.perf_counter(), time.process_time()
    connection.set_schema_to_public()
    connection.ensure_connection()
    session: Any = connection.connection
    before = _spent(session)
    if verb == "create":
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA "{schema}"')
    connection.close = lambda: None  # the stock executor ends the session when it is done; we read its time first
    try:
        _migrate(schema)
    finally:
        del connection.close
    server = _spent(session) - before
    session.close()
    connection.connection = None
    return [(time.perf_counter() - wall) * 1000, (time.process_time() - client) * 1000, server]


def _migrate(schema: str) -> None:
    from django_tenants.migration_executors.base import run_migrations

    options = {
        "app_label": None, "migration_name": None, "verbosity": 0, "interactive": False, "database": "default",
        "fake": False, "fake_initial": False, "plan": False, "check_unapplied": False, "run_syncdb": False, "prune": False,
        "skip_checks": True, "no_color": True, "force_color": False,
    }  # fmt: skip
    run_migrations([], options, "standard", schema)


def _spent(session: Any) -> float:
    """Processor milliseconds of the server's process for this session; 0 where that cannot be read."""
    try:
        return int(Path(f"/proc/{session.info.backend_pid}/schedstat").read_text().split()[0]) / 1e6
    except OSError:
        return 0.0


if __name__ == "__main__":
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    main()
