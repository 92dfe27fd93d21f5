"""Words for how somebody came into a brand's space, how their session ended, and for what stands beside a line of the log."""

from django.utils.translation import gettext_lazy as _

HOWS = {
    "password": _("password"),
    "totp": _("code of an app"),
    "recovery_codes": _("recovery code"),
    "security_key": _("security key"),
    "passkey": _("passkey"),
    "password_reset": _("letter for a forgotten password"),
    "invitation": _("invitation"),
}
WHYS = {
    "signed_out": _("on their own"),
    "elsewhere": _("from another of their sessions"),
    "idle": _("nobody had used it for a while"),
    "command": _("by the operator"),
}
# Personal, and taken away by retention or by an erasure; what has no word here is shown by its name.
BESIDE = {
    "ip": _("Network address"),
    "user_agent": _("Browser"),
    "whose": _("Person"),
    "address": _("Address"),
    "recipient": _("Recipient"),
    "who": _("Who looked"),
    "reason": _("Reason"),
    "ticket": _("File number"),
    "compared": _("Only rows that read"),
}
