"""Words for an operator's access to a brand: which parts of it, and how it ended."""

from django.utils.translation import gettext_lazy as _

from portal.wording import word

PARTS = {
    "items": _("items"),
    "approvals": _("approvals"),
    "gate": _("acts and receipts"),
    "outbox": _("work that waits"),
    "channels": _("channels"),
    "mandates": _("mandate and charter"),
    "briefings": _("briefing"),
    "community": _("members"),
    "disclosure": _("what left"),
    "audit": _("the log"),
    "evidence": _("checks of the log"),
    "seals": _("renewed seals"),
    "breakglass": _("accesses of the operator"),
    "crisis": _("crises"),
    "mentions": _("mentions"),
    "triage": _("triage"),
    "conversations": _("conversations"),
    "custody": _("who holds conversations"),
    "moderation": _("moderation"),
    "service": _("clocks and promises"),
    "insights": _("insights"),
    "sources": _("sources"),
    "press": _("press"),
    "reports": _("reports"),
    "looks": _("look of the brand’s paper"),
    "sharing": _("who receives reports"),
    "keys": _("keys of other systems"),
    "crm": _("customer systems"),
    "changes": _("what changed, for other systems"),
    "webhooks": _("webhooks"),
    "repeats": _("answers kept for a repeat"),
}
ENDINGS = {
    "brand": _("ended by the brand"),
    "operator": _("ended by the operator"),
    "time": _("its time was over"),
    "failed": _("never began: nothing could be read"),
}
STATES = {
    "open": ("no", "alert", _("open now")),
    "over": ("calm", "lock", _("no longer open")),
}


def part_of(table: str) -> str:
    """The word for the part of the brand that a table belongs to."""
    return word(PARTS, table.partition("_")[0])
