"""Asking, and settling the answer: the writes that every action of the gate shares. They need the item's row locked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from django.db.models import Q
from django.utils import timezone

from clients.approvals.queries import needed_who_cannot_answer, people_who_approve, policy_in_force, window_of
from clients.approvals.steps import announce_window, void_window, write_notices
from clients.approvals.words import NoticeKind
from clients.audit.actions import record
from clients.autonomy.decide import decide
from clients.autonomy.decision import Decision, record_digest
from clients.autonomy.question import Question
from clients.autonomy.vocabulary import Outcome, WindowState
from clients.briefings.queries import calendar_in_force
from clients.gate.cooling import ask_in_the_morning
from clients.gate.facts import Facts, gather, question_on
from clients.gate.models import DecisionRecord, Dispatch
from clients.gate.outbound import channel_of
from clients.gate.rules import event_after, strictest
from clients.gate.words import DispatchState, Stage
from clients.items.life import Event, ItemState
from clients.items.models import Item
from clients.items.steps import move, set_deadline
from clients.outbox.actions import cancel, enqueue
from clients.people.access import actor_of
from clients.people.actor import Actor, process_of
from tenants.errors import Conflict, Invalid, Missing

SEND, LAPSE, WINDOW, EXPIRE, LOOK = "gate.send", "gate.lapse", "gate.window", "gate.expire", "gate.look"
"""Kinds of outbox rows; their handlers are in `clients.gate.tasks`."""


LONGEST_DELIVERY = timedelta(hours=24)
"""When no notice has arrived by then, none is taken to arrive."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate said for one channel, and the row that keeps it."""

    channel: str
    decision: Decision
    record: DecisionRecord


def doer_of(actor: Actor, item: Item) -> Actor:
    """By whose right the item goes out, as they stand now; on the path of whoever moves it now.

    Somebody who has left the brand since, or come back on the other side, acts for nobody: the gate refuses.
    """
    nobody = process_of(actor.brand, actor.via, item.author_name, actor.request_id)
    if item.doer_id is None:
        return nobody
    try:
        doer = actor_of(item.doer_id, actor.brand, actor.via, request_id=actor.request_id)
    except Missing:
        return nobody
    return doer if doer.side == item.doer_side else nobody


def ask(actor: Actor, item: Item, stage: Stage, *, meant_for: datetime | None = None) -> list[Answer]:
    """Ask for every channel that is still to be served, and keep each answer. Nothing is moved or sent here.

    `meant_for`: when the item is to leave, where a person says so now. Invalid('nothing_to_send') when no channel is left.
    """
    now = timezone.now()
    facts = gather(doer_of(actor, item), item, now, leaving=False, since=meant_for or item.submitted_at or now)
    due = meant_for or _meant_for(facts, item, now)
    return [_ask_on(facts, question_on(facts, channel, due), stage) for channel in _still_to_serve(item, facts)]


def ask_to_leave(actor: Actor, item: Item, dispatch: Dispatch, *, alone: bool) -> Answer:
    """Ask for one dispatch at the moment of sending. `alone`: it leaves upon this answer, so what is counted is counted alone.

    INVARIANT: whoever asks alone and then waits for the item does not hold that item while another waits to be alone.
    """
    if item.version_id == dispatch.version_id and Dispatch.version.is_cached(dispatch):
        item.version = dispatch.version  # read with the dispatch
    doer, channel = doer_of(actor, item), channel_of(dispatch)
    facts = gather(
        doer,
        item,
        timezone.now(),
        leaving=alone,
        since=dispatch.due_at,
        only=channel,
        decided_at=dispatch.created_at,
    )
    return _ask_on(facts, question_on(facts, str(dispatch.channel_id), dispatch.due_at), Stage.SEND)


def _meant_for(facts: Facts, item: Item, now: datetime) -> datetime:
    """When the item was to leave: a brake lifted since then still holds it. A window that lapsed then was a moment, too."""
    silent = facts.window.closes_at if facts.window.state is WindowState.LAPSED else None
    moments = [m for m in (facts.content.not_before, silent) if m]
    return max(max(moments, default=now), item.submitted_at or now)


def _still_to_serve(item: Item, facts: Facts) -> list[str]:
    """INVARIANT: a channel to which the item has gone, is going or may have gone is not served again (promise 6)."""
    gone = (DispatchState.SENT, DispatchState.SENDING, DispatchState.UNCERTAIN)
    served = {str(c) for c in item.dispatches.filter(state__in=gone).values_list("channel_id", flat=True)}
    wanted = [channel for channel in facts.content.channels if channel not in served]
    if not wanted:
        raise Invalid("nothing_to_send", field="channels")
    return wanted


def _ask_on(facts: Facts, question: Question, stage: Stage) -> Answer:
    decision = decide(question, facts.bond.charter)
    assert facts.item.version is not None
    kept = DecisionRecord.objects.create(
        item_id=facts.item.pk,
        channel_id=UUID(question.channel),
        version_number=facts.item.version.number,
        stage=stage,
        question=orjson.loads(orjson.dumps(question)),
        charter_id=facts.bond.charter_id,
        charter_version=facts.bond.charter.version,
        charter_digest=facts.bond.charter.digest,
        briefing_version=facts.guidance.number,
        outcome=decision.outcome,
        basis=decision.basis or "",
        level=decision.level,
        grant=decision.grant,
        reasons=[str(r) for r in decision.reasons],
        digest=record_digest(question, decision, facts.bond.charter.digest),
    )
    return Answer(question.channel, decision, kept)


