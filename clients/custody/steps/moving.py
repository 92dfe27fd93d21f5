"""The only writes to a conversation: its beginning, what was said, and each step of it. They need an open transaction.

INVARIANT: nobody else writes turns or holdings, and holder, state and lock of a conversation change through `move` alone, with
its row locked (`access_conversation(..., lock=True)`) and a holding beside it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from clients.audit.actions import record
from clients.custody.models import Conversation, Holding, Offer, Turn
from clients.custody.queries import asker, holder_of, open_offer, situation_of
from clients.custody.rules import (
    Answer,
    Holder,
    Medium,
    Situation,
    State,
    Step,
    TurnKind,
    Voice,
    after,
    plain_handle,
    why_not,
)
from clients.disclosure.rules import InfoClass
from clients.outbox.actions import cancel, enqueue
from clients.people.actor import Actor
from tenants.errors import Conflict, Refused

CLOCKS = "service.look"
"""Kind of the outbox row by which the clocks, which lie above, are read anew after a step."""
WAKE, LAPSE, LETTER, AWAY, BACK = "custody.wake", "custody.lapse", "custody.letter", "custody.away", "custody.back"
"""Kinds of outbox rows: a snooze that is over, an offer nobody answered, a letter about one, the ends of an absence."""

EVER = datetime.min.replace(tzinfo=UTC)

__all__ = ["holder_of"]  # asked for together with `move`


@dataclass(frozen=True, slots=True)
class Said:
    """What was said, before it is a turn. `mention` and `item` are ids of what lies above."""

    voice: Voice
    text: str = ""
    kind: TurnKind = TurnKind.MESSAGE
    author: str = ""
    author_handle: str = ""
    channel: UUID | None = None
    remote_id: str = ""
    in_reply_to: str = ""
    mention: UUID | None = None
    item: UUID | None = None
    of: Turn | None = None
    at: datetime | None = None


def open_conversation(
    actor: Actor, *, medium: Medium, holder: Holder, info_class: str = InfoClass.SHARED, **facts: Any
) -> Conversation:
    """Begin a conversation, held by `holder`; or, where its thread has one already, that one, untouched.

    `facts`: columns of the conversation. `handle` comes as the channel calls it.
    """
    thread = facts.pop("thread", "")
    known = Conversation.objects.select_for_update(no_key=True).filter(thread=thread).first() if thread else None
    if known is not None:
        return known
    begun = Conversation(
        medium=medium,
        thread=thread,
        info_class=info_class,
        holder_side=holder.side,
        holder_person=holder.person,
        holder_team=holder.team,
        **{"owner_side": str(holder.side)} | facts | {"handle": plain_handle(facts.get("handle", ""))},
    )
    (begun,) = Conversation.objects.bulk_create([begun], ignore_conflicts=bool(thread))
    return _begun(actor, begun)


def _begun(actor: Actor, begun: Conversation) -> Conversation:
    """Who lost the race for a thread gets what the winner began."""
    stored = Conversation.objects.select_for_update().filter(pk=begun.pk).first()
    if stored is None:
        return Conversation.objects.select_for_update().get(thread=begun.thread)
    _note(actor, stored, Step.OPEN, None, holder_of(stored), was_state="", now_state=State(stored.state))
    return stored


def require_step(actor: Actor, conversation: Conversation, step: Step) -> Situation:
    """What the guard was asked about. Refused(code of `rules.WHO`, step=...) unless `actor` may take this step now."""
    situation = situation_of(conversation)
    if code := why_not(step, asker(actor, timezone.now()), situation):
        raise Refused(code, step=str(step), holder=str(situation.holder.side))
    return situation


def close_offer(conversation: Conversation, answer: Answer, reason: str = "") -> Offer | None:
    """What was offered is so no longer; the offer, if there was one. It leaves the work of whom it waited for."""
    offer = open_offer(conversation)
    if offer is not None:
        offer.answer, offer.reason, offer.closed_at = answer, reason, timezone.now()
        offer.save(update_fields=("answer", "reason", "closed_at"))
        cancel(LAPSE, key=str(offer.pk))
    return offer


def hear(actor: Actor, conversation: Conversation, said: Said) -> Turn:
    """The member spoke: a turn, and what waited, slept or was closed is open again. Needs the row locked."""
    turn = add_turn(conversation, said)
    if conversation.state != State.OPEN:
        move(actor, conversation, Step.SAID)
    return turn


def add_turn(conversation: Conversation, said: Said) -> Turn:
    """Write down what was said; the member's words wake what waited or slept, see `hear`. Needs the row locked."""
    last = Turn.objects.filter(conversation=conversation).aggregate(last=Max("number"))["last"] or 0
    now = timezone.now()
    turn = Turn.objects.create(
        conversation=conversation,
        number=last + 1,
        voice=said.voice,
        kind=said.kind,
        text=said.text,
        author=said.author[:200],
        author_handle=said.author_handle[:200],
        channel=said.channel or conversation.channel,
        remote_id=said.remote_id,
        in_reply_to=said.in_reply_to,
        mention=said.mention,
        item=said.item,
        of=said.of,
        at=said.at or now,
        seen_at=now,
    )
    conversation.last_said_at = max(conversation.last_said_at, turn.at)
    conversation.save(update_fields=("last_said_at",))
    return turn


