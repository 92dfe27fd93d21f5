"""What holds now, what held then, and what is proposed.

INVARIANT: a charter leaves this module only after its grants were compared with the digest that the brand signed. Which
version is in force is read in every transaction; its grants, which cannot change, are kept in the process once verified.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from clients.autonomy.grant import ANY, NO_CHARTER, Charter, Grant, Hours
from clients.autonomy.levels import Level
from clients.autonomy.vocabulary import ActionKind, MandateState, Sensitivity
from clients.mandates.digest import charter_digest
from clients.mandates.models import CharterVersion, GrantRow, Mandate
from clients.mandates.rules import LIVE, CharterState, state_on
from clients.mandates.seal import is_genuine
from tenants.errors import Invalid, Missing, Refused
from tenants.walls.scope import BrandRef, required_brand

# The gate asks this three times an act, so by hand: the ORM took longer to write the statement than the server to answer it.
_BOND = """
    SELECT state, starts_on, ends_on,
           (SELECT id FROM mandates_charterversion WHERE mandate_id = mandate.id AND state = 'in_force' LIMIT 1),
           (SELECT charter_id FROM mandates_chartersignature WHERE mandate_id = mandate.id ORDER BY number DESC LIMIT 1)
    FROM mandates_mandate mandate WHERE agency_id = %s AND state = ANY(%s) ORDER BY created_at DESC, id DESC LIMIT 1
"""
_LIVE = [str(state) for state in LIVE]

MOST_KEPT = 4096
_kept: dict[tuple[UUID, UUID], Charter] = {}
"""Verified charters by (brand, version). A version's grants never change, so nothing here ever goes stale."""


@dataclass(frozen=True, slots=True)
class Bond:
    """What binds the brand and one agency at this moment: the state of the mandate, and the charter in force."""

    state: MandateState
    charter_id: UUID | None
    charter: Charter


NO_BOND = Bond(MandateState.NONE, None, NO_CHARTER)


def bond_with(agency_id: UUID, on: date | None = None) -> Bond:
    """What the gate asks: one query when the charter is already known here. `on`: a day in the brand's time, today if not given.

    Raises Refused('charter_altered') when what the rows say is not what the brand signed.
    """
    brand = required_brand()
    with connection.cursor() as cursor:
        cursor.execute(_BOND, [agency_id, _LIVE])
        row = cursor.fetchone()
    if row is None:
        return NO_BOND
    state, starts_on, ends_on, in_force, signed = row
    if in_force != signed:
        raise Refused("charter_altered", charter_id=str(in_force))
    effective = state_on(MandateState(state), starts_on, ends_on, on or _today(brand))
    return Bond(effective, in_force, charter_version(in_force) if in_force else NO_CHARTER)


def mandate_in_force(agency_id: UUID | None = None) -> Mandate | None:
    """The live mandate with an agency, or the only live one. Invalid('agency_needed') where there are several."""
    found = list(live_mandates().filter(**({"agency_id": agency_id} if agency_id else {}))[:2])
    if len(found) > 1:
        raise Invalid("agency_needed", "agency")
    return found[0] if found else None


def charter_in_force(agency_id: UUID | None = None) -> Charter | None:
    """The verified charter in force, or None. Raises Refused('charter_altered') as `bond_with` does."""
    mandate = mandate_in_force(agency_id)
    bond = bond_with(mandate.agency_id) if mandate else NO_BOND
    return bond.charter if bond.charter_id else None


def charter_version(charter_id: UUID) -> Charter:
    """One signed version for ever, as a receipt names it. Missing('charter'), Refused('charter_altered')."""
    key = (required_brand().id, charter_id)
    known = _kept.get(key)
    if known is None:
        known = _verified(charter_id)
        if len(_kept) >= MOST_KEPT:
            forget()
        _kept[key] = known
    return known


def forget() -> None:
    """Verify every charter again at its next use, as a process does that has just started."""
    _kept.clear()


def charter_as_written(version: CharterVersion) -> Charter:
    """What a version says, signed or not: for reading and comparing, never for deciding."""
    return Charter(version.number, _grants_of(version.pk), version.digest)


def live_mandates() -> QuerySet[Mandate]:
    return Mandate.objects.filter(state__in=LIVE)


def mandates_of_brand() -> QuerySet[Mandate]:
    """All of them, the newest first, ended ones included."""
    return Mandate.objects.all()


def version_in_force(mandate: Mandate) -> CharterVersion | None:
    return CharterVersion.objects.filter(mandate=mandate, state=CharterState.IN_FORCE).first()


def proposals(mandate: Mandate) -> QuerySet[CharterVersion]:
    """What waits for the owner, the newest first. One whose base is no longer in force can only be declined."""
    return CharterVersion.objects.filter(mandate=mandate, state=CharterState.PROPOSED).select_related("base")


def history(mandate: Mandate) -> QuerySet[CharterVersion]:
    """Every version, the newest first, each with its signature if it has one."""
    return CharterVersion.objects.filter(mandate=mandate).select_related("signature", "base")


def _verified(charter_id: UUID) -> Charter:
    version = CharterVersion.objects.select_related("signature").filter(pk=charter_id).first()
    signature = getattr(version, "signature", None)
    if version is None or signature is None:
        raise Missing("charter")
    grants = _grants_of(charter_id)
    digest = charter_digest(required_brand().id, signature.mandate_id, signature.number, grants)
    if signature.digest != digest or version.number != signature.number or not is_genuine(signature):
        raise Refused("charter_altered", charter_id=str(charter_id))
    return Charter(signature.number, grants, digest)


def _grants_of(charter_id: UUID) -> tuple[Grant, ...]:
    rows = GrantRow.objects.filter(charter=charter_id)
    return tuple(sorted((_grant(row) for row in rows), key=lambda g: g.key))


def _grant(row: GrantRow) -> Grant:
    hours = None
    if row.hours_start is not None and row.hours_end is not None:
        hours = Hours(row.hours_start, row.hours_end, frozenset(int(day) for day in row.weekdays))
    return Grant(
        channel=str(row.channel_id) if row.channel_id else ANY,
        kind=ActionKind(row.kind) if row.kind else ANY,
        sensitivity=Sensitivity(row.sensitivity),
        level=Level(row.level),
        hours=hours,
        daily_cap=row.daily_cap,
        until=row.until,
    )


def _today(brand: BrandRef) -> date:
    return timezone.now().astimezone(ZoneInfo(brand.time_zone)).date()
