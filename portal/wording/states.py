"""States as the reader sees them: code -> (tone, icon, word)."""

from django.utils.translation import pgettext_lazy as _

ITEM_STATES = {
    "draft": ("calm", "pen", _("item", "draft")),
    "submitted": ("info", "send", _("item", "submitted")),
    "waiting": ("wait", "clock", _("item", "waiting for the brand")),
    "in_veto": ("wait", "hourglass", _("item", "in veto window")),
    "cleared": ("go", "check", _("item", "cleared")),
    "sending": ("info", "send", _("item", "sending")),
    "sent": ("go", "check-circle", _("item", "sent")),
    "failed": ("no", "alert", _("item", "failed")),
    "uncertain": ("no", "question", _("item", "uncertain")),
    "refused": ("no", "x-circle", _("item", "refused")),
    "vetoed": ("no", "hand", _("item", "vetoed")),
    "held": ("no", "pause", _("item", "held")),
    "expired": ("calm", "clock", _("item", "expired")),
    "withdrawn": ("calm", "undo", _("item", "withdrawn")),
}

CHANNEL_STATES = {
    "connected": ("go", "check-circle", _("channel", "connected")),
    "revoked": ("calm", "lock", _("channel", "revoked")),
    "broken": ("no", "broken", _("channel", "broken")),
}

MANDATE_STATES = {
    "none": ("calm", "info", _("mandate", "none")),
    "offered": ("wait", "clock", _("mandate", "offered")),
    "active": ("go", "check-circle", _("mandate", "active")),
    "suspended": ("no", "pause", _("mandate", "suspended")),
    "ended": ("calm", "flag", _("mandate", "ended")),
}

CHARTER_STATES = {
    "proposed": ("wait", "clock", _("charter", "proposed")),
    "in_force": ("go", "check-circle", _("charter", "in force")),
    "superseded": ("calm", "scroll", _("charter", "superseded")),
    "declined": ("no", "x-circle", _("charter", "declined")),
    "withdrawn": ("calm", "undo", _("charter", "withdrawn")),
}

STANDING_STATES = {
    "proposed": ("wait", "clock", _("standing approval", "proposed")),
    "signed": ("go", "check-circle", _("standing approval", "signed")),
    "ended": ("calm", "flag", _("standing approval", "ended")),
}

BRAND_STATES = {
    "active": ("go", "check-circle", _("brand", "active")),
    "suspended": ("no", "pause", _("brand", "suspended")),
    "closing": ("wait", "flag", _("brand", "closing")),
}
