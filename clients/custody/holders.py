"""Where custody holds words about a member: the conversation, what was said, and what people here wrote as they passed it on."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.custody.models import Conversation, Holding, Offer, StandIn, Turn

holds("conversations", Turn, "text", "author", "author_handle", "remote_id", "in_reply_to")
holds("conversations", Conversation, "title", "member_name", "handle")
holds("conversations", Holding, "note")
holds("conversations", Offer, "note", "reason")
CODES, WORKERS = "codes, ids and digests", "ids or names of people who work here"
holds_nothing(CODES, Turn, "voice", "kind")
holds_nothing(
    CODES,
    Conversation,
    "medium",
    "thread",
    "language",
    "topic",
    "sensitivity",
    "state",
    "holder_side",
    "info_class",
    "owner_side",
)
holds_nothing(WORKERS, Conversation, "named", "holder_team")
holds_nothing(CODES, Holding, "step", "was_side", "was_state", "now_side", "now_state", "reason", "side")
holds_nothing(WORKERS, Holding, "was_team", "now_team", "by_name")
holds_nothing(CODES, Offer, "to_side", "lapse_to", "answer")
holds_nothing(WORKERS, Offer, "to_team", "by_name")
holds_nothing(CODES, StandIn, "side")
holds_nothing(WORKERS, StandIn, "person_name", "deputy_name", "by_name")
