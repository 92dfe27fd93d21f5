"""Conversations begin: with what somebody said in public or wrote to the brand, or with what people heard themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from clients.conversations.queries import with_side_since
from clients.conversations.rules import LONGEST_REPLY, checked_text
from clients.conversations.steps import own_hands, taken_into
from clients.custody.access import access_conversation
from clients.custody.models import Conversation
from clients.custody.queries import holder_of
from clients.custody.rules import Medium, TurnKind, Voice
from clients.custody.steps import Said, add_turn, hear, open_conversation
from clients.disclosure.rules import InfoClass
from clients.mentions.access import access_mention
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.service.queries import has_run_out
from clients.service.steps import reckon
from tenants.errors import Invalid, Refused
from tenants.walls.scope import durable

BY_PEOPLE = frozenset({Medium.PHONE, Medium.FIELD})
LONGEST_NAME = 200
LONGEST_AGO = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Talk:
    """What somebody heard themselves: by whom, and what was answered there and then, if anything was."""

    medium: Medium
    said: str
    answered: str = ""
    name: str = ""
    handle: str = ""
    title: str = ""
    language: str = ""
    member: UUID | None = None
    at: datetime | None = None


def open_from_mention(actor: Actor, *, mention_id: UUID) -> Conversation:
    """The conversation of a mention: the one that goes on with it, or a new one in this person's hands.

    Raises Refused('not_allowed'), Missing('mention').
    """
    require(actor, Verb.CONVERSATION_HOLD)
    with durable(actor.brand):
        mention = access_mention(actor, mention_id, lock=True)
        return taken_into(actor, mention, own_hands(actor))


def note_talk(actor: Actor, *, talk: Talk, conversation_id: UUID | None = None) -> Conversation:
    """Write down a call or a meeting: a new conversation, or the next turn of one.

    What was answered there and then has been said: it counts as an answer, and only who holds the conversation may have given it.
    It counts from when it took place; where a clock has run out since, from when it is written down: nobody dates an answer
    before a breach that everybody has seen.
    Raises Refused('not_allowed' | 'held_by_other_side'), Missing('conversation'), Invalid('text_empty' | 'too_long' |
    'control_characters', 'said' | 'answered'), Invalid('unknown_medium', 'medium'), Invalid('time_future' | 'talk_too_old' |
    'before_held', 'at').
    """
    require(actor, Verb.CONVERSATION_HOLD)
    said, answered = _checked(talk)
    with durable(actor.brand):
        if conversation_id is None:
            conversation = _begun(actor, talk, said)
        else:
            conversation = access_conversation(actor, conversation_id, lock=True)
        now = timezone.now()
        at = talk.at or now
        late = conversation_id is not None and has_run_out(conversation, since=at, now=now)
        hear(actor, conversation, Said(Voice.MEMBER, said, author=talk.name, author_handle=talk.handle, at=at))
        if answered:
            if holder_of(conversation).side is not actor.side:
                raise Refused("held_by_other_side")
            if conversation_id is not None and at < with_side_since(conversation):
                raise Invalid("before_held", "at")
            voice = Voice(str(actor.side))
            add_turn(
                conversation, Said(voice, answered, kind=TurnKind.ANSWER, author=actor.name, at=now if late else at)
            )
        reckon(conversation)
        return conversation


def _checked(talk: Talk) -> tuple[str, str]:
    if talk.medium not in BY_PEOPLE:
        raise Invalid("unknown_medium", "medium")
    if talk.at and talk.at > timezone.now():
        raise Invalid("time_future", "at")
    if talk.at and talk.at < timezone.now() - LONGEST_AGO:
        raise Invalid("talk_too_old", "at", most=LONGEST_AGO.days)
    if len(talk.name) > LONGEST_NAME:
        raise Invalid("too_long", "name", most=LONGEST_NAME)
    answered = checked_text(talk.answered, LONGEST_REPLY, "answered") if talk.answered.strip() else ""
    return checked_text(talk.said, LONGEST_REPLY, "said"), answered


def _begun(actor: Actor, talk: Talk, said: str) -> Conversation:
    return open_conversation(
        actor,
        medium=talk.medium,
        holder=own_hands(actor),
        info_class=InfoClass.SHARED,
        title=(" ".join(talk.title.split()) or " ".join(said.split()))[:300],
        language=talk.language[:8],
        member=talk.member,
        member_name=talk.name,
        handle=talk.handle,
        last_said_at=talk.at or timezone.now(),
    )
