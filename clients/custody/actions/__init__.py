"""What people do with who holds a conversation, and with where it stands."""

from clients.custody.actions.away import begin_absence, end_absence, end_stand_in, stand_in
from clients.custody.actions.merging import merge, part
from clients.custody.actions.passing import accept, decline, lapse, pass_on, withdraw
from clients.custody.actions.portfolio import Portfolio, hand_portfolio, let_go_of_the_gone
from clients.custody.actions.resting import close, reopen, snooze, wait_for_member, wake, wake_when_due
from clients.custody.actions.taking import give_back, let_go, lock, take, take_back, unlock

__all__ = [
    "Portfolio",
    "accept",
    "begin_absence",
    "close",
    "decline",
    "end_absence",
    "end_stand_in",
    "give_back",
    "hand_portfolio",
    "lapse",
    "let_go",
    "let_go_of_the_gone",
    "lock",
    "merge",
    "part",
    "pass_on",
    "reopen",
    "snooze",
    "stand_in",
    "take",
    "take_back",
    "unlock",
    "wait_for_member",
    "wake",
    "wake_when_due",
    "withdraw",
]
