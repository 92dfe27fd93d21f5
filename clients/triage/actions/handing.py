"""Handing a mention to somebody: to the other side, to a department. Its conversation is passed on to them, with a note.

Nothing stands beside the conversation: who was handed a mention accepts, declines, answers or gives back there. What was handed
over before conversations is still told back here.
"""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.conversations.steps import joined, own_hands
from clients.custody.queries import person_here
from clients.custody.rules import Holder
from clients.custody.steps import offer_to
from clients.mentions.access import access_mention
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.triage.access import access_handing
from clients.triage.models import Handing, Ruling
from clients.triage.rules import Step, checked_words
from clients.triage.steps import require_no_collision, rule
from tenants.errors import Conflict, Missing
from tenants.models import BrandPerson
from tenants.vocabulary import Side
from tenants.walls.scope import durable


def hand_mention(actor: Actor, *, mention_id: UUID, to_person: UUID, note: str, seen_holder: str = "") -> Ruling:
    """Hand it over, with a note: the conversation it belongs to is offered to them, and waits on their work.

    That is the one it goes on with, else one with the same member over the same channel that is still open, else a new one in
    this person's hands. Who is away is stood in for. INVARIANT: the rules of custody decide, so the mention is handed over and
    its conversation passed on, or neither.
    Raises Refused('not_allowed' | 'may_not_receive' | 'held_by_other_side'), Missing('mention' | 'person'),
    Invalid('words_missing' | 'too_long', 'words'), Conflict('hand_to_oneself' | 'mention_not_in_this_state' | 'held_by_another' |
    'already_offered' | 'pass_to_holder' | 'conversation_not_in_this_state' | 'answer_is_leaving').
    """
    require(actor, Verb.MENTION_TRIAGE)
    require(actor, Verb.CONVERSATION_HOLD)
    words = checked_words(note, needed=True)
    if to_person == actor.somebody:
        raise Conflict("hand_to_oneself")
    with durable(actor.brand):
        mention = access_mention(actor, mention_id, lock=True)
        require_no_collision(actor, mention, seen_holder)
        person = BrandPerson.objects.filter(live=True, person_id=to_person).first()
        if person is None:
            raise Missing("person")
        conversation = joined(actor, mention, own_hands(actor))
        offer = offer_to(actor, conversation, Holder(Side(person.side), to_person), words)
        receiver = person if offer.to_person == to_person else person_here(offer.to_person or to_person, offer.to_side)
        name = receiver.name if receiver else ""
        return rule(actor, mention, Step.HAND, words=words, to_person=offer.to_person, to_name=name, offer=offer)


def close_handing(actor: Actor, *, handing_id: UUID, answer: str) -> Handing:
    """Say what came of it. It leaves one's work; whoever handed it over reads the words.

    Raises Missing('handing'), Conflict('handing_closed'), Invalid('words_missing' | 'too_long', 'words').
    """
    require(actor, Verb.HANDED_READ)
    words = checked_words(answer, needed=True)
    with durable(actor.brand):
        handing = access_handing(actor, handing_id, lock=True)
        if handing.closed_at is not None:
            raise Conflict("handing_closed")
        handing.closed_at, handing.answer = timezone.now(), words
        handing.save(update_fields=("closed_at", "answer"))
        record(actor, "mention.told_back", handing.mention, handing=str(handing.pk))
        return handing
