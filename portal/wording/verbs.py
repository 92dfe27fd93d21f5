"""What an entry of the audit log tells. Verbs are grouped by feature, in the words of `clients.audit`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, Promise] = {
    "item.created": _("wrote the draft"),
}