def move(
    actor: Actor,
    conversation: Conversation,
    step: Step,
    *,
    to: Holder | None = None,
    until: datetime | None = None,
    into: Conversation | None = None,
    **more: Any,
) -> Holding:
    """Take one step of the table: the holding, the conversation's row, the line of the log.

    `to`: whose hands it comes into; None where they stay. `until`: of a snooze. `into`: of a merge. `more`: note, reason, of.
    Raises Conflict('conversation_not_in_this_state') where the table knows no such step.
    """
    was, state = holder_of(conversation), after(conversation.state, step)
    if state is None or (conversation.merged_into_id is not None and step is not Step.SPLIT):
        raise Conflict("conversation_not_in_this_state", state=str(conversation.state), step=str(step))
    now = to or was
    if now.side is not was.side:  # INVARIANT: a side changes against whoever answers, however the caller locked the row
        Conversation.objects.select_for_update().only("pk").get(pk=conversation.pk)
    if into is not None:
        more["reason"] = str(into.pk)  # what was done in there while it was inside counts for both, long after a split
    holding = _note(actor, conversation, step, was, now, was_state=conversation.state, now_state=state, **more)
    if now != was:
        conversation.holder_side, conversation.holder_person, conversation.holder_team = now.side, now.person, now.team
        conversation.held_since = holding.at
    if step in {Step.LOCK, Step.UNLOCK}:
        conversation.locked = step is Step.LOCK
    if step is Step.MERGE:
        Conversation.objects.filter(merged_into=conversation).update(
            merged_into=into
        )  # INVARIANT: one step leads to what holds
    closed = state is State.CLOSED
    conversation.closed_at = (conversation.closed_at or holding.at) if closed else None
    conversation.merged_into = into if step is Step.MERGE else (conversation.merged_into if closed else None)
    conversation.until = (until or conversation.until) if state is State.SNOOZED else None
    conversation.state = state
    conversation.save(update_fields=_STANDING)
    enqueue(CLOCKS, {"conversation": str(conversation.pk)}, key=str(conversation.pk))
    return holding


def move_all(
    actor: Actor, conversations: Collection[Conversation], step: Step, *, to: Holder, note: str = "", reason: str = ""
) -> None:
    """The same step for many that are locked and whose state it leaves alone: into other hands of the side that holds them.

    INVARIANT: within a side, so no answer that is leaving can become the other side's. Three statements, however many; the
    caller's line of the log tells of all of them.
    """
    ids = [one.pk for one in conversations]
    known = Holding.objects.filter(conversation__in=ids).order_by().values_list("conversation")
    last = {one: (number, at) for one, number, at in known.annotate(Max("number"), Max("at"))}
    now = max((timezone.now(), *(at for _, at in last.values())))
    rows = []
    for one in conversations:
        was = holder_of(one)
        if was.side is not to.side or after(one.state, step) != one.state:
            raise ValueError("not_a_step_within_a_side")
        rows.append(
            Holding(
                conversation=one,
                number=last[one.pk][0] + 1,
                step=step,
                **_hands(was, to),
                was_state=one.state,
                now_state=one.state,
                note=note,
                reason=reason,
                at=now,
                **_by(actor),
            )
        )
    Holding.objects.bulk_create(rows)
    Conversation.objects.filter(pk__in=ids).update(
        holder_side=to.side, holder_person=to.person, holder_team=to.team, held_since=now
    )


_STANDING = (
    "holder_side",
    "holder_person",
    "holder_team",
    "held_since",
    "locked",
    "closed_at",
    "merged_into",
    "until",
    "state",
)


def _note(
    actor: Actor,
    conversation: Conversation,
    step: Step,
    was: Holder | None,
    now: Holder,
    *,
    was_state: str,
    now_state: State,
    **more: Any,
) -> Holding:
    """INVARIANT: a step is never before the one it follows, whatever the clocks of two machines say: times add up."""
    steps = Holding.objects.filter(conversation=conversation).order_by("-number")
    last, at = steps.values_list("number", "at").first() or (0, EVER)
    holding = Holding.objects.create(
        conversation=conversation,
        number=last + 1,
        step=step,
        at=max(timezone.now(), at),
        **_hands(was, now),
        was_state=was_state,
        now_state=now_state,
        **_by(actor),
        **more,
    )
    record(
        actor,
        f"conversation.{step}",
        conversation,
        was=str(was.side) if was else "",
        now=str(now.side),
        state=str(now_state),
        holding=str(holding.pk),
    )
    return holding


def _hands(was: Holder | None, now: Holder) -> dict[str, Any]:
    return {
        "was_side": was.side if was else "",
        "was_person": was.person if was else None,
        "was_team": was.team if was else "",
        "now_side": now.side,
        "now_person": now.person,
        "now_team": now.team,
    }


def _by(actor: Actor) -> dict[str, Any]:
    return {"by_person": actor.person_id, "by_name": actor.name, "side": str(actor.side or "")}
