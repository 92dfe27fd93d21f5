"""Asking somebody in by mail. Each side invites its own, and nobody hands out more than they hold."""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.queries import has_hand_on, was_shown_the_door
from clients.people.rules import APPROVERS, Verb, end_verb, may_give
from clients.people.steps import HoldsMandate, changing_people, mail_invitation, require_mandate, unmail_invitation
from tenants import invitations
from tenants.errors import Missing, Refused
from tenants.models import Invitation, Person
from tenants.vocabulary import Role, Side
from tenants.walls.scope import durable, hub_scope


def invite_brand_person(*, actor: Actor, email: str, role: Role) -> UUID:
    """Ask somebody to join the brand's side. Returns the invitation's id.

    Raises Refused('not_allowed' | 'role_not_yours_to_give' | 'step_up_required' for whoever may approve), and what
    `tenants.invitations.write` raises.
    """
    require(actor, Verb.PEOPLE_INVITE_BRAND)
    _require_gift(actor, role)
    with durable(actor.brand):
        return _invite(actor, email, Side.BRAND, role, None)


def invite_agency_person(*, actor: Actor, email: str, role: Role, holds_mandate: HoldsMandate) -> UUID:
    """Ask somebody to work for this brand in the actor's own agency. Returns the invitation's id.

    Raises Refused('no_mandate') without a live mandate, Refused('ended_by_brand') for whom the brand has shown the door
    until it lets them return, and otherwise as `invite_brand_person`.
    """
    require(actor, Verb.PEOPLE_INVITE_AGENCY)
    _require_gift(actor, role)
    with durable(actor.brand):
        require_mandate(actor.brand, actor.agency_id, holds_mandate)
        _require_not_shown_the_door(email)
        return _invite(actor, email, Side.AGENCY, role, actor.agency_id)


def revoke_invitation(*, actor: Actor, invitation_id: UUID) -> None:
    """Close an invitation before it is used. Raises Refused('not_allowed'), Missing('invitation')."""
    with durable(actor.brand):
        with changing_people(actor):
            invitations.revoke(_own_invitation(actor, invitation_id), timezone.now())
        unmail_invitation(invitation_id)
        record(actor, "invitation_revoked", None, invitation=str(invitation_id))


def send_invitation_again(*, actor: Actor, invitation_id: UUID) -> None:
    """Another letter with another link; the one before opens nothing any more. Raises as `revoke_invitation`."""
    with durable(actor.brand):
        with changing_people(actor):
            _own_invitation(actor, invitation_id)
        mail_invitation(invitation_id)
        record(actor, "invitation_sent_again", None, invitation=str(invitation_id))


def _invite(actor: Actor, email: str, side: Side, role: Role, agency_id: UUID | None) -> UUID:
    assert actor.person_id is not None  # a role that may invite is a person's
    with changing_people(actor):
        made = invitations.write(
            email=email,
            brand_id=actor.brand.id,
            side=side,
            role=role,
            agency_id=agency_id,
            invited_by=actor.person_id,
            now=timezone.now(),
        )
    mail_invitation(made.pk)
    record(actor, "person_invited", None, invitation=str(made.pk), side=str(side), role=str(role))
    return made.pk


def _own_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    found = invitations.open_invitation(actor.brand.id, invitation_id, timezone.now())
    require(actor, end_verb(Side(found.side)))
    if not has_hand_on(actor, Role(found.role), found.agency_id):
        raise Missing("invitation")
    return found


def _require_not_shown_the_door(email: str) -> None:
    with hub_scope():
        known = Person.objects.filter(email=email.strip().lower()).values_list("pk", flat=True).first()
    if known is not None and was_shown_the_door(known):
        raise Refused("ended_by_brand", field="email")


def _require_gift(actor: Actor, role: Role) -> None:
    """Whose yes lets things out is not made by a session alone: whoever steals one must not be able to stay."""
    if not may_give(actor.role, role):
        raise Refused("role_not_yours_to_give", field="role")
    if role in APPROVERS:
        require_step_up(actor, timezone.now())
