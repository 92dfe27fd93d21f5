"""What people do in conversations."""

from clients.conversations.actions.beginning import let_begin
from clients.conversations.actions.following import follow_reply
from clients.conversations.actions.noting import classify_note_beside, note_beside
from clients.conversations.actions.opening import Talk, note_talk, open_from_mention
from clients.conversations.actions.readying import drop_reply, save_reply, use_reply
from clients.conversations.actions.sorting import forget_view, keep_sketch, keep_view, put_label, take_label_off
from clients.conversations.actions.splitting import split_off

__all__ = [
    "Talk",
    "classify_note_beside",
    "drop_reply",
    "follow_reply",
    "forget_view",
    "keep_sketch",
    "keep_view",
    "let_begin",
    "note_beside",
    "note_talk",
    "open_from_mention",
    "put_label",
    "save_reply",
    "split_off",
    "take_label_off",
    "use_reply",
]
