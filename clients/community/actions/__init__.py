"""Writing about members, telling and erasing them, and keeping things no longer than wanted."""

from clients.community.actions.erasing import begin_erasure, date_erasures, erase_again, erase_member, finish_erasure
from clients.community.actions.members import (
    add_member,
    change_member,
    classify_member,
    hold_member,
    note_naming,
    release_member,
)
from clients.community.actions.retaining import date_retention, run_retention, set_retention
from clients.community.actions.telling import tell_member

__all__ = [
    "add_member",
    "begin_erasure",
    "change_member",
    "classify_member",
    "date_erasures",
    "date_retention",
    "erase_again",
    "erase_member",
    "finish_erasure",
    "hold_member",
    "note_naming",
    "release_member",
    "run_retention",
    "set_retention",
    "tell_member",
]
