"""What people do about what others wrote."""

from clients.moderation.actions.appealing import decide_appeal, give_appeal, record_appeal
from clients.moderation.actions.asking import ask_acts, follow_act, show_again
from clients.moderation.actions.calming import decide_calm, end_calm
from clients.moderation.actions.raiding import begin_raid, hide_one, show_one, undo_raid
from clients.moderation.actions.telling import begin_telling

__all__ = [
    "ask_acts",
    "begin_raid",
    "begin_telling",
    "decide_appeal",
    "decide_calm",
    "end_calm",
    "follow_act",
    "give_appeal",
    "hide_one",
    "record_appeal",
    "show_again",
    "show_one",
    "undo_raid",
]
