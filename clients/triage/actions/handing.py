"""Handing a mention to somebody: to the other side, to a department. It waits on their work until they say what came of it."""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.rules import InfoClass, may_read, strictness
from clients.mentions.access import access_mention
from clients.mentions.models import Mention
from clients.outbox.actions import enqueue
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from clients.triage.access import access_handing
from clients.triage.models import Handing
from clients.triage.rules import LETTER_AFTER, Step, checked_words
from clients.triage.steps import LETTER, require_no_collision, rule
from tenants.errors import Conflict, Missing, Refused
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side
from tenants.walls.scope import durable


def hand_mention(actor: Actor, *, mention_id: UUID, to_person: UUID, note: str = "", seen_holder: str = "") -> Handing:
    """Hand it over, with a note. They get a letter, and it waits on their work.

    Raises Refused('not_allowed' | 'may_not_receive'), Missing('mention' | 'person'), Invalid('too_long', 'words'),
    Conflict('hand_to_oneself' | 'mention_not_in_this_state' | 'held_by_another').
    """
    require(actor, Verb.MENTION_TRIAGE)
    words = checked_words(note)
    if to_person == actor.somebody:
        raise Conflict("hand_to_oneself")
    with durable(actor.brand):
        mention = access_mention(actor, mention_id, lock=True)
        require_no_collision(actor, mention, seen_holder)
        person = BrandPerson.objects.filter(live=True, person_id=to_person).first()
        if person is None:
            raise Missing("person")
        require_receivable(person, mention)
        rule(actor, mention, Step.HAND, words=words, to_person=person.person_id, to_name=person.name)
        return _waits_for(actor, mention, person, words)


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


def require_receivable(person: BrandPerson, mention: Mention) -> None:
    """Raises Refused('may_not_receive') for who may not read it anyway and is no department of the brand.

    INVARIANT: a handing opens one mention to one department contact, and never what only the brand or named people read.
    """
    role, side = Role(person.role), Side(person.side)
    if may(role, Verb.MENTION_READ) and may_read(side, role, person.person_id, mention.info_class, mention.named):
        return
    if role is Role.DEPARTMENT_CONTACT and strictness(mention.info_class) <= strictness(InfoClass.SHARED):
        return
    raise Refused("may_not_receive")


def _waits_for(actor: Actor, mention: Mention, person: BrandPerson, note: str) -> Handing:
    handing = Handing.objects.create(
        mention=mention,
        to_person=person.person_id,
        to_side=person.side,
        note=note,
        from_person=actor.somebody,
        from_name=actor.name,
    )
    enqueue(LETTER, {"handing": str(handing.pk)}, key=str(handing.pk), due_at=handing.at + LETTER_AFTER)
    return handing
