"""What went wrong, in a sentence that says what to do next where there is something to do."""

from django.utils.translation import gettext_lazy as _

from clients.channels.labels import CODES

ERRORS = {
    **CODES,
    # doors
    "not_allowed": _("Your role does not allow this."),
    "wrong_side": _("Only the other side may do this."),
    "step_up_required": _("Please confirm that it is you, then try again."),
    "brand": _("This page does not exist, or not for you."),
    "item": _("This item does not exist, or not for you."),
    "person": _("This person is not here."),
    "membership": _("This person is not a member here."),
    "already_member": _("This person is a member already."),
    "last_owner": _("A brand keeps at least one owner."),
    "role_of_other_side": _("This role belongs to the other side."),
    "agency_needed": _("Please say for which agency."),
    # items and answers
    "stale": _("Somebody changed this in the meantime."),
    "stale_version": _("Somebody changed this in the meantime."),
    "comment_needed": _("Please write what should change."),
    "own_item": _("Nobody approves their own item."),
    "already_decided": _("Somebody answered this already."),
    "unknown_channel": _("There is no such channel."),
    "unknown_kind": _("There is no such action."),
    "unknown_level": _("There is no such level: choose 0 to 6."),
    "overlapping_grants": _("Two lines of this charter say something about the same case."),
    "end_before_start": _("The end lies before the start."),
    "too_long": _("The text is too long for this channel."),
    "alt_text_needed": _("Please describe the picture for people who cannot see it."),
}
