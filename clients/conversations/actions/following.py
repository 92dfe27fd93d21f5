"""What became of an item that speaks in a conversation: once it has left, a turn of ours says so, and never by the press."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from clients.conversations.models import Reply
from clients.conversations.queries import receipt_of
from clients.conversations.steps import speak
from clients.custody.models import Conversation, Turn
from clients.custody.rules import Voice
from clients.items.content import Content
from clients.items.life import ItemState
from clients.outbox.registry import Later
from clients.people.access import require_process
from clients.people.actor import Actor
from tenants.vocabulary import Side
from tenants.walls.scope import durable

LEAVING = frozenset({ItemState.CLEARED, ItemState.SENDING, ItemState.UNCERTAIN})
SOON, SLOWLY = timedelta(seconds=30), timedelta(minutes=10)
"""How soon a reply is looked at again: while it leaves, and while it waits for somebody."""


def follow_reply(actor: Actor, *, reply_id: UUID) -> None:
    """For a worker: once the item has left, our turn. Raises Refused('not_allowed'), and `Later` until that is over."""
    require_process(actor)
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
    conversation = Conversation.objects.select_for_update(no_key=True).get(pk=into)
    if Turn.objects.filter(item=reply.item_id).exists():
        return
    item, receipt = reply.item, receipt_of(reply.item_id, conversation.channel)
    assert item.version is not None
    content = Content.from_data(item.version.content)  # what an erasure left of it, if there was one
    speak(
        actor,
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
