"""Words for what was found outside, where it stands, what was done with it and why."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MENTION_KINDS = {
    "question": ("info", "question", _("question")),
    "complaint": ("wait", "comment", _("complaint")),
    "praise": ("go", "check-circle", _("praise")),
    "idea": ("info", "info", _("idea")),
    "press": ("calm", "book", pgettext_lazy("mention", "press")),
    "provocation": ("no", "flag", _("provocation")),
    "spam": ("calm", "x", _("spam")),
    "crisis_signal": ("no", "alert", _("crisis signal")),
    "other": ("calm", "comment", pgettext_lazy("mention", "other")),
}
SORTED_BY = {
    "rules": _("sorted by the house’s rules"),
    "learnt": _("sorted by what was learnt from corrections"),
    "person": _("sorted by a person"),
}
PLACES = {
    "open": ("wait", "clock", pgettext_lazy("mention", "open")),
    "snoozed": ("calm", "hourglass", pgettext_lazy("mention", "later")),
    "answered": ("go", "check-circle", pgettext_lazy("mention", "answered")),
    "handed": ("info", "send", pgettext_lazy("mention", "handed over")),
    "no_reply": ("calm", "check", pgettext_lazy("mention", "no reply needed")),
    "merged": ("calm", "replay", pgettext_lazy("mention", "merged")),
    "wrong": ("calm", "x", pgettext_lazy("mention", "not about us")),
}
MENTION_STATES = {
    "open": pgettext_lazy("mentions", "open"),
    "snoozed": pgettext_lazy("mentions", "for later"),
    "done": pgettext_lazy("mentions", "done"),
    "all": pgettext_lazy("mentions", "all"),
}
NO_REPLY = {
    "provocation": _("A provocation: we do not feed it"),
    "thanks": _("Thanks only"),
    "spam": _("Spam"),
    "already": _("Answered already"),
    "other": _("Another reason, in words"),
}
TO_CONVERSATION = {"conversation": _("It is looked after as a conversation")}
STEPS = {
    "hold": _("has it in hand"),
    "let_go": _("let it go"),
    "snooze": _("put it off"),
    "wake": _("brought it back: the time is over"),
    "answer": _("saw its answer on its way"),
    "lose": _("saw that its answer did not get out"),
    "hand": _("handed it over"),
    "no_reply": _("decided that no reply is needed"),
    "merge": _("merged it with another"),
    "split": _("took it out of another"),
    "wrong": _("found that it is not about the brand"),
    "reopen": _("took it up again"),
    "undo": _("undid the last step"),
}
MEDIA: dict[str, str | Promise] = {
    "rss": _("web feed"),
    "feed": _("web feed"),
    "atom": _("web feed"),
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "wordpress": "WordPress",
    "forum": _("forum"),
    "discourse": _("forum"),
    "imap": _("mailbox"),
    "mailbox": _("mailbox"),
    "webhook": _("another system"),
    "csv": _("table"),
    "hand": _("by hand"),
}
LANGUAGES = {"fr": _("French"), "en": _("English")}
