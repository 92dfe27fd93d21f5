"""Where conversations hold words about a member: notes, words on their way, words kept ready, what messages answer."""

from secrets import token_hex
from typing import Any

from clients.audit.erasing.holders import holds, holds_nothing
from clients.audit.erasing.values import Sought
from clients.conversations.models import (
    BeginsItself,
    ConversationNote,
    ConversationView,
    Heard,
    Label,
    Looking,
    Reply,
    SavedReply,
    Sketch,
)

_KEPT_OF_A_NAME = 30


def _apart(row: dict[str, Any], sought: Sought) -> dict[str, Any]:
    """Names that may be there only once stay apart when the same words go out of two of them."""
    fresh = {column: sought.without(value) for column, value in row.items()}
    changed = {column for column in ("name", "key") if column in row and fresh[column] != row[column]}
    return fresh | {column: f"{fresh[column][:_KEPT_OF_A_NAME]} {token_hex(3)}" for column in changed}


holds("conversations", Heard, "in_reply_to", "references")
holds("conversations", ConversationNote, "text")
holds("conversations", Sketch, "text")
holds("conversations", SavedReply, "name", "text", "note", rewrite=_apart)
holds("conversations", Label, "name", "key", rewrite=_apart)
CODES, WORKERS = "codes and ids", "ids or names of people who work here"
holds_nothing(CODES, Reply, "kind")
holds_nothing(CODES, BeginsItself, "side")
holds_nothing(CODES, ConversationNote, "info_class", "owner_side", "aside")
holds_nothing(WORKERS, ConversationNote, "named", "author_name")
holds_nothing(CODES, Sketch, "side")
holds_nothing(WORKERS, Sketch, "person_name")
holds_nothing(CODES, Looking, "side")
holds_nothing(WORKERS, Looking, "person_name")
holds_nothing(CODES, SavedReply, "language", "labels", "side", "step", "to_side")
holds_nothing(WORKERS, SavedReply, "to_team")
# Without what it looked for it would find what nobody asked for.
holds("conversations", ConversationView, "name", "filters", whole=True)
holds_nothing(CODES, ConversationView, "side")
