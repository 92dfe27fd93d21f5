"""Words for taking things down: acts, where a thing stands, appeals, and decisions to let things be."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ASKS = {
    "hide": (_("Hide it"), _("Nobody but its author sees it any more. It can be shown again at any time.")),
    "unhide": (_("Show it again"), _("Everybody sees it again.")),
    "delete": (_("Delete it"), _("For good. It waits for the next working morning and for a second person.")),
    "ban": (_("Exclude its author"), _("For good. It waits for the next working morning and for a second person.")),
}
URGENT = _("For good, and without waiting: the rule is urgent.")
CASE_STATES = {
    "visible": ("wait", "info", pgettext_lazy("comment", "visible")),
    "hidden": ("go", "lock", pgettext_lazy("comment", "hidden")),
    "gone": ("calm", "x", pgettext_lazy("comment", "deleted")),
}
CASE_FILTERS = {
    "": pgettext_lazy("cases", "all"),
    "waiting": pgettext_lazy("cases", "waiting"),
    "hidden": pgettext_lazy("cases", "hidden"),
    "gone": pgettext_lazy("cases", "deleted"),
    "visible": pgettext_lazy("cases", "visible"),
}
APPEAL_STATES = {
    "open": ("wait", "clock", pgettext_lazy("appeal", "waits for an answer")),
    "upheld": ("calm", "check", pgettext_lazy("appeal", "the act stands")),
    "undone": ("go", "undo", pgettext_lazy("appeal", "the act was undone")),
}
CALMS = {"slow": _("Go slow"), "let_talk": _("Let them talk")}
CALM_HINTS = {
    "slow": _("We answer rarely and late, so that it does not heat up: one answer an hour, the next ones wait."),
    "let_talk": _("Members sort it out among themselves: nobody of ours answers there until this ends."),
}
ERRORS = {
    "nothing_to_moderate": _("This stands on none of the brand’s channels, so nothing can be done about it from here."),
    "unknown_rule": _("Please choose a house rule of the briefing in force."),
    "unknown_act": _("Please choose what is to be done."),
    "act_not_possible": _("This channel’s network does not know this act, or nothing says what to aim it at."),
    "act_makes_no_sense": _("It stands otherwise by now: this act would change nothing."),
    "act_under_way": _("This has been asked for already and is under way."),
    "hide_first": _("First hide it: that can be undone. Only then can it be deleted, unless the rule is urgent."),
    "own_act": _("An appeal is answered by somebody who had no part in the act."),
    "appeal_open": _("An appeal of this is being answered already."),
    "appeal_in_hand": _("Whoever this appeal waits for is still here and can answer it."),
    "appeal_closed": _("This appeal was answered already."),
    "cannot_tell_there": _("Over this channel the member cannot be told."),
    "raid_too_late": _("This can no longer be taken back as a whole. Each thing can still be shown again by itself."),
}
