"""What people, and the numbers, do with a crisis."""

from clients.crisis.actions.answering import answer_own_acts
from clients.crisis.actions.calling import call_next, letter_of, pass_call, take_by_link, take_crisis
from clients.crisis.actions.deciding import declare_crisis, dismiss_crisis, end_crisis, propose_crisis
from clients.crisis.actions.looking import date_looks, look_at_numbers
from clients.crisis.actions.noting import classify_crisis_note, write_crisis_note
from clients.crisis.actions.reviewing import classify_review, finish_review, write_review
from clients.crisis.actions.ruling import set_crisis_rule

__all__ = [
    "answer_own_acts",
    "call_next",
    "classify_crisis_note",
    "classify_review",
    "date_looks",
    "declare_crisis",
    "dismiss_crisis",
    "end_crisis",
    "finish_review",
    "letter_of",
    "look_at_numbers",
    "pass_call",
    "propose_crisis",
    "set_crisis_rule",
    "take_by_link",
    "take_crisis",
    "write_crisis_note",
    "write_review",
]
