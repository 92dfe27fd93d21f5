"""What people do with who holds a conversation, and with where it stands."""

from clients.custody.actions.passing import accept, decline, lapse, pass_on, withdraw
from clients.custody.actions.resting import close, reopen, snooze, wait_for_member, wake, wake_when_due
from clients.custody.actions.taking import give_back, let_go, lock, take, take_back, unlock

__all__ = [
    "accept",
    "close",
    "decline",
    "give_back",
    "lapse",
    "let_go",
    "lock",
    "pass_on",
    "reopen",
    "snooze",
    "take",
    "take_back",
    "unlock",
    "wait_for_member",
    "wake",
    "wake_when_due",
    "withdraw",
]
