"""Looking at the clocks of one conversation at the moments they asked for: a warning first, a breach told once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.custody.clocks import ClockState
from clients.custody.models import Conversation
from clients.outbox.actions import cancel, enqueue
from clients.outbox.models import OutboxRow
from clients.people.access import require_process
from clients.people.actor import Actor
from clients.service.access import people_to_warn
from clients.service.models import Clock
from clients.service.queries import clocks_of
from clients.service.steps import CALL, LOOK, WARNING, look_again, next_look, reckon
from tenants.walls.scope import durable


def look_at_clocks(actor: Actor, *, conversation_id: UUID) -> datetime | None:
    """For a worker: warn of what is nearly due, tell what is past it; when to look again. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        conversation = Conversation.objects.select_for_update(no_key=True).filter(pk=conversation_id).first()
        if conversation is None:
            return None
        now = timezone.now()
        reckon(conversation, now=now)
        for clock in clocks_of(conversation):
            if clock.state == ClockState.RUNNING and clock.due_at and clock.due_at >= conversation.opened_at:
                _tell(actor, conversation, clock, now)
        at = next_look(conversation)
        if at is None:
            cancel(LOOK, key=str(conversation.pk))
        else:
            look_again(conversation.pk, max(at, now))
    return at


def date_clocks(actor: Actor) -> int:
    """Once a day: clocks that run and that nobody is going to look at are looked at; how many."""
    require_process(actor)
    with durable(actor.brand):
        dated = OutboxRow.objects.filter(kind=LOOK, done_at=None).values_list("key", flat=True)
        running = Clock.objects.filter(stopped_at=None, due_at__isnull=False, told_at=None)
        lost = set(running.values_list("conversation_id", flat=True)) - {UUID(key) for key in dated}
        for conversation_id in lost:
            look_again(conversation_id, timezone.now())
    return len(lost)


def _tell(actor: Actor, conversation: Conversation, clock: Clock, now: datetime) -> None:
    facts: dict[str, Any] = {"clock": str(clock.pk), "kind": clock.kind, "round": clock.round}
    if clock.breached_at is not None:
        if clock.told_at is None:
            clock.told_at = now
            clock.save(update_fields=("told_at",))
            record(actor, "clock.breached", conversation, **facts, side=conversation.holder_side)
            enqueue(CALL, {"clock": str(clock.pk)}, key=str(clock.pk))
    elif clock.warned_at is None and clock.warn_at is not None and clock.warn_at <= now:
        clock.warned_at = now
        clock.save(update_fields=("warned_at",))
        warned = [str(person.person_id) for person in people_to_warn(conversation)]
        record(actor, "clock.warned", conversation, **facts, people=warned)
        for person in warned:
            enqueue(WARNING, {"clock": str(clock.pk), "person": person}, key=f"{clock.pk}:{person}")
