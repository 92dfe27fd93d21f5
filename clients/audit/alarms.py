"""What is wrong with a brand's log, in words of code: lines that wait too long, faults found, and guards that do not stand.

The owner of the database can switch a trigger off, exchange its function or give a right away. Nothing in the database can keep
them from it; so it is looked at, and told to those whose log it is.
"""

from typing import Any, NamedTuple

from django.db import connection

from tenants.dressing import REDACTION, append_only_tables, log_functions, log_triggers, redactable_tables
from tenants.fingerprint import fingerprint
from tenants.models import Brand, LogHead
from tenants.vocabulary import BrandState
from tenants.walls.scope import BrandRef, hub_scope

LATE = 5
"""Seconds: a line that waits longer while nothing is sealed."""

_WAITING = """
    SELECT extract(epoch FROM clock_timestamp() - GREATEST(min(queued_at), (
        SELECT sealed_at FROM tenants_loghead WHERE brand_id = %(brand)s)))::int
    FROM tenants_unsealed WHERE brand_id = %(brand)s HAVING count(*) > 0"""
_STANDING = """
    SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = %s::regnamespace AND t.tgenabled = 'A' AND NOT t.tgisinternal"""
_STANDING_EVERYWHERE = """
    SELECT n.nspname, count(*)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE t.tgenabled = 'A' AND (starts_with(t.tgname, 'log_') OR t.tgname IN ('append_only', 'redaction', 'redaction_only'))
    AND starts_with(n.nspname, 'b_')
    GROUP BY 1"""
_BODIES = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = %s::regnamespace AND proname = ANY(%s)"
_RIGHTS = """
    SELECT relname FROM pg_class WHERE relnamespace = %(schema)s::regnamespace AND relname = ANY(%(tables)s)
    AND (has_table_privilege(%(role)s, oid, 'UPDATE') OR has_table_privilege(%(role)s, oid, 'DELETE'))"""


class Alarm(NamedTuple):
    """`code`: late, fault, trigger, function, right. `detail` names what, for people who operate; never content."""

    code: str
    detail: str


def alarms_of(brand: BrandRef) -> list[Alarm]:
    """All that is wrong now; empty while all is well."""
    with hub_scope():
        fault = LogHead.objects.filter(pk=brand.id).exclude(fault="").values_list("fault", flat=True).first()
        late = waiting_seconds(brand)
        found = [Alarm("late", f"{late} s")] if late > LATE else []
        found += [Alarm("fault", fault)] if fault else []
        return found + _guards(brand)


def waiting_seconds(brand: BrandRef) -> int:
    """How long the oldest line has waited without anything of this brand being sealed; 0 when nothing waits."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"brand": brand.id})
        found = cursor.fetchone()
        return max(found[0], 0) if found else 0


def brands_without_guard() -> list[BrandRef]:
    """Brands of the present release with a trigger missing or off: one question for all of them."""
    wanted = len(log_triggers()) + len(append_only_tables()) + len(redactable_tables()) * len(REDACTION)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING_EVERYWHERE)
        standing = dict(cursor.fetchall())
    brands = Brand.objects.filter(fingerprint=fingerprint()).exclude(
        state__in=[BrandState.GONE, BrandState.PROVISIONING]
    )
    return [brand.ref() for brand in brands if standing.get(brand.schema_name, 0) < wanted]


def _guards(brand: BrandRef) -> list[Alarm]:
    wanted = {(each.table, each.name) for each in log_triggers()}
    wanted |= {(table, "append_only") for table in append_only_tables()}
    wanted |= {(table, name) for table in redactable_tables() for name in REDACTION}
    bodies = log_functions(schema=brand.schema_name, brand_id=brand.id)
    named: dict[str, Any] = {"schema": brand.schema_name, "role": brand.role_name, "tables": append_only_tables()}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [brand.schema_name])
        off = wanted - set(cursor.fetchall())
        cursor.execute(_BODIES, [brand.schema_name, list(bodies)])
        changed = set(bodies.items()) - set(cursor.fetchall())
        cursor.execute(_RIGHTS, named)
        rights = [name for (name,) in cursor.fetchall()]
    found = [Alarm("trigger", f"{table}.{name}") for table, name in sorted(off)]
    found += [Alarm("function", name) for name, _ in sorted(changed)]
    return found + [Alarm("right", table) for table in sorted(rights)]
