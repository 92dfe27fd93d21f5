"""Coming in: by the link of a letter, or, for somebody of an agency under mandate, by assignment.

The two entry points of a letter have no actor yet: whoever comes in is nobody in this brand until they have. What they
carry instead is the token, which only the mailbox it was sent to has seen.
"""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.people.access import actor_for
from clients.people.actor import Actor
from clients.people.names import LONGEST, what_is_wrong_with
from clients.people.queries import was_shown_the_door
from clients.people.rules import may_give
from clients.people.steps import HoldsMandate, require_mandate
from tenants import invitations, memberships
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.hub_log import note
from tenants.invitations import Card
from tenants.models import Person
from tenants.queries import serving_brand
from tenants.vocabulary import Role, Side
from tenants.walls.scope import BrandRef, durable, hub_scope


def accept_invitation(
    *, person: Person, token: str, via: EntryPoint, holds_mandate: HoldsMandate, request_id: str = ""
) -> Actor:
    """Come in as somebody who has signed in with the invited address. Returns who they now are in the brand.

    Raises what `tenants.invitations.accept` raises, Missing('brand') for a brand that is not served, Refused('no_mandate')
    when the agency's mandate has ended since, Refused('ended_by_brand') for an agency's person whom the brand has shown
    the door.
    """
    return _come_in(lambda _: person, token, via, holds_mandate, request_id)


def accept_as_new_person(
    *,
    token: str,
    name: str,
    password: str,
    language: str,
    via: EntryPoint,
    holds_mandate: HoldsMandate,
    request_id: str = "",
) -> Actor:
    """Come in as somebody without an account: the invited address becomes theirs, with this password.

    Raises as `accept_invitation`, and Invalid('name_empty' | 'name_no_name' | 'password_weak'), Conflict('person_exists') when
    the address has an account already (its owner signs in instead).
    """
    if wrong := what_is_wrong_with(name):
        raise Invalid(wrong, field="name")

    def made(card: Card) -> Person:
        return _new_person(card.email, name.strip()[:LONGEST], password, language)

    return _come_in(made, token, via, holds_mandate, request_id)


def assign_agency_person(
    *,
    by: Person,
    brand: BrandRef,
    agency_id: UUID,
    person_id: UUID,
    role: Role,
    via: EntryPoint,
    holds_mandate: HoldsMandate,
    request_id: str = "",
) -> Actor:
    """Give somebody of an agency a place in a brand it works for. Returns who acted, for what follows.

    `by` need not have a place in the brand yet: as owner or manager of the agency they staff it, themselves included.
    Raises Refused('no_mandate'), Refused('not_allowed' | 'role_not_yours_to_give'), Missing('person') for somebody who is
    not of the agency, Conflict('already_member'), Refused('ended_by_brand') for whom the brand has shown the door.
    """
    with durable(brand):
        require_mandate(brand, agency_id, holds_mandate)
        shown_the_door = was_shown_the_door(person_id)
        with hub_scope():
            actor = _staffing(by, brand, agency_id, via, request_id)
            if not may_give(actor.role, role):
                raise Refused("role_not_yours_to_give", field="role")
            if memberships.agency_role(agency_id, person_id) is None:
                raise Missing("person")
            if shown_the_door:
                raise Refused("ended_by_brand", field="person")
            memberships.begin(
                person_id=person_id,
                brand_id=brand.id,
                side=Side.AGENCY,
                role=role,
                agency_id=agency_id,
                now=timezone.now(),
            )
        record(actor, "person_assigned", None, person=str(person_id), role=str(role), agency=str(agency_id))
    return actor


def _come_in(
    who: Callable[[Card], Person], token: str, via: EntryPoint, holds_mandate: HoldsMandate, request_id: str
) -> Actor:
    card = invitations.card_of(token, timezone.now())
    brand = serving_brand(card.brand.id)
    with durable(brand):
        if card.side is Side.AGENCY:
            require_mandate(brand, card.agency_id, holds_mandate)
        with hub_scope():
            memberships.lock_people(brand.id)
            person = who(card)
            invitations.accept(brand.id, token, person, timezone.now())
        if card.side is Side.AGENCY and was_shown_the_door(person.pk):
            # Asked here, whoever wrote the letter and whenever: nothing of the coming in above stays.
            raise Refused("ended_by_brand")
        actor = actor_for(person, brand, via, request_id=request_id)
        record(actor, "invitation_accepted", None, invitation=str(card.id), person=str(person.pk))
    return actor


def _staffing(by: Person, brand: BrandRef, agency_id: UUID, via: EntryPoint, request_id: str) -> Actor:
    """Who staffs: a value for this one act and its line in the log, never a door to anything else in the brand."""
    role = memberships.agency_role(agency_id, by.pk)
    if role not in {Role.AGENCY_OWNER, Role.AGENCY_MANAGER}:
        raise Refused("not_allowed")
    return Actor(brand, by.pk, by.name, Side.AGENCY, role, via, request_id=request_id, agency_id=agency_id)


def _new_person(email: str, name: str, password: str, language: str) -> Person:
    person = Person(email=email, name=name, language=language)
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise Invalid("password_weak", field="password", problems=[one.code for one in weak.error_list]) from weak
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as clash:
        raise Conflict("person_exists", field="email") from clash
    note("person_made", person_id=person.pk, by="invitation")
    return person
