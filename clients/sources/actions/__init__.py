"""What people and workers do with sources."""

from clients.sources.actions.bringing import bring_by_hand, bring_table, take_delivery
from clients.sources.actions.keeping import (
    accept_shape,
    add_source,
    agree_source,
    change_source,
    classify_source,
    pause_source,
    remove_source,
    resume_source,
)
from clients.sources.actions.looking import date_sources, look_at_source
from clients.sources.actions.opening import give_secret, invite_to_give, make_secret

__all__ = [
    "accept_shape",
    "add_source",
    "agree_source",
    "bring_by_hand",
    "bring_table",
    "change_source",
    "classify_source",
    "date_sources",
    "give_secret",
    "invite_to_give",
    "look_at_source",
    "make_secret",
    "pause_source",
    "remove_source",
    "resume_source",
    "take_delivery",
]
