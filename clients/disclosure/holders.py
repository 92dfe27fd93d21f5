"""Where the ledger may hold words about a member: the words beside a disclosure, reasons, and purposes."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.disclosure.models import (
    Disclosure,
    DisclosureEnd,
    DisclosureWords,
    IntegrationPolicy,
    Reclassified,
    ShareLink,
    Tally,
)

holds("disclosures", DisclosureWords, "recipient", "reason")
holds("disclosures", Reclassified, "reason")
holds("disclosures", IntegrationPolicy, "name", "purpose")

CODES = "codes, ids and digests"
OURS = "ids or names of people who work here"
holds_nothing(CODES, Reclassified, "object_kind", "was", "now")
holds_nothing(OURS, Reclassified, "named")
holds_nothing(
    CODES, Disclosure, "way", "recipient_kind", "object_kind", "object_ids", "info_class", "digest", "why", "leave_policy",
    "side", "request_id",
)  # fmt: skip
holds_nothing(CODES, DisclosureEnd, "side")
holds_nothing(CODES, ShareLink, "token_digest", "code_digest", "object_kind", "digest", "info_class")
holds_nothing(CODES, IntegrationPolicy, "system", "fields", "most_class")
holds_nothing(OURS, IntegrationPolicy, "made_by_name")
holds_nothing(CODES, Tally, "kind", "about")
