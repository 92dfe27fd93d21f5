"""Where the gate may hold words about a member: titles, addresses there, notes, and whom a network did not take."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.gate.models import DecisionRecord, Dispatch, Receipt, Sighting

# Whom a network did not take stands here by the digest of the address, which is one of the values sought.
holds("receipts", Receipt, "title", "url", "remote_id", "not_taken")
holds("receipts", Dispatch, "remote_draft", "remote_id", "url", "note")
holds("receipts", Sighting, "url")
CODES, OURS = "codes, ids and digests", "ids or names of people who work here"
holds_nothing(
    "codes, ids and digests: the question names no text", DecisionRecord,
    "stage", "question", "charter_digest", "outcome", "basis", "grant", "reasons", "digest",
)  # fmt: skip
holds_nothing(CODES, Dispatch, "state", "grant", "remote_state", "error")
holds_nothing(CODES, Sighting, "state")
holds_nothing(CODES, Receipt, "kind", "content_digest", "side", "basis", "grant", "approved_by", "remote_state")
holds_nothing("the brand's own channel", Receipt, "channel_name")
holds_nothing(OURS, Receipt, "person_name")
