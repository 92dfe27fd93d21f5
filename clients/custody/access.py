"""The doors to one conversation: refused equals absent."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import OperationalError, connection
from django.db.models import Case, F, Q, QuerySet, Value, When
from psycopg.errors import DeadlockDetected, LockNotAvailable

from clients.custody.models import Conversation, Holding, Offer, StandIn, Turn
from clients.custody.queries import history, person_here, readable_conversations, standing_turns
from clients.custody.rules import Step
from clients.disclosure.steps import Reading, note_reads
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from tenants.errors import Conflict, Missing
from tenants.models import BrandPerson

PATIENCE = 20
"""Seconds: longer than an outward call, so that whoever takes a conversation back waits for the answer that is leaving."""


def access_conversation(actor: Actor, conversation_id: UUID, *, lock: bool = False) -> Conversation:
    """One conversation that `actor` may read; from `named` upward that is written down. Missing('conversation') otherwise.

    A department contact has what was handed to them, and nothing else. `lock`: for words and facts, beside an answer that is
    leaving; whoever changes hands takes `lock_to_move`.
    """
    require(actor, Verb.CONVERSATION_HELD if lock else reading_verb(actor))
    found = _found(actor, conversation_id, no_key=True) if lock else _found(actor, conversation_id)
    if not lock:
        note_reads(actor, [reading(found)], subject=found)
    return found


def lock_to_move(actor: Actor, conversation_id: UUID) -> Conversation:
    """One conversation, locked against whoever answers in it, too: `queries.holder_for` holds its key while an answer leaves.

    INVARIANT: the holder changes under this lock alone. Locked before any item, as the sender does.
    Raises Missing('conversation'), Conflict('answer_is_leaving') where the answer takes longer than any should, or waits in turn
    for what is locked here already: one of two conversations that it speaks in.
    """
    require(actor, Verb.CONVERSATION_HELD)
    with _patience():
        return _found(actor, conversation_id, no_key=False)


def wait_for_leaving(ids: Collection[UUID]) -> None:
    """Until the transaction ends no answer leaves in any of these; one that is leaving has left. Conflict('answer_is_leaving').

    INVARIANT: in the order of their ids, as everybody who locks several.
    """
    if ids:
        with _patience():
            list(Conversation.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


@contextmanager
def _patience() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
    try:
        yield
    except OperationalError as busy:
        if isinstance(busy.__cause__, LockNotAvailable | DeadlockDetected):
            raise Conflict("answer_is_leaving") from busy
        raise


def access_stand_in(actor: Actor, stand_in_id: UUID) -> StandIn:
    """One absence on the actor's own side, locked. Missing('stand_in') otherwise."""
    require(actor, Verb.CONVERSATION_HOLD)
    found = StandIn.objects.select_for_update().filter(pk=stand_in_id, side=str(actor.side), ended_at=None).first()
    if found is None:
        raise Missing("stand_in")
    return found


def offer_to_mail(offer_id: UUID) -> tuple[Offer, BrandPerson] | None:
    """For a letter: what still waits, and for whom, if they still have a place here."""
    offer = Offer.objects.filter(pk=offer_id, closed_at=None).first()
    person = person_here(offer.to_person, offer.to_side) if offer and offer.to_person else None
    return (offer, person) if offer and person else None


def steps_open_to(actor: Actor, conversation: Conversation) -> QuerySet[Holding]:
    """What happened to it, oldest first, with all that `words_beside` asks about.

    Who was handed this one and reads no other knows of it from the offer that handed it to them.
    """
    steps = history(conversation).select_related("offer", "of")
    if may(actor.role, Verb.CONVERSATION_READ):
        return steps
    me = actor.somebody
    came = steps.filter(Q(offer__to_person=me) | (Q(now_person=me) & ~Q(was_person=me))).last()
    if came is None:
        return steps.none()
    return steps.filter(number__gte=came.of.number if came.of and came.step == Step.ACCEPT else came.number)


def words_beside(actor: Actor, step: Holding) -> str:
    """What was written as this step was taken; '' where it was not written for `actor`.

    INVARIANT: who it went to is told to all who read the conversation, what one side wrote as it moved within it is not: words
    are read on the side that wrote them, on the one they were written to, and by both where it changed sides. Who was handed
    this one alone reads those of their offer, and their own.
    """
    offer, answered, side = getattr(step, "offer", None), step.of, str(actor.side)
    if not may(actor.role, Verb.CONVERSATION_READ):
        theirs = step.by_person == actor.person_id or (offer is not None and offer.to_person == actor.person_id)
        return step.note if theirs else ""
    meant = {step.side, offer.to_side if offer else "", answered.side if answered else ""}
    return step.note if side in meant or step.was_side != step.now_side else ""


def readable_steps(actor: Actor) -> QuerySet[Holding]:
    """Steps of every conversation that `actor` reads, each with `told_note`: `words_beside` as a condition. For insiders."""
    require(actor, Verb.CONVERSATION_READ)
    side = str(actor.side)
    meant = Q(side=side) | Q(offer__to_side=side) | Q(of__side=side) | ~Q(was_side=F("now_side"))
    told = Case(When(meant, then="note"), default=Value(""))
    found = Holding.objects.filter(conversation__in=readable_conversations(actor).order_by().values("pk"))
    return found.annotate(told_note=told)


def readable_turns(actor: Actor) -> QuerySet[Turn]:
    """What stands in every conversation that `actor` may read."""
    require(actor, reading_verb(actor))
    return standing_turns().filter(conversation__in=readable_conversations(actor).order_by().values("pk"))


def reading(conversation: Conversation) -> Reading:
    """A conversation, as the log names what was read."""
    return Reading(Conversation._meta.label_lower, conversation.pk, "", conversation.info_class)


def reading_verb(actor: Actor) -> Verb:
    """The auditor reads and never holds; a department contact reads what they hold."""
    return Verb.CONVERSATION_READ if may(actor.role, Verb.CONVERSATION_READ) else Verb.CONVERSATION_HELD


def _found(actor: Actor, conversation_id: UUID, *, no_key: bool | None = None) -> Conversation:
    rows = readable_conversations(actor)
    if no_key is not None:
        rows = rows.select_for_update(no_key=no_key, of=("self",))
    found = rows.filter(pk=conversation_id).first()
    if found is None:
        raise Missing("conversation")
    return found
