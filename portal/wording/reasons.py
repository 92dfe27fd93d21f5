"""Why something goes out, waits or stays: the reason codes of a decision as sentences."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REASONS = {
    "rule_failed": _("A rule could not be applied; in doubt, nothing goes out."),
    "no_side": _("Nobody stood behind this request for the brand or for the agency."),
    "role_may_not_act": _("The author’s role does not allow acting toward the outside."),
    "mandate_not_active": _("The agency’s mandate is not active."),
    "channel_not_open": _("The channel is not connected."),
    "brand_said_no": _("The brand said no to this exact content."),
    "time_window_over": _("The time window of this item is over."),
    "on_hold": _("A stop of the brand covers this item, or a crisis holds it."),
    "rule_not_cited": _("It cites no house rule of the briefing in force."),
    "held_by_other_side": _("The other side holds this conversation: one side answers at a time."),
    "let_talk": _("It was decided to let members talk here: nobody of ours answers until that ends."),
    "no_grant": _("The charter says nothing about this, so it is closed."),
    "grant": _("A line of the charter covers this."),
    "grant_ended": _("The line of the charter that covered this has ended."),
    "outside_hours": _("Outside the hours that the charter gives: approval is needed."),
    "daily_cap_reached": _("The daily number that the charter allows is reached: approval is needed."),
    "irreversible_ceiling": _("This cannot be undone, so the brand approves each one."),
    "briefing_not_acknowledged": _("The author has not acknowledged the current briefing: approval is needed."),
    "briefing_altered": _("The briefing in force is not what the brand wrote: approval is needed."),
    "forbidden_topic": _("It touches a topic that the brand has forbidden."),
    "embargoed_topic": _("It touches a topic under embargo."),
    "sensitive_topic": _("It touches a sensitive topic, so it counts as sensitive."),
    "crisis_in_force": _("A crisis is in force, so it counts as a crisis."),
    "level_closed": _("The level is “closed”: this is not allowed."),
    "brand_performs": _("The level is “propose”: the brand performs it itself."),
    "approval_missing": _("The brand’s approval of this exact content is still missing."),
    "approval_of_other_content": _("The content was changed after the approval, so the approval no longer counts."),
    "own_item": _("Nobody approves their own item."),
    "approved": _("The brand approved this exact content."),
    "standing_matched": _("It matches a template or series that the brand approved."),
    "veto_window_pending": _("The brand may still say no."),
    "notice_not_delivered": _("The notice to the brand was not delivered, so silence does not count."),
    "veto_window_lapsed": _("The brand was told and did not say no in time."),
    "level_permits": _("The level lets this go out at once."),
    "brand_acts": _("The brand itself speaks."),
    "cooling_off": _("This cannot be undone, so it waits for the brand’s next working morning."),
    "second_person_missing": _("This cannot be undone, so a second person of the brand says yes, too."),
    "slow_mode": _("It was decided to go slow here: this answer waits until an hour after the last one."),
}

OUTCOMES = {
    "send": ("go", "send", pgettext_lazy("outcome", "goes out")),
    "wait_approval": ("wait", "clock", pgettext_lazy("outcome", "waits for approval")),
    "wait_veto": ("wait", "hourglass", pgettext_lazy("outcome", "waits for a veto")),
    "wait_brand": ("wait", "person", pgettext_lazy("outcome", "waits for the brand to perform it")),
    "hold": ("no", "pause", pgettext_lazy("outcome", "is held")),
    "refuse": ("no", "x-circle", pgettext_lazy("outcome", "is refused")),
}

BASES = {
    "approval": _("by approval"),
    "standing": _("by standing approval"),
    "silence": _("by silence"),
    "level": _("by level"),
    "brand": _("by the brand itself"),
    "performed": _("performed by a person"),
}
