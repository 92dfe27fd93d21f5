"""Who stands where: one live membership per person and brand, read on every request, begun, changed and ended here.

These are the hub's rows. Whether somebody may touch them is decided one floor up (`clients.people.actions`), inside the
brand whose rows they are; here only what must hold whoever asks: one live row per person and brand, a role of the row's
own side, and never a brand without an owner.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from tenants.errors import Conflict, Invalid, Missing
from tenants.models import AgencyMember, Brand, BrandPerson, Membership
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import BrandRef, current_brand, hub_scope


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
    if inside is not None and inside.id == brand.id:
        found = BrandPerson.objects.filter(person_id=person_id, live=True)
        return _standing(found.values_list("person_id", "name", "side", "role", "agency_id").first())
    if inside is not None:
        with hub_scope():
            return _on_the_hub(person_id, brand)
    return _on_the_hub(person_id, brand)


def begin(
    *, person_id: UUID, brand_id: UUID, side: Side, role: Role, agency_id: UUID | None, now: datetime
) -> Membership:
    """Give a person a place in a brand. Raises Conflict('already_member'), Invalid('role_of_other_side'|'agency_needed')."""
    check_shape(side, role, agency_id)
    try:
        with transaction.atomic():
            return Membership.objects.create(
                person_id=person_id, brand_id=brand_id, side=side, role=role, agency_id=agency_id, created_at=now
            )
    except IntegrityError as clash:
        raise Conflict("already_member") from clash


def change_role(membership: Membership, role: Role) -> None:
    """Change the role within the side. Call with the row locked (`lock`)."""
    check_shape(Side(membership.side), role, membership.agency_id)
    if membership.role == Role.BRAND_OWNER and role is not Role.BRAND_OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])


def end(membership: Membership, now: datetime) -> None:
    """End a membership for good; coming back takes a new invitation. Call with the row locked (`lock`)."""
    if membership.role == Role.BRAND_OWNER:
        _keep_an_owner(membership)
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])


def lock(brand_id: UUID, person_id: UUID) -> Membership:
    """The person's live membership, locked until the transaction ends. Raises Missing('membership').

    INVARIANT: the brand's row is locked first, so two owners who end each other at the same moment queue up and the
    second one is the last.
    """
    Brand.objects.select_for_update(no_key=True).only("id").get(pk=brand_id)
    found = Membership.objects.select_for_update().filter(brand_id=brand_id, person_id=person_id, ended_at=None).first()
    if found is None:
        raise Missing("membership")
    return found


def agency_role(agency_id: UUID, person_id: UUID) -> Role | None:
    """The role a person holds in an agency, whatever brands they work for."""
    role = AgencyMember.objects.filter(agency_id=agency_id, person_id=person_id).values_list("role", flat=True).first()
    return None if role is None else Role(role)


def check_shape(side: Side, role: Role, agency_id: UUID | None) -> None:
    """Raises Invalid unless the role is of the side and an agency is named exactly for the agency's side."""
    if role not in ROLES_OF[side]:
        raise Invalid("role_of_other_side", field="role")
    if (side is Side.AGENCY) != (agency_id is not None):
        raise Invalid("agency_needed", field="agency")


def _keep_an_owner(membership: Membership) -> None:
    others = Membership.objects.filter(brand_id=membership.brand_id, role=Role.BRAND_OWNER, ended_at=None)
    if not others.exclude(pk=membership.pk).filter(person__is_active=True).exists():
        raise Conflict("last_owner")


def _on_the_hub(person_id: UUID, brand: BrandRef) -> Standing | None:
    found = Membership.objects.filter(brand_id=brand.id, person_id=person_id, ended_at=None, person__is_active=True)
    return _standing(found.values_list("person_id", "person__name", "side", "role", "agency_id").first())


def _standing(row: tuple[UUID, str, str, str, UUID | None] | None) -> Standing | None:
    if row is None:
        return None
    person_id, name, side, role, agency_id = row
    return Standing(person_id, name, Side(side), Role(role), agency_id)
