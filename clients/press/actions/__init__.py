"""Drawing up a press review, letting it out, its rhythm, and the agency's watch notes."""

from clients.press.actions.noting import drop_watch_note, write_watch_note
from clients.press.actions.picking import begin_review, comment_piece, drop_piece, move_piece, pick_piece
from clients.press.actions.sending import draw_up_due, hand_out_review, send_review, set_press_rule

__all__ = [
    "begin_review",
    "comment_piece",
    "draw_up_due",
    "drop_piece",
    "drop_watch_note",
    "hand_out_review",
    "move_piece",
    "pick_piece",
    "send_review",
    "set_press_rule",
    "write_watch_note",
]
