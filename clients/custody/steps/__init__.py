"""Writes of custody that several actions share: they need an open transaction and the conversation's row locked."""

from clients.custody.steps.handing import give_back_to_giver, offer_to, take_from_other_side
from clients.custody.steps.moving import (
    AWAY,
    BACK,
    CLOCKS,
    LAPSE,
    LETTER,
    WAKE,
    Said,
    add_turn,
    close_offer,
    hear,
    holder_of,
    move,
    move_all,
    open_conversation,
    require_step,
)

__all__ = [
    "AWAY",
    "BACK",
    "CLOCKS",
    "LAPSE",
    "LETTER",
    "WAKE",
    "Said",
    "add_turn",
    "close_offer",
    "give_back_to_giver",
    "hear",
    "holder_of",
    "move",
    "move_all",
    "offer_to",
    "open_conversation",
    "require_step",
    "take_from_other_side",
]
