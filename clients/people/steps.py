"""What several actions do inside their open transaction: take the lock on a brand's people, and clear an agency out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.outbox.actions import cancel, enqueue
from clients.people.actor import Actor
from tenants import invitations, memberships
from tenants.errors import Refused
from tenants.walls.scope import BrandRef, hub_scope

INVITATION_MAIL = "people.invitation_mail"
"""Kind of the outbox row that mails one invitation; payload {"invitation": "<id>"}. Its handler calls `write_letter`."""

HoldsMandate = Callable[[UUID], bool]
"""Whether an agency has a live mandate in the brand whose scope is open. Mandates are a floor above, so it is passed in."""


@contextmanager
def changing_people(actor: Actor) -> Iterator[None]:
    """On the hub, with the brand's people locked, after making sure that the actor still stands where they stood.

    INVARIANT: without the second look, somebody who is being ended could leave an invitation behind for themselves.
    Raises Refused('not_allowed').
    """
    with hub_scope():
        memberships.lock_people(actor.brand.id)
        standing = memberships.standing_of(actor.person_id, actor.brand) if actor.person_id else None
        if standing is None or (standing.role, standing.agency_id) != (actor.role, actor.agency_id):
            raise Refused("not_allowed")
        yield


def require_mandate(brand: BrandRef, agency_id: UUID | None, holds_mandate: HoldsMandate) -> None:
    """Raises Refused('no_mandate') unless the agency has a live mandate.

    INVARIANT: asked with the brand's people locked, so the end of a mandate (`end_agency_people`) either finds the newcomer
    or is found by them.
    """
    with hub_scope():
        memberships.lock_people(brand.id)
    if agency_id is None or not holds_mandate(agency_id):
        raise Refused("no_mandate")


def end_agency_people(actor: Actor, agency_id: UUID) -> list[UUID]:
    """The end of a mandate is the end of its people's places and open invitations. In the caller's transaction.

    The caller has checked the right to end the mandate. Returns whose places ended.
    """
    now = timezone.now()
    with hub_scope():
        memberships.lock_people(actor.brand.id)
        invitations.revoke_of_agency(actor.brand.id, agency_id, now)
        ended = memberships.end_agency(actor.brand.id, agency_id, now)
    for person_id in ended:
        record(actor, "membership_ended", None, person=str(person_id), agency=str(agency_id), because="mandate_ended")
    return ended


def write_letter(brand: BrandRef, invitation_id: UUID) -> invitations.Letter | None:
    """For the handler of `INVITATION_MAIL`: the letter with its fresh token, or None when nobody is invited any more."""
    with hub_scope():
        return invitations.write_letter(brand.id, invitation_id, timezone.now())


def mail_invitation(invitation_id: UUID) -> None:
    """Ask for the mail. Asking again sends another letter, and the one before opens nothing any more."""
    enqueue(INVITATION_MAIL, {"invitation": str(invitation_id)}, key=str(invitation_id))


def unmail_invitation(invitation_id: UUID) -> None:
    cancel(INVITATION_MAIL, key=str(invitation_id))
