"""Words for the press review."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REVIEW_STATES = {
    "draft": ("wait", "pen", pgettext_lazy("review", "draft")),
    "out": ("go", "check-circle", pgettext_lazy("review", "out")),
}
RHYTHMS = {
    "never": _("only when somebody asks for one"),
    "daily": _("every day"),
    "weekly": _("once a week"),
}
