"""The people of the brand one is in, and who has been asked to join them. Inside the brand's scope."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from clients.audit.models import Entry
from clients.people.actor import Actor
from clients.people.rules import may_end
from tenants import invitations
from tenants.errors import Missing
from tenants.models import BrandPerson, Invitation
from tenants.vocabulary import Role, Side
from tenants.walls.scope import hub_scope


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """One invitation that waits, as the page of people shows it."""

    id: UUID
    email: str
    side: Side
    role: Role
    agency_id: UUID | None
    agency_name: str
    invited_by_name: str
    created_at: datetime
    expires_at: datetime


def people_of_brand() -> QuerySet[BrandPerson]:
    """Everybody with a live membership, the brand's own people first."""
    return BrandPerson.objects.filter(live=True).order_by("-side", "name", "person_id")


def person_here(person_id: UUID | None) -> BrandPerson:
    """Somebody with a live membership. Raises Missing('person')."""
    found = BrandPerson.objects.filter(live=True, person_id=person_id).first() if person_id else None
    if found is None:
        raise Missing("person")
    return found


def language_of(person_id: UUID | None) -> str:
    """In which a person of the brand reads; '' for somebody who has no place here."""
    if person_id is None:
        return ""
    return BrandPerson.objects.filter(person_id=person_id).values_list("language", flat=True).first() or ""


def people_of_side(side: Side) -> QuerySet[BrandPerson]:
    return people_of_brand().filter(side=side)


def former_people() -> QuerySet[BrandPerson]:
    """Who once had a place here and has none now."""
    return BrandPerson.objects.filter(live=False).order_by("name", "person_id")


def was_shown_the_door(person_id: UUID) -> bool:
    """Whether somebody of the brand's side ended this person's last place here, and not merely with the mandate of all.

    It holds until the brand itself lets them return.
    """
    return _is_a_door_shown(_doors().filter(facts__person=str(person_id)).last())


def people_shown_the_door() -> list[BrandPerson]:
    """Whom an agency may not bring back before the brand says so. Two queries, however many there are."""
    last = {entry.facts.get("person"): entry for entry in _doors()}
    gone = [person for person, entry in last.items() if _is_a_door_shown(entry)]
    return list(former_people().filter(person_id__in=gone)) if gone else []


def _doors() -> QuerySet[Entry]:
    """Ends of places that concerned one person, and what took such an end back; oldest first."""
    said = Entry.objects.filter(verb__in=("membership_ended", "person_may_return"))
    return said.exclude(facts__has_key="because").order_by("at", "id")


def _is_a_door_shown(entry: Entry | None) -> bool:
    return entry is not None and entry.verb == "membership_ended" and entry.side == Side.BRAND


def invitations_waiting(actor: Actor, now: datetime) -> list[OpenInvitation]:
    """What `actor` may revoke or send again: the open invitations of their side, for an agency only its own."""
    with hub_scope():
        rows = invitations.invitations_open(actor.brand.id, now).select_related("agency", "invited_by")
        return [_waiting(row) for row in rows if has_hand_on(actor, Role(row.role), row.agency_id)]


def has_hand_on(actor: Actor, role: Role, agency_id: UUID | None) -> bool:
    """Whether `actor` may take back a place or an invitation in `role`: an agency only touches its own."""
    return may_end(actor.role, role) and (actor.is_brand or actor.agency_id == agency_id)


def _waiting(row: Invitation) -> OpenInvitation:
    return OpenInvitation(
        id=row.pk,
        email=row.email,
        side=Side(row.side),
        role=Role(row.role),
        agency_id=row.agency_id,
        agency_name=row.agency.name if row.agency else "",
        invited_by_name=row.invited_by.name,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
