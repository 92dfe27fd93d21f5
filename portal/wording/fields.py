"""Labels of what people fill in: sections of a briefing, settings of a channel."""

from django.utils.translation import gettext_lazy as _

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

CHANNEL_KINDS = {
    "memory": _("memory wall (to try things out)"),
    "email": _("e-mail"),
    "phone": _("phone"),
    "field": _("in person"),
}

SETTINGS = {
    "name": _("Name"),
    "handle": _("Account or address"),
    "host": _("Server"),
    "port": _("Port"),
    "security": _("Encryption"),
    "username": _("User name"),
    "user": _("User name"),
    "password": _("Password"),
    "sender": _("Sender’s address"),
    "from_address": _("Sender’s address"),
    "from_name": _("Sender’s name"),
    "sender_name": _("Sender’s name"),
    "reply_to": _("Answers go to"),
    "recipients": _("Recipients"),
    "to": _("Recipients"),
    "number": _("Number"),
    "place": _("Place"),
}
