"""What people do with the briefing: write it, propose and agree, read it, and remind whoever has not."""

from clients.briefings.actions.agreeing import agree_briefing, refuse_briefing, withdraw_briefing
from clients.briefings.actions.agreeing_again import agree_again
from clients.briefings.actions.proposing import Written, propose_briefing
from clients.briefings.actions.publishing import classify_section, publish_briefing
from clients.briefings.actions.reading import acknowledge_briefing
from clients.briefings.actions.reminding import REMINDER, remind_by_itself, remind_readers

__all__ = [
    "REMINDER",
    "Written",
    "acknowledge_briefing",
    "agree_again",
    "agree_briefing",
    "classify_section",
    "propose_briefing",
    "publish_briefing",
    "refuse_briefing",
    "remind_by_itself",
    "remind_readers",
    "withdraw_briefing",
]
