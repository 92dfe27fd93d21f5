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

__all__ = ["CHANNEL_KINDS", "COLUMNS", "SECTIONS", "SETTINGS"]
