"""Actors for the tests of people: a member of a brand in some role, freshly proved unless said otherwise."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.outbox.models import OutboxRow
from clients.people.access import actor_for
from clients.people.actor import Actor
from clients.people.steps import INVITATION_MAIL, write_letter
from tenants.models import Agency, Membership, Person
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.conftest import make_member


def acting(
    brand: BrandRef, role: Role, person: Person | None = None, agency: Agency | None = None, *, stepped_up: bool = True
) -> Actor:
    """A new live member of `brand` in `role`, as an actor."""
    return again(make_member(brand, role, person, agency).person, brand, stepped_up=stepped_up)


def again(person: Person, brand: BrandRef, *, stepped_up: bool = True) -> Actor:
    """Somebody who is a member already, as they stand now."""
    proved = timezone.now() - timedelta(minutes=1) if stepped_up else None
    return actor_for(person, brand, EntryPoint.PAGE, stepped_up_at=proved)


def holds(agency_id: UUID) -> bool:
    """A mandate for everybody."""
    return True


def holds_none(agency_id: UUID) -> bool:
    """A mandate for nobody."""
    return False


def token_of(brand: BrandRef, invitation_id: UUID) -> str:
    """What the invited mailbox would receive now."""
    letter = write_letter(brand, invitation_id)
    assert letter is not None
    return letter.token


def live(brand: BrandRef) -> dict[UUID, str]:
    """Who stands where in `brand`."""
    return dict(Membership.objects.filter(brand_id=brand.id, ended_at=None).values_list("person_id", "role"))


def said(brand: BrandRef) -> list[str]:
    """The verbs of the brand's log, in order."""
    with brand_scope(brand):
        return list(Entry.objects.order_by("at", "id").values_list("verb", flat=True))


def mails_waiting(brand: BrandRef) -> int:
    with brand_scope(brand):
        return OutboxRow.objects.filter(kind=INVITATION_MAIL, done_at=None).count()
