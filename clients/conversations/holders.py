"""Where conversations hold words about a member: notes, words on their way, words kept ready, what messages answer."""

from clients.audit.erasing.holders import holds, holds_nothing
from clients.conversations.models import (
    ConversationNote,
    ConversationView,
    Heard,
    Label,
    Looking,
    Reply,
    SavedReply,
    Sketch,
)

holds("conversations", Heard, "in_reply_to", "references")
holds("conversations", ConversationNote, "text")
holds("conversations", Sketch, "text")
holds("conversations", SavedReply, "name", "text")
holds("conversations", Label, "name", "key")
CODES, WORKERS = "codes and ids", "ids or names of people who work here"
holds_nothing(CODES, Reply, "kind")
holds_nothing(CODES, ConversationNote, "info_class", "owner_side", "aside")
holds_nothing(WORKERS, ConversationNote, "named", "author_name")
holds_nothing(CODES, Sketch, "side")
holds_nothing(WORKERS, Sketch, "person_name")
holds_nothing(CODES, Looking, "side")
holds_nothing(WORKERS, Looking, "person_name")
holds_nothing(CODES, SavedReply, "language", "labels", "side")
# Without what it looked for it would find what nobody asked for.
holds("conversations", ConversationView, "name", "filters", whole=True)
holds_nothing(CODES, ConversationView, "side")
