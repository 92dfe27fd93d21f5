"""The doors to one conversation: refused equals absent."""

from uuid import UUID

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from clients.custody.models import Conversation, Offer, StandIn
from clients.custody.queries import person_here, readable_conversations
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
    require(actor, Verb.CONVERSATION_HELD if lock else _reading(actor))
    found = _found(actor, conversation_id, no_key=True) if lock else _found(actor, conversation_id)
    if not lock:
        note_reads(actor, [reading(found)], subject=found)
    return found


def lock_to_move(actor: Actor, conversation_id: UUID) -> Conversation:
    """One conversation, locked against whoever answers in it, too: `queries.holder_for` holds its key while an answer leaves.

    INVARIANT: the holder changes under this lock alone. Locked before any item, as the sender does.
    Raises Missing('conversation'), Conflict('answer_is_leaving') where the answer takes longer than any should.
    """
    require(actor, Verb.CONVERSATION_HELD)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}s'")
    try:
        return _found(actor, conversation_id, no_key=False)
    except OperationalError as busy:
        if isinstance(busy.__cause__, LockNotAvailable):
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


def reading(conversation: Conversation) -> Reading:
    """A conversation, as the log names what was read."""
    return Reading(Conversation._meta.label_lower, conversation.pk, "", conversation.info_class)


def _reading(actor: Actor) -> Verb:
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
