"""From answers to the next step of an item. Pure."""

from collections.abc import Collection, Iterable

from clients.autonomy.decision import Decision
from clients.autonomy.vocabulary import Outcome, Reason
from clients.gate.words import DispatchState
from clients.items.life import Event

# An item that goes to several channels moves as its strictest channel allows: nothing leaves for one while another waits.
STRICTEST_FIRST = (
    Outcome.REFUSE,
    Outcome.HOLD,
    Outcome.WAIT_BRAND,
    Outcome.WAIT_APPROVAL,
    Outcome.WAIT_VETO,
    Outcome.SEND,
)

EVENT_OF = {
    Outcome.REFUSE: Event.REFUSE,
    Outcome.HOLD: Event.HOLD,
    Outcome.WAIT_BRAND: Event.WAIT,
    Outcome.WAIT_APPROVAL: Event.WAIT,
    Outcome.WAIT_VETO: Event.ANNOUNCE,
    Outcome.SEND: Event.CLEAR,
}


def strictest(decisions: Iterable[Decision]) -> Decision:
    """The decision that holds for the whole item. ValueError for none at all: an item without a channel goes nowhere."""
    return min(decisions, key=lambda d: STRICTEST_FIRST.index(d.outcome))


def event_after(decision: Decision) -> Event:
    """The step of the life table that follows an answer; an item whose time is over expires rather than being refused."""
    if decision.outcome is Outcome.REFUSE and set(decision.reasons) == {Reason.TIME_WINDOW_OVER}:
        return Event.LAPSE
    return EVENT_OF[decision.outcome]


def event_of_dispatches(states: Collection[str]) -> Event | None:
    """What the dispatches of an item say together, or None while one of them is leaving.

    While one still has to leave the item counts as cleared: it can be changed, taken back and stopped.
    """
    if DispatchState.SENDING in states:
        return None
    if DispatchState.PENDING in states:
        return Event.CLEAR
    if DispatchState.UNCERTAIN in states:
        return Event.DOUBT
    return Event.FAIL if DispatchState.FAILED in states else Event.CONFIRM
