"""Where the press review holds words about a member: what was quoted and what people here wrote beside it."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.press.models import PressRule, Review, ReviewEntry, WatchNote

holds("mentions", ReviewEntry, "headline", "excerpt", "link", "comment")
holds("mentions", Review, "intro")
holds("mentions", WatchNote, "subject", "text")
CODES, WORKERS = "codes and ids", "ids or names of people who work here"
holds_nothing(CODES, Review, "state", "info_class", "owner_side")
holds_nothing(WORKERS, Review, "named")
holds_nothing("what the briefing calls topics, sources and licences", ReviewEntry, "topic", "source_name", "licence")
holds_nothing(CODES, PressRule, "rhythm")
holds_nothing(WORKERS, PressRule, "readers")
holds_nothing(CODES, WatchNote, "info_class", "owner_side")
holds_nothing(WORKERS, WatchNote, "named", "author_name")
