"""What people do about people: ask somebody in, come in, be given another role, leave or be shown the door."""

from clients.people.actions.coming import come_in
from clients.people.actions.hearing import hear_hub
from clients.people.actions.inviting import (
    invite_agency_person,
    invite_brand_person,
    revoke_invitation,
    send_invitation_again,
)
from clients.people.actions.joining import accept_as_new_person, accept_invitation, assign_agency_person
from clients.people.actions.securing import ask_second_factor, tell_factor_taken
from clients.people.actions.standing import change_role, end_membership, let_return

__all__ = [
    "accept_as_new_person",
    "accept_invitation",
    "ask_second_factor",
    "assign_agency_person",
    "change_role",
    "come_in",
    "end_membership",
    "hear_hub",
    "invite_agency_person",
    "invite_brand_person",
    "let_return",
    "revoke_invitation",
    "send_invitation_again",
    "tell_factor_taken",
]
