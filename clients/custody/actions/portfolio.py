"""Handing over all that one person holds: to a colleague who has read the briefing; and what is held by somebody who has left."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from clients.audit.actions import record
from clients.briefings.queries import has_acknowledged
from clients.custody.models import Conversation, Offer
from clients.custody.queries import held_by, may_receive, person_here
from clients.custody.rules import Holder, State, Step, checked_note
from clients.custody.steps import move_all
from clients.people.access import require, require_process
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from tenants.errors import Conflict, Missing, Refused
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side
from tenants.walls.scope import durable


@dataclass(frozen=True, slots=True)
class Portfolio:
    """How many conversations changed hands, offers among them, and how many stayed because the receiver may not read them."""

    moved: int
    offered: int
    kept: int


def hand_portfolio(actor: Actor, *, from_person: UUID, to_person: UUID, note: str) -> Portfolio:
    """All conversations of one person, and what is offered to them, to a colleague of the same side, at once.

    Within one side nothing waits for an acceptance: whoever answers for the people decides. One's own anybody may hand over.
    Raises Refused('not_allowed' | 'may_not_receive' | 'briefing_not_acknowledged'), Missing('person'),
    Conflict('hand_to_oneself'), Invalid('note_missing' | 'too_long', 'note').
    """
    require(actor, Verb.CONVERSATION_HOLD if from_person == actor.person_id else Verb.PORTFOLIO_HAND)
    assert actor.side is not None
    side, words = actor.side, checked_note(note, needed=True)
    if from_person == to_person:
        raise Conflict("hand_to_oneself")
    with durable(actor.brand):
        receiver = _receiver(to_person, side)
        held = list(held_by(from_person, side).select_for_update(no_key=True))
        moved = [one for one in held if may_receive(receiver, one)]
        move_all(actor, moved, Step.HAND_OVER, to=Holder(side, to_person), note=words)
        offered = _offers(from_person, receiver)
        done = Portfolio(len(moved), offered, len(held) - len(moved))
        counts = {"moved": done.moved, "offered": done.offered, "kept": done.kept}
        record(actor, "portfolio.handed", None, to_person=str(to_person), from_person=str(from_person), counts=counts)
        return done


def let_go_of_the_gone(actor: Actor) -> int:
    """For a worker: what somebody without a place here holds is their whole side's. How many. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        here = BrandPerson.objects.filter(live=True, person_id=OuterRef("holder_person"), side=OuterRef("holder_side"))
        held = Conversation.objects.exclude(holder_person=None).exclude(state=State.CLOSED)
        gone = list(held.filter(~Exists(here)).order_by("pk").select_for_update(no_key=True, of=("self",)))
        for side in Side:
            of_side = [one for one in gone if one.holder_side == side]
            move_all(actor, of_side, Step.LET_GO, to=Holder(side), reason="gone")
        if gone:
            record(actor, "portfolio.let_go", None, moved=len(gone))
        return len(gone)


def _receiver(person: UUID, side: Side) -> BrandPerson:
    """INVARIANT: at the agency nobody comes to speak for a brand by a hand-over whose briefing in force they have not read."""
    found = person_here(person, side)
    if found is None:
        raise Missing("person")
    if not may(Role(found.role), Verb.CONVERSATION_HOLD):
        raise Refused("may_not_receive")
    if side is Side.AGENCY and not has_acknowledged(person):
        raise Refused("briefing_not_acknowledged", person=found.name)
    return found


def _offers(person: UUID, receiver: BrandPerson) -> int:
    waiting = Offer.objects.filter(to_person=person, to_side=receiver.side, closed_at=None)
    rows = waiting.select_related("conversation").select_for_update(of=("self",))
    theirs = [offer.pk for offer in rows if may_receive(receiver, offer.conversation)]
    return Offer.objects.filter(pk__in=theirs).update(to_person=receiver.person_id)
