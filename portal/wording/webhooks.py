"""Words for webhooks: what is told, where a subscription and a delivery stand, what came back, and why something is refused."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

RESOURCES = {
    "items": _("items"),
    "holds": _("stops"),
    "receipts": _("receipts"),
    "briefings": _("briefing"),
    "charters": _("charters"),
    "mandates": _("mandates"),
    "mentions": _("mentions"),
    "conversations": _("conversations"),
    "members": _("members"),
    "insights": _("insights"),
    "reports": _("reports"),
    "contacts": _("contacts of a customer system"),
    "organisations": _("organisations of a customer system"),
    "tickets": _("tickets for a customer system"),
}
STATES = {
    "active": ("go", "check-circle", pgettext_lazy("webhook", "active")),
    "paused": ("wait", "clock", pgettext_lazy("webhook", "paused")),
    "ended": ("calm", "lock", pgettext_lazy("webhook", "ended")),
}
PAUSED = {
    "by_hand": _("Somebody of the brand paused it. Nothing is lost: it goes on where it stopped."),
    "gone": _("The receiver said that it is gone for good (410). Nothing is lost: it goes on where it stopped."),
    "failing": _("Nothing arrived there for three days. Nothing is lost: it goes on where it stopped."),
}
DELIVERIES = {
    "waiting": ("wait", "clock", pgettext_lazy("delivery", "waiting")),
    "delivered": ("go", "check", pgettext_lazy("delivery", "delivered")),
    "failed": ("no", "alert", pgettext_lazy("delivery", "given up")),
    "dropped": ("calm", "lock", pgettext_lazy("delivery", "not told")),
}
EVENTS = {
    "changed": _("changed"),
    "gone": _("gone, or no longer to be read there"),
    "webhook.test": _("test"),
    "changes.restarted": _("read everything once more"),
}
VERBS = {
    "webhook.made": _("had another system told of changes"),
    "webhook.changed": _("changed what another system is told"),
    "webhook.rotated": _("gave a webhook a new secret"),
    "webhook.paused": _("paused a webhook"),
    "webhook.resumed": _("let a webhook go on"),
    "webhook.ended": _("ended a webhook"),
    "webhook.replayed": _("had events told once more"),
    "webhook.tested": _("sent a test event"),
}
ERRORS = {
    "cursor_malformed": _("This is no cursor of ours."),
    "changes_restarted": _("The changes begin anew. Please read everything once, then follow from a new cursor."),
    "changes_forgotten": _("This cursor is too old. Please read everything once, then follow from a new cursor."),
    "too_many_webhooks": _("At most %(most)s webhooks. Please end one first."),
    "webhook_not_active": _("It is paused or ended. Let it go on first."),
    "webhook_not_paused": _("It is not paused."),
    "unknown_policy": _("This policy is none for webhooks, or it has ended."),
    "status_refused": _("The receiver did not take it."),
}