def settle(actor: Actor, item: Item, answers: list[Answer]) -> Decision:
    """Move the item as the strictest answer says, and write down the work that follows."""
    assert item.version is not None
    decision = strictest(a.decision for a in answers)
    event = event_after(decision)
    if not (event is Event.ANNOUNCE and _window_is_open(item)):
        move(item, event)
    if event is Event.CLEAR:
        _dispatch(item, answers)
    else:
        cancel_dispatches(item)
        if event is not Event.ANNOUNCE:
            void_window(item.pk, item.version.digest)
    if event is Event.HOLD:
        ask_in_the_morning(item, [a.record for a in answers])
    if event in (Event.WAIT, Event.ANNOUNCE):
        _tell_brand(actor, item, decision)
    record(
        actor,
        f"gate.{decision.outcome}",
        item,
        level=int(decision.level),
        reasons=[str(r) for r in decision.reasons],
        decisions=[str(a.record.id) for a in answers],
    )
    return decision


def _window_is_open(item: Item) -> bool:
    """Whether the window that runs is this content's: an approver's own wording has none yet."""
    if item.state != ItemState.IN_VETO or item.version is None:
        return False
    window = window_of(item.pk, item.version.digest)
    return window is not None and window.state == WindowState.OPEN


def _dispatch(item: Item, answers: list[Answer]) -> None:
    """One dispatch a channel, due at the item's moment. What an earlier content had scheduled is taken back first."""
    cancel_dispatches(item, anew=[answer.channel for answer in answers])
    assert item.version is not None
    due = max(item.version.exact_content().not_before or timezone.now(), timezone.now())
    for answer in answers:
        dispatch = Dispatch.objects.create(item=item, version=item.version, channel_id=UUID(answer.channel), due_at=due)
        enqueue(SEND, {"dispatch": str(dispatch.id)}, key=str(dispatch.id), due_at=due)


def cancel_dispatches(item: Item, *, anew: Collection[str] = ()) -> None:
    """Take back what has not begun to leave. What is leaving is another state of the item, and refused before this.

    `anew`: the channels where what failed gives way to another try.
    """
    failed = Q(state=DispatchState.FAILED, channel_id__in=anew)
    for dispatch in item.dispatches.filter(Q(state=DispatchState.PENDING) | failed):
        if dispatch.state == DispatchState.PENDING:
            cancel(SEND, key=str(dispatch.id))
        dispatch.state = DispatchState.CANCELLED
        dispatch.save(update_fields=("state",))


def _tell_brand(actor: Actor, item: Item, decision: Decision) -> None:
    """Ask the brand: a window and its notices, or a request and its deadline."""
    assert item.version is not None
    policy = policy_in_force()
    people = people_who_approve()
    if decision.outcome is Outcome.WAIT_VETO:
        if announce_window(item.pk, item.version.digest, policy.veto_minutes):
            write_notices(item.pk, item.version.digest, NoticeKind.VETO, people)
            _watch_the_notices(item)
        return
    write_notices(item.pk, item.version.digest, NoticeKind.APPROVAL, people)
    if gone := needed_who_cannot_answer():
        record(actor, "approval.cannot_complete", item, people=[str(person) for person in gone])
    if policy.decide_minutes and item.decide_by is None:
        _watch_the_deadline(item, calendar_in_force().after(timezone.now(), timedelta(minutes=policy.decide_minutes)))


def _watch_the_notices(item: Item) -> None:
    """A notice of which nothing is ever heard must not keep the item waiting for ever: see `lapsing.window_over`."""
    assert item.version is not None
    window = window_of(item.pk, item.version.digest)
    assert window is not None
    due = timezone.now() + LONGEST_DELIVERY
    enqueue(WINDOW, {"window": str(window.id)}, key=str(window.id), due_at=due)


def _watch_the_deadline(item: Item, decide_by: datetime) -> None:
    set_deadline(item, decide_by)
    enqueue(LAPSE, {"item": str(item.pk)}, key=str(item.pk), due_at=decide_by)


def watch_the_time(item: Item) -> None:
    """When the content's time window closes, what has not left expires."""
    assert item.version is not None
    over = item.version.exact_content().not_after
    if over:
        enqueue(EXPIRE, {"item": str(item.pk)}, key=str(item.pk), due_at=over)


def reask(actor: Actor, item: Item) -> Decision:
    """Ask again because something changed, and settle."""
    return settle(actor, item, ask(actor, item, Stage.REASK))


def check_seen(item: Item, seen_digest: str) -> None:
    """Conflict('stale_version') unless the person looked at the content that the item has now (the page shows the diff)."""
    if item.version is None or item.version.digest != seen_digest:
        raise Conflict("stale_version", item=str(item.pk), digest=item.version.digest if item.version else "")
