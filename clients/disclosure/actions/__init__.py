"""Sharing by link, ending what was disclosed, and what other systems may read."""

from clients.disclosure.actions.ending import end_disclosure
from clients.disclosure.actions.forgetting import forget_tallies
from clients.disclosure.actions.links import MadeLink, exchange, make_link, note_miss, open_link
from clients.disclosure.actions.policies import allow_integration, end_integration

__all__ = [
    "MadeLink",
    "allow_integration",
    "end_disclosure",
    "end_integration",
    "exchange",
    "forget_tallies",
    "make_link",
    "note_miss",
    "open_link",
]
