"""Where crises may hold words about a member: in what people wrote while one was on, and in its review."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.crisis.models import (
    Crisis,
    CrisisAlert,
    CrisisCall,
    CrisisChange,
    CrisisNote,
    CrisisPolicy,
    CrisisReview,
    HourCount,
)

holds("crises", CrisisNote, "text")
holds("crises", CrisisReview, "text")
holds("crises", CrisisCall, "name", "contact")
CODES, OURS = "codes and ids", "ids or names of people who work here"
holds_nothing("keys of the watch list and names of signals", HourCount, "key")
holds_nothing("keys of the watch list and names of signals", CrisisAlert, "key")
holds_nothing(CODES, CrisisPolicy, "by_itself")
holds_nothing(OURS, CrisisPolicy, "signed_by_name")
holds_nothing(CODES, Crisis, "state", "own_acts")
holds_nothing("the name of a topic of the briefing", Crisis, "topic")
holds_nothing(OURS, Crisis, "taken_by_name")
holds_nothing(CODES, CrisisChange, "was", "now", "side", "because")
holds_nothing(OURS, CrisisChange, "by_name")
holds_nothing(CODES, CrisisAlert, "kind", "figures")
holds_nothing("codes and digests", CrisisCall, "state", "token_digest", "info_class", "owner_side")
holds_nothing(OURS, CrisisCall, "named")
holds_nothing(CODES, CrisisNote, "side", "info_class", "owner_side")
holds_nothing(OURS, CrisisNote, "named", "by_name")
holds_nothing(CODES, CrisisReview, "info_class", "owner_side", "figures")
holds_nothing(OURS, CrisisReview, "named", "written_by_name")
