"""What people do in conversations."""

from clients.conversations.actions.following import follow_reply
from clients.conversations.actions.noting import classify_note, write_note
from clients.conversations.actions.opening import Talk, note_talk, open_from_mention
from clients.conversations.actions.readying import drop_reply, save_reply, use_reply
from clients.conversations.actions.sorting import drop_view, keep_sketch, put_label, save_view, take_label_off

__all__ = [
    "Talk",
    "classify_note",
    "drop_reply",
    "drop_view",
    "follow_reply",
    "keep_sketch",
    "note_talk",
    "open_from_mention",
    "put_label",
    "save_reply",
    "save_view",
    "take_label_off",
    "use_reply",
    "write_note",
]
