"""Another role, or none. Bites on the person's next request: who they are is read each time.

It presses the brake: once it has committed, nothing leaves by a right that the person held before.
"""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.outbox.brake import press
from clients.people.access import require, require_side, require_step_up
from clients.people.actor import Actor
from clients.people.queries import has_hand_on, was_shown_the_door
from clients.people.rules import APPROVERS, MAY_GIVE, Verb, end_verb, invite_verb, may_give
from clients.people.steps import changing_people
from tenants import invitations, memberships
from tenants.errors import Missing, Refused
from tenants.models import Membership
from tenants.vocabulary import Role, Side
from tenants.walls.scope import durable


def change_role(*, actor: Actor, person_id: UUID, role: Role) -> None:
    """Give a member another role of their side.

    Raises Refused('not_allowed' | 'role_not_yours_to_give' | 'step_up_required' where an approver is made or an owner unmade),
    Missing('membership'), Invalid('role_of_other_side'), Conflict('last_owner').
    """
    now = timezone.now()
    with durable(actor.brand):
        press(actor.brand)
        with changing_people(actor):
            found = _visible(actor, person_id)
            require(actor, invite_verb(Side(found.side)))
            before = Role(found.role)
            if not (may_give(actor.role, before) and may_give(actor.role, role)):
                raise Refused("role_not_yours_to_give", field="role")
            if role in APPROVERS or before is Role.BRAND_OWNER:
                require_step_up(actor, now)
            memberships.change_role(found, role)
            invitations.revoke_made_by(actor.brand.id, person_id, now, but=MAY_GIVE.get(role, frozenset()))
        record(actor, "role_changed", None, person=str(person_id), before=str(before), after=str(role))


def end_membership(*, actor: Actor, person_id: UUID) -> None:
    """End a member's place, or leave oneself; open invitations they made are closed with it.

    Raises Refused('not_allowed' | 'step_up_required' for an owner), Missing('membership'), Conflict('last_owner').
    """
    now = timezone.now()
    with durable(actor.brand):
        press(actor.brand)
        with changing_people(actor):
            found = _visible(actor, person_id)
            role = Role(found.role)
            if person_id != actor.person_id:
                _require_hand_on(actor, found)
            if role is Role.BRAND_OWNER:
                require_step_up(actor, now)
            memberships.end(found, now)
            invitations.revoke_made_by(actor.brand.id, person_id, now)
        record(actor, "membership_ended", None, person=str(person_id), role=str(role))


def let_return(*, actor: Actor, person_id: UUID) -> None:
    """The brand takes back that it showed somebody the door: their agency may bring them again. No place comes of it.

    Raises Refused('not_allowed' | 'wrong_side'), Missing('person') for somebody whom the brand has not shown the door.
    """
    require(actor, Verb.PEOPLE_END_AGENCY)
    require_side(actor, Side.BRAND)
    with durable(actor.brand):
        if not was_shown_the_door(person_id):
            raise Missing("person")
        record(actor, "person_may_return", None, person=str(person_id))


def _visible(actor: Actor, person_id: UUID) -> Membership:
    """A live member; to somebody of an agency, the people of another agency are absent."""
    found = memberships.live_membership(actor.brand.id, person_id)
    if found.agency_id is not None and actor.is_agency and found.agency_id != actor.agency_id:
        raise Missing("membership")
    return found


def _require_hand_on(actor: Actor, membership: Membership) -> None:
    require(actor, end_verb(Side(membership.side)))
    if not has_hand_on(actor, Role(membership.role), membership.agency_id):
        raise Refused("not_allowed")
