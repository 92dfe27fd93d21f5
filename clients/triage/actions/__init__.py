"""What people do with mentions."""

from clients.triage.actions.answering import answer_lost_or_sent, begin_answer
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
    "close_handing",
    "dismiss_mention",
    "drop_view",
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
    "undo_ruling",
    "undo_together",
    "wake_mention",
]
