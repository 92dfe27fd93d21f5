"""The words for what a mention is and where it stands, as plain data. Pure."""

from enum import StrEnum


class MentionKind(StrEnum):
    """What somebody says. A sorting is a proposal with a reason until a person has said otherwise."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    PRAISE = "praise"
    IDEA = "idea"
    PRESS = "press"
    PROVOCATION = "provocation"
    SPAM = "spam"
    CRISIS_SIGNAL = "crisis_signal"
    OTHER = "other"


class SortedBy(StrEnum):
    """Who said what kind it is: rules one can read, what was learnt from corrections, or a person, who wins."""

    RULES = "rules"
    LEARNT = "learnt"
    PERSON = "person"


class MentionState(StrEnum):
    """Open until it has its one outcome."""

    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"


class Outcome(StrEnum):
    """What became of a mention. Each ends in exactly one."""

    ANSWERED = "answered"
    HANDED = "handed"
    NO_REPLY = "no_reply"
    MERGED = "merged"
    WRONG = "wrong"


FEWEST_CORRECTIONS, FEWEST_HELD_OUT = 30, 8
"""With fewer there is nothing to learn from, or nothing to measure by."""


def may_propose(held_out: int, rules_f1: float, learnt_f1: float) -> bool:
    """Whether what was learnt did better than the rules on corrections that it was not shown."""
    return held_out >= FEWEST_HELD_OUT and learnt_f1 > rules_f1
