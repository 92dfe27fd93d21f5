"""A table of contacts, in three acts: read and shown; written by a press; undone by another.

An undo puts back exactly what stood before, line by line, unless somebody has changed it since: then it leaves it, and says so.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.community.models import Member
from clients.crm.access import access_contact_import, access_system, system_to_bring
from clients.crm.models import Clash, ContactImport, ImportedRow, System
from clients.crm.planning import Row, plan
from clients.crm.rules import Outcome, policy_of
from clients.crm.steps.applying import WRITES, apply
from clients.crm.steps.snapshots import Snapshot, forget_traces, is_in_use, put_back, snapshots
from clients.crm.tables import read_table, said_in
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Refused
from tenants.walls.scope import durable

KEPT_FOR = timedelta(days=90)
"""So long an import can be undone; then what it has kept for that goes."""
BACK, CHANGED, USED, GONE = "back", "changed", "used", "gone"


def read_contacts(actor: Actor, *, system_id: UUID, data: bytes, name: str) -> ContactImport:
    """Keep a table to be looked at; nothing is written of it yet. Raises Invalid('table_...', 'file'), Missing('system')."""
    require(actor, Verb.CRM_SET)
    rows = read_table(data)
    with durable(actor.brand):
        system = access_system(actor, system_id)
        found = ContactImport.objects.create(
            system=system,
            digest=hashlib.sha256(data).hexdigest(),
            name=name[:200],
            rows=rows,
            author_id=actor.somebody,
            author_name=actor.name,
        )
        record(actor, "crm.import_read", found, digest=found.digest, rows=len(rows))
    return found


def preview_import(found: ContactImport, *, lock: bool = False) -> list[Row]:
    """Line by line what would become of it, from what stands here now; the numbers are those of the table. Writes nothing."""
    policy = policy_of(found.system.fields)
    rows = plan(found.system, [said_in(policy, line) for line in found.rows], lock=lock)
    for row, line in zip(rows, found.rows, strict=True):
        row.number = int(line["number"])
    return rows


def confirm_contacts(actor: Actor, *, import_id: UUID) -> dict[str, int]:
    """Write every line in which nothing is wrong; how many of each outcome. They stand or fall together.

    Raises Missing('import' | 'system'), Conflict('import_confirmed'), Invalid('import_nothing').
    """
    require(actor, Verb.CRM_SET)
    with durable(actor.brand):
        found = access_contact_import(actor, import_id, lock=True)
        if found.confirmed_at is not None:
            raise Conflict("import_confirmed")
        system = system_to_bring(actor, found.system_id)
        rows = preview_import(found, lock=True)
        counts = Counter(str(row.outcome) for row in rows)
        if counts.keys() <= {str(Outcome.INVALID), str(Outcome.ERASED)}:
            raise Invalid("import_nothing")
        before = snapshots(system, [row.member.pk for row in rows if row.member])
        apply(actor, system, rows, of_import=found.pk)
        _keep(found, system, rows, before)
        found.confirmed_at, found.counts = timezone.now(), dict(counts)
        found.save(update_fields=("confirmed_at", "counts"))
        record(actor, "crm.import_confirmed", found, counts=dict(counts))
    return dict(counts)


def undo_contacts(actor: Actor, *, import_id: UUID) -> dict[str, int]:
    """Put back what stood before: how many lines are `back`, and how many were left because `changed`, `used` or `gone` since.

    Raises Missing('import'), Conflict('import_not_confirmed' | 'import_undone' | 'import_too_old').
    """
    require(actor, Verb.CRM_SET)
    with durable(actor.brand):
        found = access_contact_import(actor, import_id, lock=True)
        if found.confirmed_at is None:
            raise Conflict("import_not_confirmed")
        if found.undone_at is not None:
            raise Conflict("import_undone")
        if timezone.now() - found.confirmed_at > KEPT_FOR:
            raise Conflict("import_too_old")
        system = system_to_bring(actor, found.system_id)
        counts = _undone(system, list(found.written.select_for_update().order_by("number")))
        Clash.objects.filter(of_import=found.pk, decided_at=None).delete()
        found.undone_at = timezone.now()
        found.counts |= {f"undo_{what}": n for what, n in counts.items()}
        found.save(update_fields=("undone_at", "counts"))
        record(actor, "crm.import_undone", found, counts=dict(counts))
    return dict(counts)


def empty_imports(actor: Actor) -> int:
    """For a worker, once a day: tables that can no longer be undone lose their cells. Raises Refused('not_allowed')."""
    if actor.side is not None:
        raise Refused("not_allowed")
    with durable(actor.brand):
        old = ContactImport.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).exclude(rows=[], name="")
        ids = list(old.values_list("pk", flat=True))
        ImportedRow.objects.filter(of__in=ids).delete()
        emptied = ContactImport.objects.filter(pk__in=ids).update(rows=[], name="")
        if emptied:
            record(actor, "crm.imports_emptied", None, imports=emptied)
    return emptied


def _keep(found: ContactImport, system: System, rows: Sequence[Row], before: dict[UUID, Snapshot]) -> None:
    written = [r for r in rows if r.member and r.contact and (r.outcome in WRITES or r.outcome is Outcome.ASKED)]
    after = snapshots(system, [row.member.pk for row in written if row.member])
    ImportedRow.objects.bulk_create(
        ImportedRow(
            of=found, number=row.number, contact=row.contact.pk, member=row.member.pk,
            made=row.outcome is Outcome.MADE, before=before.get(row.member.pk, {}), after=after[row.member.pk],
        )
        for row in written
        if row.member and row.contact
    )  # fmt: skip


def _undone(system: System, rows: list[ImportedRow]) -> Counter[str]:
    members = {one.pk: one for one in Member.objects.select_for_update().filter(pk__in=[r.member for r in rows])}
    now = snapshots(system, members)
    for row in rows:
        row.undone = _undo(system, row, members.get(row.member), now.get(row.member))
    ImportedRow.objects.bulk_update(rows, ("undone",))
    return Counter(row.undone for row in rows)


def _undo(system: System, row: ImportedRow, member: Member | None, now: Snapshot | None) -> str:
    if member is None or now is None:
        return GONE
    if now != row.after:
        return CHANGED
    if not row.made:
        put_back(system, row.contact, member, row.before)
        return BACK
    if is_in_use(member.pk, system):
        return USED
    forget_traces(system, [now["contact"]])
    member.handles.all().delete()
    member.delete()
    return BACK
