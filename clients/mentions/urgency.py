"""How urgent a mention is, 0 to 100, as a sum that one can read. Pure."""

from clients.autonomy.vocabulary import Sensitivity
from clients.mentions.rules import MentionKind

MOST = 100
BY_KIND: dict[MentionKind, int] = {
    MentionKind.CRISIS_SIGNAL: 70,
    MentionKind.COMPLAINT: 50,
    MentionKind.QUESTION: 45,
    MentionKind.PROVOCATION: 35,
    MentionKind.PRESS: 30,
    MentionKind.IDEA: 30,
    MentionKind.PRAISE: 15,
    MentionKind.OTHER: 15,
    MentionKind.SPAM: 0,
}
SENSITIVE, ADDRESSED, MATCHED = 20, 10, 5
"""Added for a topic that the briefing wants handled with care, for what was written to the brand itself, and for each watched
entry but the first (three at most)."""


def priority(kind: MentionKind, sensitivity: Sensitivity, *, addressed: bool, matched: int) -> tuple[int, list[str]]:
    """The sum, and its parts as 'what +n'. Spam stays at the bottom, whatever else it says."""
    parts = [(str(kind), BY_KIND[kind])]
    if kind is not MentionKind.SPAM:
        parts += [("sensitive", SENSITIVE)] if sensitivity is not Sensitivity.ROUTINE else []
        parts += [("addressed", ADDRESSED)] if addressed else []
        parts += [("matched", MATCHED * min(matched - 1, 3))] if matched > 1 else []
    return min(sum(points for _, points in parts), MOST), [f"{what} +{points}" for what, points in parts]
