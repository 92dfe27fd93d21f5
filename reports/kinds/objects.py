"""What rows of a kind are called where it is told that somebody saw them or took them home."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from reports.kinds.words import Word, word

OBJECTS: Mapping[str, Word] = {
    "community.member": _("member"),
    "crm.contact": _("contacts of a customer system"),
    "crm.organisation": _("organisations of a customer system"),
    "crm.ticket": _("tickets for a customer system"),
    "crm.timelineentry": _("what happened with contacts"),
    "items.item": _("items"),
    "items.media": _("pictures"),
    "items.itemnote": _("notes"),
    "gate.receipt": _("receipts"),
    "approvals.hold": _("stops"),
    "approvals.vetowindow": _("veto windows"),
    "briefings.briefingversion": _("briefing"),
    "briefings.briefingsection": _("sections of the briefing"),
    "audit.entry": _("log entries"),
    "sources.source": _("sources"),
    "insights.asking": _("what a department was asked"),
    "insights.released": _("lines of “you said, we did”"),
    "approvals.standingapproval": _("standing approvals"),
    "channels.channel": _("channels"),
    "mandates.mandate": _("mandates"),
    "mandates.charterversion": _("charters"),
    "mentions.mention": _("mentions"),
    "custody.conversation": _("conversations"),
    "custody.turn": _("what was said in conversations"),
    "custody.holding": _("steps of conversations"),
    "people.person": _("people"),
    "insights.insight": _("insights"),
    "reports.report": _("reports"),
    "audit.checkpoint": _("a checkpoint of the log"),
    "disclosure.disclosure": _("lines of this ledger"),
    "reports.figure": _("figures of a period"),
    "reports.facts": _("figures as a table"),
    "reports.reader": _("readers of reports"),
    "reports.share": _("links to reports"),
    "reports.rule": _("rules of reports"),
    "reports.edition": _("reports"),
    "reports_making.edition": _("reports"),
    "press.review": _("press reviews"),
    "conversations.conversationnote": _("notes"),
    "crisis.crisis": _("crises"),
    "webhooks.subscription": _("systems that are told of changes"),
    "webhooks.delivery": _("events for other systems"),
    "webhooks.attempt": _("tries to tell other systems"),
}


def objects_text(kinds: str) -> str:
    """Several kinds as they stand in a cell: 'items.item, items.media'."""
    return ", ".join(word(OBJECTS, kind) for kind in kinds.split(", "))
