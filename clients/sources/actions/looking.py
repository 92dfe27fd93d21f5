"""Looking at a source: by a worker at its period, or by a person who wants to know now."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.channels.port import SendFailed
from clients.outbox.models import OutboxRow
from clients.people.access import require, require_process
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.sources import steps
from clients.sources.access import access_source, source_at_work
from clients.sources.handing import hand_over
from clients.sources.looking import look, prepared
from clients.sources.models import Source
from clients.sources.port import Found
from clients.sources.registry import KINDS, kind_of
from clients.sources.rules import SourceState
from tenants.errors import Conflict
from tenants.walls.scope import brand_scope, durable


def look_at_source(*, actor: Actor, source_id: UUID) -> datetime | None:
    """Look, hand what was found to the mentions, and note how the source fares. The moment of the next look, None for never.

    Safe to repeat at any point: the mentions know what is known, and where the look ended is noted last. Raises Later while
    another has its turn at the host; Refused('not_allowed'), Missing('source'), Conflict('source_not_so') for a person.
    """
    if actor.side is None:
        require_process(actor, EntryPoint.WORKER)
    else:
        require(actor, Verb.SOURCE_WRITE)
    with brand_scope(actor.brand):
        source = access_source(actor, source_id) if actor.side else source_at_work(source_id)
        if not source.is_on:
            if actor.side:
                raise Conflict("source_not_so")
            return None
    try:
        with brand_scope(actor.brand):
            ask = prepared(source)
        found = look(kind_of(source.kind), ask, source, polite=actor.side is None)
    except SendFailed as failure:
        return _failed(actor, source, failure)
    return _succeeded(actor, source, found)


def date_sources(*, actor: Actor) -> int:
    """Once a day: sources whose next look was lost get one. For a worker. Returns how many."""
    require_process(actor, EntryPoint.WORKER)
    with durable(actor.brand):
        dated = OutboxRow.objects.filter(kind=steps.LOOK, done_at=None).values_list("key", flat=True)
        watched = [kind.name for kind in KINDS.values() if kind.watched]
        lost = Source.objects.filter(state=SourceState.ON, kind__in=watched).exclude(pk__in=list(dated))
        for source in lost:
            steps.watch(source)
        return len(lost)


def _succeeded(actor: Actor, source: Source, found: Found) -> datetime | None:
    taken = hand_over(actor.brand, source, found.raws)
    with durable(actor.brand):
        held = source_at_work(source.pk, lock=True)
        if not held.is_on or held.settings != source.settings:
            return None  # it ended, or was sent elsewhere, while the server thought
        signs = [raw.published_at for raw in found.raws if raw.published_at] or ([timezone.now()] if taken.new else [])
        next_at = steps.note_success(actor, held, found, new=taken.new, signs=signs)
        _note_person(actor, held, new=taken.new)
    return next_at


def _failed(actor: Actor, source: Source, failure: SendFailed) -> datetime | None:
    with durable(actor.brand):
        held = source_at_work(source.pk, lock=True)
        if not held.is_on or held.settings != source.settings:
            return None
        next_at = steps.note_failure(actor, held, failure.code, failure.retry_at)
        _note_person(actor, held, failure=failure.code)
    return next_at


def _note_person(actor: Actor, source: Source, **facts: Any) -> None:
    if actor.side is not None:
        record(actor, "source.looked", source, **facts)
