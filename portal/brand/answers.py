"""Which buttons a person sees beside an item: what their role may do, crossed with what its state allows.

Only what is shown, never what is permitted: the gate asks again when one is pressed.
"""

from dataclasses import dataclass

from clients.items.life import Event, ItemState, after
from clients.items.models import Item
from clients.people.actor import Actor
from clients.people.rules import Verb, may

TO_ANSWER = frozenset({ItemState.SUBMITTED, ItemState.WAITING, ItemState.IN_VETO, ItemState.HELD})
TO_VETO = frozenset({ItemState.IN_VETO, ItemState.CLEARED, ItemState.SUBMITTED})


@dataclass(frozen=True, slots=True)
class Answers:
    """What to offer. `own` explains a missing approve button."""

    approve: bool = False
    refuse: bool = False
    own: bool = False
    perform: bool = False
    veto: bool = False
    submit: bool = False
    retry: bool = False
    edit: bool = False
    withdraw: bool = False
    confirm: bool = False
    resolve: bool = False

    @property
    def any(self) -> bool:
        return any(
            (self.approve, self.refuse, self.perform, self.veto, self.submit, self.edit, self.withdraw, self.confirm)
        )


def answers_for(actor: Actor, item: Item) -> Answers:
    """The buttons for this person and this item."""
    state, role = ItemState(item.state), actor.role
    own = actor.person_id in (item.author_id, item.submitter_id)
    asked = state in TO_ANSWER and may(role, Verb.ITEM_APPROVE)
    submit = _can(state, Event.SUBMIT) and may(role, Verb.ITEM_SUBMIT)
    return Answers(
        approve=asked and not own,
        refuse=asked,
        own=asked and own,
        perform=state is ItemState.WAITING and may(role, Verb.ITEM_PERFORM),
        veto=state in TO_VETO and may(role, Verb.ITEM_APPROVE),
        submit=submit,
        retry=submit and state is ItemState.FAILED,
        edit=_can(state, Event.EDIT) and may(role, Verb.ITEM_EDIT),
        withdraw=_can(state, Event.WITHDRAW) and may(role, Verb.ITEM_WITHDRAW),
        confirm=state is ItemState.CLEARED and may(role, Verb.ITEM_CONFIRM),
        resolve=state is ItemState.UNCERTAIN and may(role, Verb.ITEM_CONFIRM),
    )


def _can(state: ItemState, event: Event) -> bool:
    return after(state, event) is not None
