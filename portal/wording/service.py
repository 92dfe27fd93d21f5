"""Words for how soon members hear from the brand."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PARTS = {
    "all": _("Altogether"),
    "channel": _("By channel"),
    "language": _("By language"),
    "band": _("By how active members are"),
}
BANDS = {
    "newcomer": pgettext_lazy("member", "newcomers"),
    "regular": pgettext_lazy("member", "regulars"),
    "very_active": pgettext_lazy("member", "very active members"),
    "unknown": pgettext_lazy("member", "not told apart"),
}
LANGUAGES = {"fr": _("French"), "en": _("English"), "": _("not known")}
