"""Reading both clocks of a conversation anew, and what the member was promised. In the open transaction of whoever changed it.

Call `reckon` after every turn and every step of a conversation: it is cheap, forgets nothing, and says the same twice.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.custody.clocks import Clock as Read
from clients.custody.clocks import ClockState, Event, Kind, Reading, Round, Targets, read
from clients.custody.models import Conversation, Turn
from clients.outbox.actions import cancel, enqueue
from clients.people.actor import Actor
from clients.service.models import Clock, Promise
from clients.service.queries import (
    band_at,
    briefing_now,
    calendar_for,
    clocks_of,
    events_of,
    first_holder,
    promises_of,
    targets_of,
)
from tenants.vocabulary import Side

LOOK = "service.look"
"""Kind of the outbox row that looks at one conversation's clocks; payload {"conversation": "<id>"}, its id as key."""
WARNING, CALL, CALL_LETTER = "service.warning", "service.call", "service.call_letter"
"""Kinds of outbox rows: a letter before a clock runs out; the next contact to be called; the letter to them."""
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def reckon(conversation: Conversation, *, now: datetime | None = None) -> Reading:
    """Read the clocks of a conversation and of what is merged into it, keep what they say, and have them looked at in time."""
    moment = now or timezone.now()
    for merged in Conversation.objects.filter(merged_into=conversation):
        _reckon(merged, moment)
    return _reckon(conversation, moment)


def promise(actor: Actor, *, turn: Turn, until: datetime) -> Promise | None:
    """That an acknowledgement which has left told the member by when they have their answer. Once for each turn.

    None where that moment was over before the words left: nobody was promised anything by it. `reckon` comes after it.
    """
    if until <= turn.at:
        return None
    facts = {"conversation_id": turn.conversation_id, "until": until, "at": turn.at, "side": turn.voice}
    made, is_new = Promise.objects.get_or_create(turn=turn, defaults=facts)
    if is_new:
        record(actor, "promise.made", made, conversation=str(turn.conversation_id), until=until.isoformat())
    return made


def next_look(conversation: Conversation) -> datetime | None:
    """When its clocks and promises want somebody to look; in the past where they do already."""
    running = [clock for clock in clocks_of(conversation) if clock.state == ClockState.RUNNING]
    asked = [clock.warn_at for clock in running if clock.warned_at is None and clock.breached_at is None]
    asked += [clock.due_at for clock in running if clock.told_at is None]
    asked += [promised.until for promised in promises_of(conversation) if promised.broken_at is None]
    # What was late already when it came to us is shown and not rung.
    return min((at for at in asked if at is not None and at >= conversation.opened_at), default=None)


def _reckon(conversation: Conversation, now: datetime) -> Reading:
    version, events = briefing_now(), events_of(conversation)
    begun = min((event.at for event in events), default=now)
    targets, calendar = targets_of(conversation, version), calendar_for(version, begun, now)
    reading = read(events, calendar, targets, now, first=first_holder(conversation, events))
    _keep(conversation, reading, targets, now)
    _settle(promises_of(conversation), events, now)
    key = str(conversation.pk)
    if (at := next_look(conversation)) is None:
        cancel(LOOK, key=key)
    else:
        enqueue(LOOK, {"conversation": key}, key=key, due_at=max(at, now))
    return reading


def _keep(conversation: Conversation, reading: Reading, targets: Targets, now: datetime) -> None:
    """Write what is new and what has changed. A clock that nobody speaks of any more has stopped: its words went elsewhere."""
    known = {(row.kind, row.started_at): row for row in clocks_of(conversation)}
    new, changed = [], []
    # Of rounds that begin at one moment all but the last had no length.
    told = {(str(clock.kind), clock.started_at): (one, clock) for one in reading.rounds for clock in one.clocks}
    for key, (one, clock) in told.items():
        row = known.pop(key, None)
        if row is None:
            new.append(_new(conversation, one, clock, targets))
        elif not _same_stop(row, clock):
            changed.append(_written(row, one, clock, targets))
    for row in known.values():
        if row.stopped_at is None:
            row.state, row.stopped_at = ClockState.STOPPED, now
            changed.append(row)
    Clock.objects.bulk_create(new, ignore_conflicts=True)  # read by two at once: whoever comes next says the same
    if changed:
        Clock.objects.bulk_update(changed, _READ)


def _new(conversation: Conversation, one: Round, clock: Read, targets: Targets) -> Clock:
    row = Clock(conversation=conversation, kind=clock.kind, started_at=clock.started_at)
    row.band = band_at(conversation, one.opened_at)
    return _written(row, one, clock, targets)


def _same_stop(row: Clock, clock: Read) -> bool:
    return row.stopped_at is not None and (row.stopped_at, row.stopped_by) == (
        clock.stopped_at,
        str(clock.stopped_by or ""),
    )


def _written(row: Clock, one: Round, clock: Read, targets: Targets) -> Clock:
    brand, agency = clock.by_side[Side.BRAND], clock.by_side[Side.AGENCY]
    within = getattr(targets, clock.kind)
    facts: dict[str, Any] = {
        "round": one.number,
        "target": within // MINUTE,
        "state": clock.state,
        "due_at": clock.due,
        "warn_at": clock.warn_at,
        "breached_at": clock.breached_at,
        "stopped_at": clock.stopped_at,
        "stopped_by": str(clock.stopped_by or ""),
        "working_brand": brand.working // SECOND,
        "working_agency": agency.working // SECOND,
        "elapsed_brand": brand.elapsed // SECOND,
        "elapsed_agency": agency.elapsed // SECOND,
        "asleep": clock.asleep // SECOND,
    }
    for name, value in facts.items():
        setattr(row, name, value)
    return row


_READ = (
    "round", "target", "state", "due_at", "warn_at", "breached_at", "stopped_at", "stopped_by", "working_brand",
    "working_agency", "elapsed_brand", "elapsed_agency", "asleep",
)  # fmt: skip


def _settle(promises: Iterable[Promise], events: Iterable[Event], now: datetime) -> None:
    """A promise is kept by the first answer after it, if in time."""
    answers = [event.at for event in events if event.kind is Kind.ANSWERED and event.at <= now]
    for promised in promises:
        answered = min((at for at in answers if at > promised.at), default=None)
        late = (answered or now) > promised.until
        broken = promised.broken_at or (promised.until if late else None)
        if (answered, broken) != (promised.answered_at, promised.broken_at):
            promised.answered_at, promised.broken_at = answered, broken
            promised.save(update_fields=("answered_at", "broken_at"))


def look_again(conversation_id: UUID, at: datetime) -> None:
    enqueue(LOOK, {"conversation": str(conversation_id)}, key=str(conversation_id), due_at=at)
