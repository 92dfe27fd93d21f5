"""The portal's share of the outbox: letters. Importing them registers their handlers; those of people come along, who have no
tables and so are no Django application of their own."""

from clients.people import tasks as people
from portal import (
    account_letters,
    briefing_letters,
    channel_letters,
    crisis_letters,
    custody_letters,
    insight_letters,
    key_letters,
    letters,
    log_letters,
    moderation_letters,
    notices,
    operator_letters,
    press_letters,
    report_letters,
    report_notices,
    service_letters,
    source_letters,
    webhook_letters,
)

__all__ = [
    "account_letters",
    "briefing_letters",
    "channel_letters",
    "crisis_letters",
    "custody_letters",
    "insight_letters",
    "key_letters",
    "letters",
    "log_letters",
    "moderation_letters",
    "notices",
    "operator_letters",
    "people",
    "press_letters",
    "report_letters",
    "report_notices",
    "service_letters",
    "source_letters",
    "webhook_letters",
]
