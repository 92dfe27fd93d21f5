"""What people do about people: ask somebody in, come in, be given another role, leave or be shown the door."""

from clients.people.actions.inviting import (
    invite_agency_person,
    invite_brand_person,
    revoke_invitation,
    send_invitation_again,
)
from clients.people.actions.joining import accept_as_new_person, accept_invitation, assign_agency_person
from clients.people.actions.standing import change_role, end_membership, let_return

__all__ = [
    "accept_as_new_person",
    "accept_invitation",
    "assign_agency_person",
    "change_role",
    "end_membership",
    "invite_agency_person",
    "invite_brand_person",
    "let_return",
    "revoke_invitation",
    "send_invitation_again",
]
