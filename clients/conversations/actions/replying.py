"""Speaking in a conversation: an item is tied to it, and once it has left a turn of ours says so, never by the press."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from clients.conversations.models import Reply
from clients.conversations.queries import receipt_of, whole_thread
from clients.conversations.steps import follow_soon, speak
from clients.custody.access import access_conversation
from clients.custody.models import Conversation, Turn
from clients.custody.rules import State, Step, TurnKind, Voice
from clients.custody.steps import move
from clients.items.content import Content
from clients.items.life import ItemState
from clients.items.models import Item
from clients.items.steps import begin_item, check_shape
from clients.outbox.registry import Later
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid, Refused
from tenants.vocabulary import Side
from tenants.walls.scope import durable

SPEAKING = frozenset({TurnKind.ANSWER, TurnKind.ACKNOWLEDGEMENT, TurnKind.QUESTION})
LEAVING = frozenset({ItemState.CLEARED, ItemState.SENDING, ItemState.UNCERTAIN})
SOON, SLOWLY = timedelta(seconds=30), timedelta(minutes=10)
"""How soon a reply is looked at again: while it leaves, and while it waits for somebody."""


def begin_reply(
    actor: Actor,
    *,
    conversation_id: UUID,
    content: Content,
    kind: TurnKind = TurnKind.ANSWER,
    note: str = "",
    promised_at: datetime | None = None,
) -> Item:
    """A new draft that speaks in a conversation. Who holds it is asked at the gate: a draft is for both sides to see.

    Raises Refused('not_allowed'), Missing('conversation'), Invalid('unknown_kind', 'kind') and as `create_item`.
    """
    require(actor, Verb.ITEM_CREATE)
    require(actor, Verb.CONVERSATION_HOLD)
    if kind not in SPEAKING:
        raise Invalid("unknown_kind", "kind")
    check_shape(content)
    with durable(actor.brand):
        conversation = access_conversation(actor, conversation_id, lock=True)
        return tie(actor, conversation, content, kind, note, promised_at).item


def tie(
    actor: Actor,
    conversation: Conversation,
    content: Content,
    kind: TurnKind,
    note: str = "",
    promised_at: datetime | None = None,
) -> Reply:
    """In the open transaction: the draft, and that it speaks in this conversation."""
    item = begin_item(actor, content, note)
    reply = Reply.objects.create(
        conversation=conversation,
        item=item,
        to=_aimed_at(conversation, content.target),
        kind=kind,
        promised_at=promised_at,
        by_person=actor.somebody,
    )
    follow_soon(reply)
    return reply


def follow_reply(actor: Actor, *, reply_id: UUID) -> None:
    """For a worker: once the item has left, our turn. Raises Refused('not_allowed'), and `Later` until that is over."""
    if actor.side is not None:
        raise Refused("not_allowed")
    with durable(actor.brand):
        reply = Reply.objects.select_related("item__version", "conversation").filter(pk=reply_id).first()
        if reply is None:
            return
        state = ItemState(reply.item.state)
        if state is ItemState.SENT:
            _said(actor, reply)
    if state not in {ItemState.SENT, ItemState.WITHDRAWN}:
        raise Later(timezone.now() + (SOON if state in LEAVING else SLOWLY))


def _said(actor: Actor, reply: Reply) -> None:
    """Once for each item. Where the conversation was merged meanwhile, our words are heard in the other."""
    into = reply.conversation.merged_into_id or reply.conversation_id
    conversation = Conversation.objects.select_for_update().get(pk=into)
    if Turn.objects.filter(item=reply.item_id).exists():
        return
    item, receipt = reply.item, receipt_of(reply.item_id, conversation.channel)
    assert item.version is not None
    content = item.version.exact_content()
    speak(
        conversation,
        reply,
        voice=Voice.BRAND if item.doer_side == Side.BRAND else Voice.AGENCY,
        text=content.text_for(str(receipt.channel_id) if receipt else ""),
        author=receipt.person_name if receipt else item.author_name,
        channel=receipt.channel_id if receipt else conversation.channel,
        remote_id=receipt.remote_id if receipt else "",
        in_reply_to=content.target,
        at=receipt.sent_at if receipt else None,
    )
    if reply.kind == TurnKind.QUESTION and conversation.state in {State.OPEN, State.SNOOZED}:
        move(actor, conversation, Step.WAIT)


def _aimed_at(conversation: Conversation, target: str) -> Turn | None:
    """The turn that the words are aimed at, else the member's last."""
    theirs = whole_thread(conversation).filter(voice=Voice.MEMBER)
    aimed = theirs.filter(remote_id=target).last() if target else None
    return aimed or theirs.last()
