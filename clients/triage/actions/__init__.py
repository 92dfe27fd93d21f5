"""What people do with mentions."""

from clients.triage.actions.answering import answer_lost_or_sent, begin_answer, begin_reply, go_on, take_up
from clients.triage.actions.handing import close_handing, hand_mention
from clients.triage.actions.merging import merge_mention, split_mention
from clients.triage.actions.ruling import (
    dismiss_mention,
    hold_mention,
    let_mention_go,
    mark_mention_wrong,
    reopen_mention,
    snooze_mention,
    undo_ruling,
    wake_mention,
)
from clients.triage.actions.together import rule_together, undo_together
from clients.triage.actions.views import drop_view, save_view

__all__ = [
    "answer_lost_or_sent",
    "begin_answer",
    "begin_reply",
    "close_handing",
    "dismiss_mention",
    "drop_view",
    "go_on",
    "hand_mention",
    "hold_mention",
    "let_mention_go",
    "mark_mention_wrong",
    "merge_mention",
    "reopen_mention",
    "rule_together",
    "save_view",
    "snooze_mention",
    "split_mention",
    "take_up",
    "undo_ruling",
    "undo_together",
    "wake_mention",
]
