"""Who stands where: one live membership per person and brand, read on every request, begun, changed and ended here.

These are the hub's rows. Whether somebody may touch them is decided one floor up (`clients.people.actions`), inside the
brand whose rows they are; here only what must hold whoever asks: one live row per person and brand, a role of the row's
own side, and never a brand without an owner. Writes need a transaction on the hub (`hub_scope`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from tenants.errors import Conflict, Invalid, Missing
from tenants.hub_log import note
from tenants.models import AgencyMember, Brand, Membership
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import BrandRef, current_brand, hub_scope

# Asked on every request, so by hand: the ORM took longer to write the statement than the server to answer it.
STANDING_COLUMNS = ("person_id", "name", "side", "role", "agency_id")
"""Of `brand_people`, in the order of `standing_from`."""
_STANDING = f"SELECT {', '.join(STANDING_COLUMNS)} FROM brand_people WHERE person_id = %s AND live"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's live membership in one brand, as much of it as a decision needs."""

    person_id: UUID
    name: str
    side: Side
    role: Role
    agency_id: UUID | None


def standing_of(person_id: UUID, brand: BrandRef) -> Standing | None:
    """The live membership of a person in `brand`, or None.

    Inside that brand's scope the brand's own window on its people answers; from anywhere else the hub does.
    """
    inside = current_brand()
    if inside is None:
        return _on_the_hub(person_id, brand)
    if inside.id == brand.id:
        with connection.cursor() as cursor:
            cursor.execute(_STANDING, [person_id])
            return standing_from(cursor.fetchone())
    with hub_scope():
        return _on_the_hub(person_id, brand)


def agency_role(agency_id: UUID, person_id: UUID) -> Role | None:
    """The role a person holds in an agency, whatever brands they work for."""
    found = AgencyMember.objects.filter(agency_id=agency_id, person_id=person_id, person__is_active=True)
    role = found.values_list("role", flat=True).first()
    return None if role is None else Role(role)


def lock_people(brand_id: UUID) -> None:
    """Let nobody else change this brand's people until the transaction ends.

    INVARIANT: taken before any membership or invitation is read for a change. Two owners who end each other at the same
    moment queue up here, and the second one is the last.
    """
    Brand.objects.select_for_update(no_key=True).only("id").get(pk=brand_id)


def live_membership(brand_id: UUID, person_id: UUID) -> Membership:
    """The row to change, after `lock_people`. Raises Missing('membership')."""
    found = Membership.objects.filter(brand_id=brand_id, person_id=person_id, ended_at=None).first()
    if found is None:
        raise Missing("membership")
    return found


def begin(
    *, person_id: UUID, brand_id: UUID, side: Side, role: Role, agency_id: UUID | None, now: datetime
) -> Membership:
    """Give a person a place in a brand. Raises Conflict('already_member') and Invalid as `check_shape` does."""
    check_shape(side, role, agency_id)
    try:
        with transaction.atomic():
            made = Membership.objects.create(
                person_id=person_id, brand_id=brand_id, side=side, role=role, agency_id=agency_id, created_at=now
            )
    except IntegrityError as clash:
        raise Conflict("already_member") from clash
    note("membership_begun", person_id=person_id, brand_id=brand_id, role=role)
    return made


def change_role(membership: Membership, role: Role) -> None:
    """Change the role within the side, after `lock_people`. Raises Conflict('last_owner')."""
    check_shape(Side(membership.side), role, membership.agency_id)
    if role is not Role.BRAND_OWNER:
        _keep_an_owner(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    note("role_changed", person_id=membership.person_id, brand_id=membership.brand_id, before=before, after=role)


def end(membership: Membership, now: datetime) -> None:
    """End a membership for good, after `lock_people`; coming back takes a new one. Raises Conflict('last_owner')."""
    _keep_an_owner(membership)
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    note("membership_ended", person_id=membership.person_id, brand_id=membership.brand_id, role=membership.role)


def end_agency(brand_id: UUID, agency_id: UUID, now: datetime) -> list[UUID]:
    """End everybody an agency has in a brand, after `lock_people`. Returns whose places ended."""
    ended = list(Membership.objects.filter(brand_id=brand_id, agency_id=agency_id, ended_at=None))
    for membership in ended:
        end(membership, now)
    return [membership.person_id for membership in ended]


def check_shape(side: Side, role: Role, agency_id: UUID | None) -> None:
    """Raises Invalid('role_of_other_side' | 'agency_needed'): a role of the side, an agency for the agency's side only."""
    if role not in ROLES_OF[side]:
        raise Invalid("role_of_other_side", field="role")
    if (side is Side.AGENCY) != (agency_id is not None):
        raise Invalid("agency_needed", field="agency")


def _keep_an_owner(membership: Membership) -> None:
    if membership.role != Role.BRAND_OWNER:
        return
    owners = Membership.objects.filter(brand_id=membership.brand_id, role=Role.BRAND_OWNER, ended_at=None)
    if not owners.exclude(pk=membership.pk).filter(person__is_active=True).exists():
        raise Conflict("last_owner")


def _on_the_hub(person_id: UUID, brand: BrandRef) -> Standing | None:
    found = Membership.objects.filter(brand_id=brand.id, person_id=person_id, ended_at=None, person__is_active=True)
    return standing_from(found.values_list("person_id", "person__name", "side", "role", "agency_id").first())


def standing_from(row: Sequence[Any] | None) -> Standing | None:
    """A live row of `brand_people` as `STANDING_COLUMNS` name it; None for none."""
    if row is None:
        return None
    person_id, name, side, role, agency_id = row
    return Standing(person_id, name, Side(side), Role(role), agency_id)
