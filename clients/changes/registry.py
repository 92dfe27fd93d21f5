"""Which tables feed which resource, and by which of their columns. Names of resources are those of the API.

A table of its own (`id`) brings forth and takes away; a child changes what its column points to. What is not here is not told:
the log and the ledger only ever grow and are read in their own order, and what is one person's own (views, sketches) is nobody
else's business. Who adds a resource adds its tables here; the triggers follow with the next dressing of each brand.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Feed(NamedTuple):
    """Rows of `table` are changes of the `resource` that `column` names.

    `whose` is a column of a table of its own that says whose the object is, where only they follow it: kept with the news that it
    is gone, when nobody could look it up any more.
    """

    resource: str
    table: str
    column: str = "id"
    whose: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the rows are the objects themselves."""
        return self.column == "id"


FEEDS: tuple[Feed, ...] = (
    Feed("items", "items_item"),
    Feed("items", "items_itemversion", "item_id"),
    Feed("items", "approvals_verdict", "item_id"),
    Feed("items", "approvals_vetowindow", "item_id"),
    Feed("items", "gate_dispatch", "item_id"),
    Feed("holds", "approvals_hold"),
    Feed("receipts", "gate_receipt"),
    Feed("briefings", "briefings_briefingsection"),
    Feed("charters", "mandates_charterversion"),
    Feed("charters", "mandates_chartersignature", "charter_id"),
    Feed("mandates", "mandates_mandate"),
    Feed("mentions", "mentions_mention"),
    Feed("mentions", "triage_ruling", "mention_id"),
    Feed("conversations", "custody_conversation"),
    Feed("conversations", "custody_turn", "conversation_id"),
    Feed("conversations", "custody_holding", "conversation_id"),
    Feed("conversations", "custody_offer", "conversation_id"),
    Feed("conversations", "conversations_labelled", "conversation_id"),
    Feed("members", "community_member"),
    Feed("members", "community_memberhandle", "member_id"),
    Feed("contacts", "crm_contact", whose="system_id"),
    Feed("contacts", "crm_fact", "contact_id"),
    Feed("organisations", "crm_organisation", whose="system_id"),
    Feed("tickets", "crm_ticket", whose="system_id"),
    Feed("timeline", "crm_timelineentry", whose="system_id"),
    Feed("insights", "insights_insight"),
    Feed("insights", "insights_insightstep", "insight_id"),
    Feed("reports", "reports_report"),
)


def resources(feeds: Iterable[Feed] = FEEDS) -> tuple[str, ...]:
    """The names of all resources that can be followed."""
    return tuple(dict.fromkeys(feed.resource for feed in feeds))


def table_of(resource: str) -> str:
    """Where the objects of a resource stand. KeyError for a name that is none."""
    return {feed.resource: feed.table for feed in FEEDS if feed.is_own}[resource]
