"""Organisations as a system brings them: each by its own id there, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.crm.access import system_to_bring
from clients.crm.models import Organisation, System
from clients.crm.rules import LONGEST, MOST_AT_ONCE, Outcome, checked_words
from clients.crm.steps.copies import raise_copies
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid
from tenants.walls.scope import durable


@dataclass(frozen=True, slots=True)
class SaidOrganisation:
    """What a system says of one organisation."""

    external_id: str
    name: str
    website: str = ""


@dataclass(slots=True)
class Brought:
    """What became of one: `code` and `field` where it was wrong."""

    external_id: str
    outcome: Outcome
    organisation: Organisation | None = None
    code: str = ""
    field: str = ""


def bring_organisations(actor: Actor, *, system_id: UUID, rows: Sequence[SaidOrganisation]) -> list[Brought]:
    """Raises Refused('not_allowed'), Missing('system'), Invalid('nothing_brought' | 'too_many_rows', 'rows')."""
    require(actor, Verb.CRM_WRITE)
    if not rows:
        raise Invalid("nothing_brought", "rows")
    if len(rows) > MOST_AT_ONCE:
        raise Invalid("too_many_rows", "rows", most=MOST_AT_ONCE)
    with durable(actor.brand):
        system = system_to_bring(actor, system_id)
        found = _written(actor, system, rows)
        record(actor, "crm.organisations", system, rows=len(rows), made=sum(b.outcome is Outcome.MADE for b in found))
    return found


def _written(actor: Actor, system: System, rows: Sequence[SaidOrganisation]) -> list[Brought]:
    ids = [row.external_id.strip() for row in rows]
    known = {o.external_id: o for o in Organisation.objects.filter(system=system, external_id__in=ids)}
    seen: set[str] = set()
    found = [_one(system, row, known, seen) for row in rows]
    made = [b.organisation for b in found if b.outcome is Outcome.MADE and b.organisation]
    moved = [b.organisation for b in found if b.outcome is Outcome.CHANGED and b.organisation]
    Organisation.objects.bulk_create(made)
    if moved:
        Organisation.objects.bulk_update(moved, ("name", "website", "seen_at"))
        raise_copies(actor, moved, system.brings)
    return found


def _one(system: System, row: SaidOrganisation, known: dict[str, Organisation], seen: set[str]) -> Brought:
    try:
        external = checked_words(row.external_id, "external_id", LONGEST["external"])
        name = " ".join(checked_words(row.name, "name", LONGEST["name"]).split())
        website = checked_words(row.website, "website", LONGEST["website"], needed=False)
        if external in seen:
            raise Invalid("twice_here", "external_id")
    except Invalid as wrong:
        return Brought(row.external_id[:120], Outcome.INVALID, code=wrong.code, field=wrong.field or "")
    seen.add(external)
    one = known.get(external)
    if one is None:
        one = Organisation(system=system, external_id=external, info_class=system.brings, owner_side="brand")
        one.name, one.website = name, website
        return Brought(external, Outcome.MADE, one)
    if (one.name, one.website) == (name, website):
        return Brought(external, Outcome.SAME, one)
    one.name, one.website, one.seen_at = name, website, timezone.now()
    return Brought(external, Outcome.CHANGED, one)
