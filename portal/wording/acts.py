"""Words for what may be done and how freely: action kinds, levels, sensitivities, days."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KINDS = {
    "": _("any action"),
    "publish": _("publication"),
    "schedule": _("scheduled publication"),
    "acknowledge": _("acknowledgement"),
    "answer": _("answer"),
    "direct_message": _("direct message"),
    "react": _("reaction"),
    "hide": _("hiding a comment"),
    "unhide": _("showing a comment again"),
    "delete": _("deletion"),
    "ban": _("exclusion of a member"),
    "newsletter": _("newsletter"),
    "phone_call": _("phone call"),
    "event": _("event"),
    "ambassador_power": _("ambassador power"),
    "disclose": _("disclosure of information"),
    "correct": _("correction of a post"),
}

LEVELS = {
    "0": pgettext_lazy("level", "closed"),
    "1": pgettext_lazy("level", "propose"),
    "2": pgettext_lazy("level", "approve"),
    "3": pgettext_lazy("level", "standing"),
    "4": pgettext_lazy("level", "veto"),
    "5": pgettext_lazy("level", "report"),
    "6": pgettext_lazy("level", "trust"),
}

LEVEL_MEANINGS = {
    "0": _("not allowed"),
    "1": _("the agency prepares, the brand performs"),
    "2": _("each item needs the brand’s approval"),
    "3": _("what matches an approved template or series goes out; the rest needs approval"),
    "4": _("goes out after a window in the brand’s working hours, unless vetoed"),
    "5": _("goes out at once, and the brand is told at once"),
    "6": _("goes out at once, and stands in the weekly report"),
}

SENSITIVITIES = {"routine": _("routine"), "sensitive": _("sensitive"), "crisis": _("crisis")}

WEEKDAYS = {
    "0": _("Monday"),
    "1": _("Tuesday"),
    "2": _("Wednesday"),
    "3": _("Thursday"),
    "4": _("Friday"),
    "5": _("Saturday"),
    "6": _("Sunday"),
}
