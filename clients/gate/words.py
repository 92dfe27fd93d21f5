"""The closed lists of the gate, for models and rules alike. No Django."""

from enum import StrEnum


class Stage(StrEnum):
    """At which moment the gate was asked."""

    SUBMIT = "submit"
    REASK = "reask"  # something changed: a verdict, a window, a resume
    SEND = "send"  # the last moment, under the brake


class DispatchState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
