"""Taking one step with a mention, inside an open transaction and with its row locked: the ruling, the row, the line of the log.

INVARIANT: nobody else writes rulings, and no ruling is written without the mention being where it says.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.conversations.steps import give_sign, tie
from clients.custody.access import lock_to_move
from clients.custody.models import Conversation
from clients.custody.queries import open_offer
from clients.custody.rules import Answer as Withdrawn
from clients.custody.rules import Step as CustodyStep
from clients.custody.rules import TurnKind
from clients.custody.steps import close_offer, move, require_step
from clients.items.content import Content
from clients.items.models import Item
from clients.mentions import steps as standing
from clients.mentions.models import Mention
from clients.mentions.rules import Outcome
from clients.outbox.actions import enqueue
from clients.people.actor import Actor
from clients.triage.models import Answer, Handing, Presence, Ruling
from clients.triage.queries import last_of, last_step, offer_of_handing, sign_of_life
from clients.triage.rules import STANDING, Place, Step, after, collides, may_undo, place_of
from tenants.errors import Conflict

WAKE, FOLLOW = "triage.wake", "triage.follow"
"""Kinds of outbox rows: a snooze that is over, an answer that may have left."""
SOON = timedelta(seconds=30)
"""How soon an answer that leaves is looked at again."""


def rule(actor: Actor, mention: Mention, step: Step, **more: Any) -> Ruling:
    """Take one step of the table. `more`: columns of the ruling. Conflict('mention_not_in_this_state') where it knows none."""
    was = place_of(mention.state, mention.outcome)
    now = after(was, step)
    if now is None:
        raise Conflict("mention_not_in_this_state", place=str(was), step=str(step))
    return _write(actor, mention, step, was, now, **more)


def take_back(actor: Actor, mention: Mention, **more: Any) -> Ruling:
    """Undo one's own last step, shortly after. Raises Conflict('too_late_to_undo')."""
    last, now = last_of(mention), timezone.now()
    if last is None or not may_undo(last_step(last), actor.person_id, now):
        raise Conflict("too_late_to_undo")
    ruling = _write(
        actor, mention, Step.UNDO, Place(last.now), Place(last.was), of=last, until=_until_before(last), **more
    )
    if last.step == Step.MERGE:
        standing.unfold(mention, [UUID(one) for one in last.along])
    if last.step == Step.SPLIT and last.into is not None:
        standing.fold(mention, last.into)
    return ruling


def answers(actor: Actor, mention: Mention, item: Item) -> None:
    """This item answers the mention; what becomes of it is looked at by itself."""
    answer = Answer.objects.create(mention=mention, item=item, by_person=actor.somebody)
    enqueue(FOLLOW, {"answer": str(answer.pk)}, key=str(answer.pk), due_at=timezone.now() + SOON)


def reply_in(
    actor: Actor,
    conversation: Conversation,
    content: Content,
    kind: TurnKind,
    note: str = "",
    promised_at: datetime | None = None,
) -> Item:
    """As `actions.begin_reply`, in an open transaction that has locked the conversation."""
    reply = tie(actor, conversation, content, kind, note, promised_at)
    mention = Mention.objects.filter(pk=reply.to.mention).first() if reply.to and reply.to.mention else None
    if mention is not None:
        answers(actor, mention, reply.item)
    return reply.item


def require_no_collision(actor: Actor, mention: Mention, seen_holder: str) -> None:
    """Raises Conflict('held_by_another', person=...) once: whoever has been shown who holds it may go on."""
    if collides(mention.held_by, actor.person_id, seen_holder, sign_of_life(mention), timezone.now()):
        raise Conflict("held_by_another", person=str(mention.held_by))


def see(actor: Actor, mention: Mention) -> None:
    """This person has it on the screen now."""
    give_sign(actor, Presence.objects.filter(mention=mention), mention=mention)


def wake_at(mention: Mention, until: datetime) -> None:
    enqueue(WAKE, {"mention": str(mention.pk)}, key=str(mention.pk), due_at=until)


def close_handings(mention: Mention) -> None:
    """What waited for somebody waits no longer."""
    Handing.objects.filter(mention=mention, closed_at=None).update(closed_at=timezone.now())


def take_offer_back(actor: Actor, mention: Mention, *, undone: bool) -> None:
    """What the last handing over offered is offered no longer; what was answered meanwhile stays answered.

    Raises Refused('held_by_other_side') for who may not withdraw it, Conflict('too_late_to_undo') where `undone` would take back
    what somebody has answered.
    """
    offer = offer_of_handing(mention)
    if offer is None:
        return
    conversation = lock_to_move(actor, offer.conversation_id)
    waiting = open_offer(conversation)
    if waiting is None or waiting.pk != offer.pk:
        if undone:
            raise Conflict("too_late_to_undo")
        return
    require_step(actor, conversation, CustodyStep.WITHDRAW)
    close_offer(conversation, Withdrawn.WITHDRAWN)
    move(actor, conversation, CustodyStep.WITHDRAW, of=offer.passed)


def place_again(mention: Mention, place: Place, *, until: datetime | None, held_by: UUID | None) -> None:
    """Write a place on the mention's own row."""
    if place is Place.SNOOZED and until is not None:
        standing.snooze(mention, until)
        return
    if place in {Place.OPEN, Place.SNOOZED}:
        standing.reopen(mention, held_by)
        return
    standing.settle(mention, Outcome(STANDING[place][1]))


def merge(actor: Actor, mention: Mention, into: Mention, **more: Any) -> Ruling:
    """The same story as another: from now on it goes where that one goes. Conflict('merge_with_itself' | 'merge_with_copy')."""
    if mention.pk == into.pk:
        raise Conflict("merge_with_itself")
    if into.copy_of_id is not None:
        raise Conflict("merge_with_copy")
    along: Collection[UUID] = standing.fold(mention, into)
    return rule(actor, mention, Step.MERGE, into=into, along=[str(one) for one in along], **more)


def _write(actor: Actor, mention: Mention, step: Step, was: Place, now: Place, **more: Any) -> Ruling:
    if was is Place.HANDED and now is not Place.HANDED and step is not Step.ANSWER:
        take_offer_back(actor, mention, undone=step is Step.UNDO)
    last = last_of(mention)
    ruling = Ruling.objects.create(
        mention=mention,
        number=last.number + 1 if last else 1,
        step=step,
        was=was,
        now=now,
        by_person=actor.person_id,
        by_name=actor.name,
        side=str(actor.side or ""),
        **more,
    )
    reason = str(more.get("reason", ""))
    record(actor, f"mention.{step}", mention, was=str(was), now=str(now), reason=reason, ruling=str(ruling.pk))
    if was is Place.HANDED and now is not Place.HANDED:
        close_handings(mention)
    _stand(actor, mention, step, now, more.get("until"))
    return ruling


def _stand(actor: Actor, mention: Mention, step: Step, now: Place, until: datetime | None) -> None:
    if step is Step.HOLD:
        standing.hold(mention, actor.somebody)
        see(actor, mention)
    elif step is Step.LET_GO:
        standing.hold(mention, None)
    else:
        place_again(mention, now, until=until, held_by=mention.held_by)


def _until_before(last: Ruling) -> datetime | None:
    """Until when it was snoozed before the step that is undone; a moment that is over wakes it at once."""
    if last.was != Place.SNOOZED:
        return None
    before = Ruling.objects.filter(mention_id=last.mention_id, number__lt=last.number, until__isnull=False)
    return before.order_by("-number").values_list("until", flat=True).first()
