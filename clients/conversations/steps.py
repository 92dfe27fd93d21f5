"""What several actions do with a conversation in their open transaction: begin it with a mention, let it hear, speak in it."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.conversations.models import Looking, Reply
from clients.conversations.queries import (
    channel_to_answer,
    conversation_named,
    conversation_of_mention,
    heard,
    member_called,
)
from clients.conversations.rules import medium_of, root_of, thread_of
from clients.custody.models import Conversation, Turn
from clients.custody.rules import Holder, State, Step, Voice
from clients.custody.steps import Said, add_turn, move, open_conversation
from clients.mentions.models import Mention
from clients.outbox.actions import enqueue
from clients.people.actor import Actor

FOLLOW = "conversations.follow"
"""Kind of outbox rows: a reply that may have left."""
_LONGEST_TITLE = 300


def taken_into(actor: Actor, mention: Mention, holder: Holder) -> Conversation:
    """The conversation that a mention belongs to, with the mention as a turn of it; a new one, held so, where there is none.

    INVARIANT: what only the brand or named people read never becomes a turn of what more people read, nor the other way round.
    """
    known = conversation_of_mention(mention.pk) or thread_before(mention)
    found = Conversation.objects.select_for_update().get(pk=known.pk) if known else _begun(actor, mention, holder)
    hear(actor, found, mention)
    return found


def thread_before(mention: Mention) -> Conversation | None:
    """The conversation that goes on with this mention, as far as its network tells."""
    told, channel = heard(mention), channel_to_answer(mention)
    before = [*reversed(told.references), told.in_reply_to] if told else []
    found = conversation_named(_thread(mention, channel), channel, before)
    same = found is not None and (found.info_class, found.named) == (mention.info_class, mention.named)
    return found if same else None


def hear(actor: Actor, conversation: Conversation, mention: Mention) -> Turn | None:
    """What the member said, once. It wakes what waited, slept or was closed. Needs the row locked."""
    if Turn.objects.filter(conversation=conversation, mention=mention.pk).exists():
        return None
    told = heard(mention)
    turn = add_turn(
        conversation,
        Said(
            voice=Voice.MEMBER,
            text=f"{mention.title}\n\n{mention.text}".strip() if _has_own_title(mention) else mention.text,
            author=mention.author,
            author_handle=mention.author_handle,
            channel=conversation.channel,
            remote_id=mention.remote_id,
            in_reply_to=told.in_reply_to if told else "",
            mention=mention.pk,
            at=mention.published_at or mention.found_at,
        ),
    )
    if conversation.state != State.OPEN and turn.number > 1:
        move(actor, conversation, Step.SAID)
    return turn


def speak(conversation: Conversation, reply: Reply, **said: Any) -> Turn:
    """Our words, now that they have left."""
    return add_turn(conversation, Said(kind=reply.kind, item=reply.item_id, **said))


def follow_soon(reply: Reply) -> None:
    enqueue(FOLLOW, {"reply": str(reply.pk)}, key=str(reply.pk), due_at=timezone.now())


def look_at(actor: Actor, conversation: Conversation) -> None:
    """This person has it on the screen now."""
    facts = {"person_name": actor.name, "side": str(actor.side or ""), "seen_at": timezone.now()}
    Looking.objects.update_or_create(conversation=conversation, person_id=actor.somebody, defaults=facts)


def _begun(actor: Actor, mention: Mention, holder: Holder) -> Conversation:
    told, channel = heard(mention), channel_to_answer(mention)
    thread = _thread(mention, channel)
    taken = bool(thread) and Conversation.objects.filter(thread=thread).exists()  # by one of another class
    return open_conversation(
        actor,
        medium=medium_of(mention.medium, direct=bool(told and told.direct)),
        holder=holder,
        info_class=mention.info_class,
        named=mention.named,
        owner_side=mention.owner_side,
        channel=channel,
        thread="" if taken else thread,
        title=" ".join((mention.title or mention.text).split())[:_LONGEST_TITLE],
        language=mention.language,
        sensitivity=mention.sensitivity,
        priority=mention.priority,
        member=member_called(mention.author_handle),
        member_name=mention.author,
        handle=mention.author_handle,
        last_said_at=mention.published_at or mention.found_at,
    )


def _thread(mention: Mention, channel: UUID | None) -> str:
    told = heard(mention)
    root = root_of(mention.remote_id, told.in_reply_to if told else "", told.references if told else ())
    return thread_of(channel, root) if root else ""


def _has_own_title(mention: Mention) -> bool:
    return bool(mention.title) and mention.medium not in {"mailbox", "imap"}
