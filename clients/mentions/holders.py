"""Where mentions hold words about a member: nearly everywhere, they are what people said."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.mentions.models import KindCorrection, LearntModel, Mention

# `kind_why` quotes the words by which a mention was sorted.
holds("mentions", Mention, "title", "text", "author", "author_handle", "url", "remote_id", "kind_why")
CODES = "codes and ids"
holds_nothing(CODES, Mention, "medium", "language", "kind", "sorted_by", "matched", "sensitivity", "state", "outcome")
holds_nothing(CODES, Mention, "info_class", "owner_side", "priority_why")
holds_nothing("a digest of what the source calls it", Mention, "key")
holds_nothing("numbers made of four words each, the least of many", Mention, "marks")
holds_nothing("ids or names of people who work here", Mention, "named")
holds_nothing(CODES, KindCorrection, "was", "kind")
holds_nothing("weights of hashes of stems", LearntModel, "weights")
