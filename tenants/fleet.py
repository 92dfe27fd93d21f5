"""Migrating a fleet: a fingerprint per brand says who is behind, one recorded text per kind of lag brings them up.

Brands that stand at the same old fingerprint lack the same migrations. The first of each such group, the canary, is migrated
by Django with a recorder; the others replay what was recorded, one round trip and one transaction each. Plans with Python in
them run for every brand, on a project state built once. A brand that fails is reported and left as it was; the others go on.
"""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from tenants import dressing
from tenants.dressing import quoted
from tenants.fingerprint import fingerprint
from tenants.models import Brand
from tenants.provisioning import Progress, owner, quietly, schema_text
from tenants.recording import WarmExecutor, is_pure, migrate_recording, plan_for
from tenants.shutting import shut_all
from tenants.vocabulary import BrandState
from tenants.walls.backend.base import OWNER
from tenants.walls.router import brand_labels

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


class Busy(Exception):
    """Another process is migrating this brand, or a transaction in it holds its tables."""


@dataclass(slots=True)
class Report:
    """What a run did. `failed` pairs a schema with the kind of error and its first line."""

    done: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    def as_text(self) -> str:
        """For people: one line, then one per failure."""
        lines = [f"{self.done} brands migrated, {len(self.failed)} failed"]
        return "\n".join(lines + [f"  {schema}: {why}" for schema, why in sorted(self.failed)])


def migrate(*, progress: Progress = quietly, workers: int = 2) -> Report:
    """Bring every brand that is not gone to the present fingerprint. Safe to run again and at once from two machines."""
    report = Report()
    behind = _behind()
    if not behind:
        return report
    schema_text()
    for _, group in groupby(behind, key=lambda brand: brand.fingerprint):
        _migrate_group(list(group), report, progress, len(behind), workers)
    return report


def verify() -> list[str]:
    """Ground truth, trusting no fingerprint: schemas whose own `django_migrations` differ from the migrations on disk."""
    want = {key for key in MigrationLoader(None, ignore_no_migrations=True).disk_migrations if key[0] in brand_labels()}
    schemas = list(_all().values_list("schema_name", flat=True))
    wrong = []
    with owner().cursor() as cursor:
        for start in range(0, len(schemas), 100):
            cursor.execute(" UNION ALL ".join(map(_applied_in, schemas[start : start + 100])), [])
            have: dict[str, set[tuple[str, str]]] = {schema: set() for schema in schemas[start : start + 100]}
            for schema, app, name in cursor.fetchall():
                have[schema].add((app, name))
            wrong += [schema for schema, applied in have.items() if applied != want]
    return wrong


def _applied_in(schema: str) -> str:
    return f"SELECT '{schema}', app, name FROM {quoted(schema)}.django_migrations"  # noqa: S608  our own names


def _all() -> Any:
    return Brand.objects.using(OWNER).exclude(state__in=[BrandState.GONE, BrandState.PROVISIONING])


def _behind() -> list[Brand]:
    return list(_all().exclude(fingerprint=fingerprint()).order_by("fingerprint", "created_at"))


def _migrate_group(brands: list[Brand], report: Report, progress: Progress, total: int, workers: int) -> None:
    plan, script = _migrate_canary(brands, report)
    progress(f"fleet {report.done + len(report.failed)}/{total}")
    rest = [brand for brand in brands if brand.schema_name not in _seen(report, brands)]
    if plan is None:
        return
    if script is None:
        _run_for_each(rest, plan, report, progress, total)
    else:
        _replay_for_each(rest, script, report, progress, total, workers)


def _seen(report: Report, brands: list[Brand]) -> set[str]:
    failed = {schema for schema, _ in report.failed}
    return failed | {brand.schema_name for brand in brands if brand.fingerprint == fingerprint()}


def _migrate_canary(brands: list[Brand], report: Report) -> tuple[list[Migration] | None, str | None]:
    """The first brand that can be migrated: (its plan, the recorded SQL or None when each brand must run Python)."""
    connection = owner()
    for brand in brands:
        with _reported(brand, report), _one_brand(connection, brand):
            plan = plan_for(connection, brand.schema_name)
            script = migrate_recording(connection, brand.schema_name)
            _finish(connection, brand)
        if brand.fingerprint == fingerprint():
            return plan, script if is_pure(plan) else None
    return None, None


def _run_for_each(brands: list[Brand], plan: list[Migration], report: Report, progress: Progress, total: int) -> None:
    connection = owner()
    warm: WarmExecutor | None = None
    for brand in brands:
        with _reported(brand, report), _one_brand(connection, brand):
            _refuse_other_plan(connection, brand, plan)
            warm = warm or WarmExecutor(connection, brand.schema_name, plan)
            warm.apply(brand.schema_name)
            _finish(connection, brand)
        progress(f"fleet {report.done + len(report.failed)}/{total}")


def _refuse_other_plan(connection: Any, brand: Brand, plan: list[Migration]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {quoted(brand.schema_name)}.django_migrations")  # noqa: S608
        applied = set(cursor.fetchall())
    if any((migration.app_label, migration.name) in applied for migration in plan):
        raise LookupError("fingerprint_lies")


def _replay_for_each(
    brands: list[Brand], script: str, report: Report, progress: Progress, total: int, workers: int
) -> None:
    work: queue.SimpleQueue[Brand] = queue.SimpleQueue()
    for brand in brands:
        work.put(brand)

    def until_empty() -> None:
        connection = owner()
        try:
            while not work.empty():
                try:
                    brand = work.get_nowait()
                except queue.Empty:
                    return
                with _reported(brand, report), _one_brand(connection, brand):
                    with connection.cursor() as cursor:
                        cursor.execute(f"SET LOCAL search_path = {quoted(brand.schema_name)};\n{script}")
                    _finish(connection, brand)
                progress(f"fleet {report.done + len(report.failed)}/{total}")
        finally:
            connection.close()

    threads = [threading.Thread(target=until_empty) for _ in range(min(workers, len(brands)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def _reported(brand: Brand, report: Report) -> Iterator[None]:
    """Count a success, note a failure, and go on with the next brand either way."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  the others must go on, whatever it was
        first_line = str(error).strip().splitlines()[:1]
        report.failed.append((brand.schema_name, f"{type(error).__name__} {''.join(first_line)[:160]}"))
    else:
        brand.fingerprint = fingerprint()
        report.done += 1


@contextmanager
def _one_brand(connection: Any, brand: Brand) -> Iterator[None]:
    """One transaction, one brand, nobody else migrating it; gives up on a lock after three seconds."""
    with transaction.atomic(using=OWNER):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '3s'")
            cursor.execute(_LOCK, [brand.schema_name])
            if not cursor.fetchone()[0]:
                raise Busy("another process is migrating it")
            shut_all(cursor, brand.schema_name)
        yield


def _finish(connection: Any, brand: Brand) -> None:
    """Rights and triggers again, since tables may be new, and the new fingerprint; in the brand's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL search_path = {quoted(brand.schema_name)}")
        cursor.execute(dressing.brand_dress(schema=brand.schema_name, role=brand.role_name, brand_id=brand.id))
        cursor.execute(
            "UPDATE public.tenants_brand SET fingerprint = %s WHERE id = %s AND fingerprint = %s AND state <> %s"
            " RETURNING id",
            [fingerprint(), brand.id, brand.fingerprint, BrandState.GONE],
        )
        if cursor.fetchone() is None:
            raise Busy("it was migrated or dropped meanwhile")
