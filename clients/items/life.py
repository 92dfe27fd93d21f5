"""The life of an item, as a table of data. The drawing in docs/item-life.md is generated from it.

No Django, no clock: `after(state, event)` is all there is.
"""

from enum import StrEnum


class ItemState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"  # asked; the brand's notice is under way
    WAITING = "waiting"  # for the brand: its approval, or its own hand
    IN_VETO = "in_veto"  # the notice was delivered and the window is open
    CLEARED = "cleared"  # may go out, at its moment
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # it may have gone out; a person decides
    REFUSED = "refused"
    VETOED = "vetoed"
    HELD = "held"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    EDIT = "edit"
    SUBMIT = "submit"
    ANNOUNCE = "announce"  # a veto window is wanted and its notice is not yet delivered
    WAIT = "wait"
    OPEN_WINDOW = "open_window"
    CLEAR = "clear"
    START = "start"
    CONFIRM = "confirm"
    FAIL = "fail"
    DOUBT = "doubt"
    REFUSE = "refuse"
    ASK_CHANGE = "ask_change"
    VETO = "veto"
    HOLD = "hold"
    RESUME = "resume"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"


S, E = ItemState, Event

# Before anything left, the gate may answer anything, whenever it is asked again.
_ANSWERS = {
    E.ANNOUNCE: S.SUBMITTED,
    E.WAIT: S.WAITING,
    E.CLEAR: S.CLEARED,
    E.REFUSE: S.REFUSED,
    E.HOLD: S.HELD,
    E.LAPSE: S.EXPIRED,
}
# What a person may still do as long as nothing left.
_PEOPLE = {E.EDIT: S.DRAFT, E.WITHDRAW: S.WITHDRAWN, E.VETO: S.VETOED, E.ASK_CHANGE: S.DRAFT}

LIFE: dict[ItemState, dict[Event, ItemState]] = {
    S.DRAFT: {E.EDIT: S.DRAFT, E.SUBMIT: S.SUBMITTED, E.WITHDRAW: S.WITHDRAWN},
    S.SUBMITTED: _ANSWERS | _PEOPLE | {E.OPEN_WINDOW: S.IN_VETO},
    S.WAITING: _ANSWERS | _PEOPLE,
    S.IN_VETO: _ANSWERS | _PEOPLE,
    S.CLEARED: _ANSWERS | _PEOPLE | {E.START: S.SENDING},
    S.SENDING: {
        E.CONFIRM: S.SENT,
        E.FAIL: S.FAILED,
        E.DOUBT: S.UNCERTAIN,
        # Nothing is leaving at this moment, and something still has to: a retry, a call that a person makes.
        E.CLEAR: S.CLEARED,
        # Asked again in the last moment, and nothing has left:
        E.HOLD: S.HELD,
        E.WAIT: S.WAITING,
        E.ANNOUNCE: S.SUBMITTED,
        E.REFUSE: S.REFUSED,
        E.LAPSE: S.EXPIRED,
    },
    S.UNCERTAIN: {E.CONFIRM: S.SENT, E.FAIL: S.FAILED},
    S.FAILED: {E.EDIT: S.DRAFT, E.SUBMIT: S.SUBMITTED, E.WITHDRAW: S.WITHDRAWN},
    S.HELD: {
        E.RESUME: S.SUBMITTED,
        E.HOLD: S.HELD,
        E.EDIT: S.DRAFT,
        E.WITHDRAW: S.WITHDRAWN,
        E.VETO: S.VETOED,
        E.REFUSE: S.REFUSED,
        E.ASK_CHANGE: S.DRAFT,
        E.LAPSE: S.EXPIRED,
    },
    S.REFUSED: {E.EDIT: S.DRAFT, E.WITHDRAW: S.WITHDRAWN},
    S.VETOED: {E.EDIT: S.DRAFT, E.WITHDRAW: S.WITHDRAWN},
    S.EXPIRED: {E.EDIT: S.DRAFT, E.WITHDRAW: S.WITHDRAWN},
    S.SENT: {},
    S.WITHDRAWN: {},
}

MOVE_OF_BRAND = frozenset({S.WAITING, S.IN_VETO, S.HELD})
MOVE_OF_AGENCY = frozenset({S.DRAFT, S.FAILED, S.UNCERTAIN, S.REFUSED, S.VETOED, S.EXPIRED})
MOVABLE = frozenset(state for state, events in LIFE.items() if E.EDIT in events)
"""States in which the content, and with it the moment, may still be another."""
ASKABLE = frozenset({S.SUBMITTED, S.WAITING, S.IN_VETO, S.CLEARED})
"""States in which the gate may be asked again."""


def after(state: ItemState, event: Event) -> ItemState | None:
    """The state that follows, or None where the table does not know the step."""
    return LIFE[ItemState(state)].get(event)
