"""Answering a mention: an item is tied to it, and the mention is answered once that item is on its way, never by a press."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from clients.items.content import Content
from clients.items.life import ItemState
from clients.items.models import Item
from clients.items.steps import begin_item, check_shape
from clients.mentions.access import access_mention
from clients.mentions.models import Mention
from clients.outbox.actions import enqueue
from clients.outbox.registry import Later
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.triage.models import Answer
from clients.triage.rules import Place, Step, after, place_of
from clients.triage.steps import FOLLOW, rule
from tenants.errors import Refused
from tenants.walls.scope import durable

ON_ITS_WAY = frozenset({ItemState.CLEARED, ItemState.SENDING, ItemState.SENT, ItemState.UNCERTAIN})
OVER = frozenset({ItemState.SENT, ItemState.WITHDRAWN})
SOON, SLOWLY = timedelta(seconds=30), timedelta(minutes=10)
"""How soon an answer is looked at again: while it leaves, and while it waits for somebody."""


def begin_answer(actor: Actor, *, mention_id: UUID, content: Content, note: str = "") -> Item:
    """A new draft that answers a mention; the mention is in this person's hands. Raises as `create_item`, Missing('mention')."""
    require(actor, Verb.ITEM_CREATE)
    require(actor, Verb.MENTION_TRIAGE)
    check_shape(content)
    with durable(actor.brand):
        mention = access_mention(actor, mention_id, lock=True)
        item = begin_item(actor, content, note)
        answer = Answer.objects.create(mention=mention, item=item, by_person=actor.somebody)
        if after(place_of(mention.state, mention.outcome), Step.HOLD):
            rule(actor, mention, Step.HOLD)
        enqueue(FOLLOW, {"answer": str(answer.pk)}, key=str(answer.pk), due_at=timezone.now() + SOON)
        return item


def answer_lost_or_sent(actor: Actor, *, answer_id: UUID) -> None:
    """For a worker: bring the mention to where its answer is. Raises Refused('not_allowed'), and `Later` until that is over."""
    if actor.side is not None:
        raise Refused("not_allowed")
    with durable(actor.brand):
        answer = Answer.objects.select_related("item").filter(pk=answer_id).first()
        if answer is None:
            return
        state = ItemState(answer.item.state)
        follow(actor, answer, state)
    if state not in OVER:
        raise Later(timezone.now() + (SOON if state in ON_ITS_WAY else SLOWLY))


def follow(actor: Actor, answer: Answer, state: ItemState) -> None:
    """One look at one answer, in the open transaction. What had another outcome meanwhile keeps it."""
    mention = Mention.objects.select_for_update().get(pk=answer.mention_id)
    place = place_of(mention.state, mention.outcome)
    if state in ON_ITS_WAY and after(place, Step.ANSWER):
        rule(actor, mention, Step.ANSWER)
    if state not in ON_ITS_WAY and place is Place.ANSWERED and not _another_leaves(answer):
        rule(actor, mention, Step.LOSE)


def _another_leaves(answer: Answer) -> bool:
    others = Answer.objects.filter(mention=answer.mention_id).exclude(pk=answer.pk)
    return others.filter(item__state__in=list(ON_ITS_WAY)).exists()
