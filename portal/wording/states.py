"""States as the reader sees them: code -> (tone, icon, word)."""

from django.utils.translation import pgettext_lazy

ITEM_STATES = {
    "draft": ("calm", "pen", pgettext_lazy("item", "draft")),
    "submitted": ("info", "send", pgettext_lazy("item", "submitted")),
    "waiting": ("wait", "clock", pgettext_lazy("item", "waiting for the brand")),
    "in_veto": ("wait", "hourglass", pgettext_lazy("item", "in veto window")),
    "cleared": ("go", "check", pgettext_lazy("item", "cleared")),
    "sending": ("info", "send", pgettext_lazy("item", "sending")),
    "sent": ("go", "check-circle", pgettext_lazy("item", "sent")),
    "failed": ("no", "alert", pgettext_lazy("item", "failed")),
    "uncertain": ("no", "question", pgettext_lazy("item", "uncertain")),
    "refused": ("no", "x-circle", pgettext_lazy("item", "refused")),
    "vetoed": ("no", "hand", pgettext_lazy("item", "vetoed")),
    "held": ("no", "pause", pgettext_lazy("item", "held")),
    "expired": ("calm", "clock", pgettext_lazy("item", "expired")),
    "withdrawn": ("calm", "undo", pgettext_lazy("item", "withdrawn")),
}

# The same where there is room for one short word: in the calendar's grid. The whole word is beside it for who cannot see it.
ITEM_STATES_SHORT = {
    "draft": pgettext_lazy("item, short", "draft"),
    "submitted": pgettext_lazy("item, short", "submitted"),
    "waiting": pgettext_lazy("item, short", "waiting"),
    "in_veto": pgettext_lazy("item, short", "veto open"),
    "cleared": pgettext_lazy("item, short", "cleared"),
    "sending": pgettext_lazy("item, short", "sending"),
    "sent": pgettext_lazy("item, short", "sent"),
    "failed": pgettext_lazy("item, short", "failed"),
    "uncertain": pgettext_lazy("item, short", "uncertain"),
    "refused": pgettext_lazy("item, short", "refused"),
    "vetoed": pgettext_lazy("item, short", "vetoed"),
    "held": pgettext_lazy("item, short", "held"),
    "expired": pgettext_lazy("item, short", "expired"),
    "withdrawn": pgettext_lazy("item, short", "withdrawn"),
}

CHANNEL_STATES = {
    "connected": ("go", "check-circle", pgettext_lazy("channel", "connected")),
    "revoked": ("calm", "lock", pgettext_lazy("channel", "revoked")),
    "broken": ("no", "broken", pgettext_lazy("channel", "broken")),
    "unconfirmed": ("wait", "clock", pgettext_lazy("channel", "waits for the brand")),
}

DISPATCH_STATES = {
    "pending": ("wait", "clock", pgettext_lazy("act", "is to leave")),
    "sending": ("info", "send", pgettext_lazy("act", "under way")),
    "sent": ("go", "check-circle", pgettext_lazy("act", "went out")),
    "failed": ("no", "alert", pgettext_lazy("act", "did not go out")),
    "uncertain": ("no", "question", pgettext_lazy("act", "nobody knows yet")),
    "cancelled": ("calm", "undo", pgettext_lazy("act", "taken back")),
}

# What a network shows of a post of ours now.
REMOTE_STATES = {
    "published": ("go", "check-circle", pgettext_lazy("post", "public there")),
    "accepted": ("go", "check-circle", pgettext_lazy("post", "taken over there")),
    "queued": ("wait", "clock", pgettext_lazy("post", "waits for moderation there")),
    "scheduled": ("wait", "clock", pgettext_lazy("post", "scheduled there")),
    "edited": ("no", "alert", pgettext_lazy("post", "changed there by others")),
    "gone": ("no", "alert", pgettext_lazy("post", "no longer there")),
}

MANDATE_STATES = {
    "none": ("calm", "info", pgettext_lazy("mandate", "none")),
    "offered": ("wait", "clock", pgettext_lazy("mandate", "offered")),
    "active": ("go", "check-circle", pgettext_lazy("mandate", "active")),
    "suspended": ("no", "pause", pgettext_lazy("mandate", "suspended")),
    "ended": ("calm", "flag", pgettext_lazy("mandate", "ended")),
}

CHARTER_STATES = {
    "proposed": ("wait", "clock", pgettext_lazy("charter", "proposed")),
    "in_force": ("go", "check-circle", pgettext_lazy("charter", "in force")),
    "superseded": ("calm", "scroll", pgettext_lazy("charter", "superseded")),
    "declined": ("no", "x-circle", pgettext_lazy("charter", "declined")),
    "withdrawn": ("calm", "undo", pgettext_lazy("charter", "withdrawn")),
}

STANDING_STATES = {
    "proposed": ("wait", "clock", pgettext_lazy("standing approval", "proposed")),
    "signed": ("go", "check-circle", pgettext_lazy("standing approval", "signed")),
    "ended": ("calm", "flag", pgettext_lazy("standing approval", "ended")),
}

BRAND_STATES = {
    "active": ("go", "check-circle", pgettext_lazy("brand", "active")),
    "suspended": ("no", "pause", pgettext_lazy("brand", "suspended")),
    "closing": ("wait", "flag", pgettext_lazy("brand", "closing")),
}
