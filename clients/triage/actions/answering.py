"""Answering a mention: it becomes a conversation, an item speaks there, and once that item is on its way it is answered."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind, EntryPoint
from clients.conversations.queries import begins_at, mentions_before, thread_before
from clients.conversations.rules import begins_it
from clients.conversations.steps import heard_in, lock_in_order, note_heard, own_hands, taken_into, tie
from clients.custody.access import access_conversation
from clients.custody.models import Conversation
from clients.custody.queries import holder_of
from clients.custody.rules import Holder, TurnKind
from clients.disclosure.rules import is_kept
from clients.items.content import Content
from clients.items.life import ItemState
from clients.items.models import Item
from clients.items.steps import check_shape
from clients.mentions.access import access_mention
from clients.mentions.models import Mention
from clients.mentions.raw import RawMention
from clients.outbox.registry import Later
from clients.people.access import require, require_process
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from clients.service.steps import reckon
from clients.triage.models import Answer
from clients.triage.rules import Place, Step, after, place_of
from clients.triage.steps import SOON, answers, reply_in, rule
from tenants.vocabulary import Side
from tenants.walls.scope import BrandRef, durable

TO_CONVERSATION = "conversation"
"""Why a mention is handed over to nobody in particular."""
_SAYS = {ActionKind.ACKNOWLEDGE: TurnKind.ACKNOWLEDGEMENT}
ON_ITS_WAY = frozenset({ItemState.CLEARED, ItemState.SENDING, ItemState.SENT, ItemState.UNCERTAIN})
OVER = frozenset({ItemState.SENT, ItemState.WITHDRAWN})
SLOWLY = timedelta(minutes=10)
"""How soon an answer that waits for somebody is looked at again."""


def begin_answer(actor: Actor, *, mention_id: UUID, content: Content, note: str = "") -> Item:
    """A new draft that answers a mention in its conversation; both are in this person's hands, unless others hold them.

    Raises as `create_item`, Missing('mention'), Conflict('title_kept', 'title').
    """
    require(actor, Verb.ITEM_CREATE)
    require(actor, Verb.MENTION_TRIAGE)
    check_shape(content)
    with durable(actor.brand):
        mention = access_mention(actor, mention_id, lock=True)
        conversation = taken_into(actor, mention, own_hands(actor))
        item = tie(actor, conversation, content, _SAYS.get(content.kind, TurnKind.ANSWER), note).item
        answers(actor, mention, item)
        if after(place_of(mention.state, mention.outcome), Step.HOLD):
            rule(actor, mention, Step.HOLD)
        return item


def begin_reply(
    actor: Actor,
    *,
    conversation_id: UUID,
    content: Content,
    kind: TurnKind = TurnKind.ANSWER,
    note: str = "",
    promised_at: datetime | None = None,
) -> Item:
    """A new draft that speaks in a conversation; it answers the mention that was said last there, if one was.

    Who holds the conversation is asked at the gate: a draft is for both sides to see. Raises as `begin_answer`,
    Missing('conversation'), Invalid('unknown_kind', 'kind').
    """
    require(actor, Verb.ITEM_CREATE)
    require(actor, Verb.CONVERSATION_HOLD)
    check_shape(content)
    with durable(actor.brand):
        conversation = access_conversation(actor, conversation_id, lock=True)
        return reply_in(actor, conversation, content, kind, note, promised_at)


def take_up(actor: Actor, *, mention_id: UUID) -> Conversation:
    """Make a conversation of a mention, or find the one it goes on with. From then on it is looked after there.

    Raises Refused('not_allowed'), Missing('mention').
    """
    require(actor, Verb.MENTION_TRIAGE)
    with durable(actor.brand):
        mention = access_mention(actor, mention_id, lock=True)
        conversation = taken_into(actor, mention, own_hands(actor))
        _looked_after(actor, mention)
        return conversation


def go_on(brand: BrandRef, *, source: UUID, said: Mapping[str, RawMention]) -> int:
    """For what has just been taken in: what it answers is kept, and what goes on with a conversation is heard there.

    Where the brand has said so for the source, what is written to it alone begins one.
    `said` by the key of its mention. How many turns that made. Safe to repeat.
    """
    tells = {key: raw for key, raw in said.items() if raw.in_reply_to or raw.references or raw.direct}
    if not tells:
        return 0
    with durable(brand):
        actor = process_of(brand, EntryPoint.WORKER, "intake")
        found = _locked(source, tells)
        for mention in found:
            note_heard(mention, tells[mention.key])
        lock_in_order(thread_before(mention) for mention in found)
        side = begins_at().get(source)
        taken = (_goes_on(actor, mention, side if begins_it(tells[mention.key]) else None) for mention in found)
        heard = [one for one in taken if one is not None]
        for conversation in {one.pk: one for one in heard}.values():
            reckon(conversation)
        return len(heard)


def answer_lost_or_sent(actor: Actor, *, answer_id: UUID) -> None:
    """For a worker: bring the mention to where its answer is. Raises Refused('not_allowed'), and `Later` until that is over."""
    require_process(actor)
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
    for mention in Mention.objects.select_for_update(no_key=True).filter(pk__in=_answered_by(answer)).order_by("pk"):
        place = place_of(mention.state, mention.outcome)
        if state in ON_ITS_WAY and after(place, Step.ANSWER):
            rule(actor, mention, Step.ANSWER)
        if state not in ON_ITS_WAY and place is Place.ANSWERED and not _another_leaves(mention.pk, answer):
            rule(actor, mention, Step.LOSE)


def _answered_by(answer: Answer) -> list[UUID]:
    """Its mention, and what else the member had said in the conversation before it was written."""
    return [answer.mention_id, *mentions_before(answer.item_id)]


def _another_leaves(mention: UUID, answer: Answer) -> bool:
    others = Answer.objects.filter(mention=mention).exclude(pk=answer.pk)
    return others.filter(item__state__in=list(ON_ITS_WAY)).exists()


def _looked_after(actor: Actor, mention: Mention) -> None:
    """It is handed over, to its conversation: there it waits, and there it is answered."""
    place = place_of(mention.state, mention.outcome)
    if place is not Place.HANDED and after(place, Step.HAND):
        rule(actor, mention, Step.HAND, reason=TO_CONVERSATION)


def _goes_on(actor: Actor, mention: Mention, side: Side | None) -> Conversation | None:
    """Where it was heard, or what it begins, held by `side`. The clocks are still to be read anew: once for all that was said."""
    before = thread_before(mention)
    if mention.copy_of_id is not None or (before is None and side is None):
        return None
    holder = holder_of(before) if before else Holder(_reading(side, mention))
    conversation, _ = heard_in(actor, mention, holder)
    _looked_after(actor, mention)
    return conversation


def _locked(source: UUID, keys: Collection[str]) -> list[Mention]:
    """As they were found; locked in the order in which people lock several, and before any conversation."""
    new = Mention.objects.filter(source=source, key__in=list(keys), heard=None).order_by("pk")
    return sorted(new.select_for_update(no_key=True, of=("self",)), key=lambda one: (one.found_at, one.pk))


def _reading(side: Side | None, mention: Mention) -> Side:
    """INVARIANT: what the agency may not read is never in its hands."""
    return side if side and not is_kept(mention.info_class) else Side.BRAND
