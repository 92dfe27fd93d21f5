"""Where moderation holds words about a member: what they wrote, what they said against it, and what we wrote about that."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.moderation.models import Act, Appeal, Calm, Case, Evidence, Raid, Told
from clients.moderation.queries import evidence_naming

# First, while it can still be opened and read: nothing in it can be taken out, so it goes whole.
holds("moderation", Evidence, whole=True, which=evidence_naming)
holds("moderation", Case, "target", "author", "handle", "title")
holds("moderation", Act, "why")
holds("moderation", Raid, "why")
holds("moderation", Appeal, "words", "answer")
holds("moderation", Calm, "reason")
CODES, OURS = "codes, ids and digests", "ids or names of people who work here"
holds_nothing(CODES, Case, "language", "rule", "state", "info_class", "owner_side")
holds_nothing("the house's own rules", Case, "rule_words")
holds_nothing(OURS, Case, "named")
holds_nothing(CODES, Act, "kind", "rule", "side")
holds_nothing(OURS, Act, "by_name")
holds_nothing(CODES, Raid, "rule", "things", "side")
holds_nothing(OURS, Raid, "by_name", "undone_by")
holds_nothing(CODES, Told, "kind")
holds_nothing("encrypted, and goes whole with whoever is named in it", Evidence, "sealed")
holds_nothing(CODES, Evidence, "digest", "info_class", "owner_side")
holds_nothing(OURS, Evidence, "named", "by_name")
holds_nothing(CODES, Appeal, "state")
holds_nothing(OURS, Appeal, "to_name", "by_name", "decided_name")
holds_nothing(CODES, Calm, "kind", "side")
holds_nothing(OURS, Calm, "by_name", "ended_by")
