"""Where customer systems' words about a member stand: contacts go with the member's own row, the others are searched."""

from typing import Any

from clients.audit.erasing.holders import holds, holds_nothing
from clients.audit.erasing.values import Sought
from clients.crm.models import (
    Clash,
    Contact,
    ContactImport,
    Fact,
    ImportedRow,
    Organisation,
    PurposeConsent,
    System,
    Ticket,
    TimelineEntry,
    Trace,
)


def _lines_without(row: dict[str, Any], sought: Sought) -> dict[str, Any]:
    """A line about somebody goes whole: with their number there they could be told again."""
    lines = row.get("rows", [])
    kept = [one for one in lines if not any(sought.found_in(str(cell)) for cell in one.get("cells", {}).values())]
    return {"name": sought.without(row.get("name", "")), "rows": kept}


holds("crm", Clash, "external_id", "row", whole=True)
holds("crm", ImportedRow, "before", "after", whole=True)
holds("crm", ContactImport, "name", "rows", rewrite=_lines_without)
holds("crm", Contact, "external_id")
holds("crm", Fact, "value")
holds("crm", Ticket, "title", "text", "external_id", "said")
holds("crm", TimelineEntry, "ref", "title", "text")
holds("crm", Organisation, "external_id", "name", "website")
CODES, OURS = "codes, ids and digests", "ids or names of people who work here"
holds_nothing("the brand's own name for a system", System, "name")
holds_nothing(CODES, System, "kind", "matching", "fields", "brings")
holds_nothing(OURS, System, "made_by_name")
holds_nothing(CODES, Organisation, "info_class", "owner_side")
holds_nothing(OURS, Organisation, "named")
holds_nothing("a keyed digest that leads nowhere without the id itself", Trace, "digest")
holds_nothing(CODES, Fact, "field", "info_class", "owner_side")
holds_nothing(OURS, Fact, "named")
holds_nothing(CODES, PurposeConsent, "purpose", "state")
holds_nothing(CODES, Clash, "why", "candidates", "differing", "outcome", "info_class", "owner_side")
holds_nothing(OURS, Clash, "decided_name", "named")
holds_nothing(CODES, ContactImport, "digest", "counts")
holds_nothing(OURS, ContactImport, "author_name")
holds_nothing(CODES, ImportedRow, "undone")
holds_nothing(CODES, Ticket, "kind", "state", "side", "info_class", "owner_side")
holds_nothing(OURS, Ticket, "by_name", "named")
holds_nothing(CODES, TimelineEntry, "kind", "info_class", "owner_side")
holds_nothing(OURS, TimelineEntry, "named")
