"""The closed lists of this feature, for models and rules alike. No Django."""

from enum import StrEnum


class VerdictKind(StrEnum):
    YES = "yes"
    NO = "no"
    CHANGE = "change"
    VETO = "veto"


class OnLapse(StrEnum):
    """What happens to an item that nobody answered in time. Never 'send': silence counts only in a veto window."""

    HOLD = "hold"
    SKIP = "skip"


class HoldScope(StrEnum):
    ALL = "all"
    CHANNEL = "channel"
    KIND = "kind"
    PERSON = "person"
    ITEM = "item"


class NoticeKind(StrEnum):
    VETO = "veto"
    APPROVAL = "approval"
    REPORT = "report"


class NoticeState(StrEnum):
    QUEUED = "queued"
    DELIVERED = "delivered"
    BOUNCED = "bounced"


class StandingState(StrEnum):
    PROPOSED = "proposed"
    SIGNED = "signed"
    ENDED = "ended"


class BatchState(StrEnum):
    PENDING = "pending"
    DONE = "done"
    UNDONE = "undone"
