"""What people do in conversations."""

from clients.conversations.actions.following import follow_reply
from clients.conversations.actions.noting import classify_note, write_note
from clients.conversations.actions.opening import Talk, note_talk, open_from_mention
from clients.conversations.actions.sorting import drop_view, keep_sketch, put_label, save_view, take_label_off

__all__ = [
    "Talk",
    "classify_note",
    "drop_view",
    "follow_reply",
    "keep_sketch",
    "note_talk",
    "open_from_mention",
    "put_label",
    "save_view",
    "take_label_off",
    "write_note",
]
