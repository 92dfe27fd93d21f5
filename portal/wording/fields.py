"""Labels of what people fill in: sections of a briefing, settings of a channel."""

from django.utils.translation import gettext_lazy as _

from clients.channels.labels import KINDS as CHANNEL_KINDS
from clients.channels.labels import SETTINGS

SECTIONS = {
    "objectives": _("Objectives"),
    "audience": _("Audience"),
    "tone": _("Tone"),
    "key_facts": _("Key facts"),
    "approved_answers": _("Approved answers"),
    "house_rules": _("House rules"),
    "forbidden_topics": _("Forbidden topics"),
    "sensitive_topics": _("Sensitive topics"),
    "escalation": _("Whom to call"),
}

COLUMNS = {
    "question": _("Question"),
    "answer": _("Answer"),
    "topic": _("Topic"),
    "name": _("Name"),
    "contact": _("Contact"),
}

LAPSES = {"hold": _("the item is held"), "skip": _("the item is skipped")}

MISMATCHES = {
    "kind": _("another action"),
    "sensitivity": _("another sensitivity"),
    "channel": _("another channel"),
    "title": _("another title"),
    "text": _("another text"),
    "link": _("a link that it does not name"),
    "media": _("a picture"),
    "ended": _("its last day is past"),
    "used_up": _("it is used up"),
}

__all__ = ["CHANNEL_KINDS", "COLUMNS", "LAPSES", "MISMATCHES", "SECTIONS", "SETTINGS"]
