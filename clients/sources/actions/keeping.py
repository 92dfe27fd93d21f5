"""Adding a source, changing it, and its life: agreed to, paused, gone.

The agency may add what anybody could read. What only the brand's own credential opens waits for the brand's yes, and waits for
it again when the agency changes where it reads.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.rules import InfoClass, default_class
from clients.disclosure.steps import people_named, reclassify
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from clients.sources import steps
from clients.sources.access import access_source
from clients.sources.models import Source
from clients.sources.registry import kind_of
from clients.sources.rules import MOST_SOURCES, SourceState, Step, after
from clients.sources.wanted import checked_channel, secret_fields, wanted
from tenants.errors import Conflict, Refused
from tenants.ids import uuid7
from tenants.walls.scope import durable


def add_source(
    *,
    actor: Actor,
    kind: str,
    name: str,
    settings: Mapping[str, Any] | None = None,
    channel_id: UUID | None = None,
    every: int | None = None,
    info_class: InfoClass | None = None,
) -> Source:
    """Add a source; it is looked at at once where it may be. Secrets among `settings` are kept sealed.

    Raises Refused('not_allowed'), Invalid(code, field), Conflict('source_name_taken' | 'too_many_sources').
    """
    require(actor, Verb.SOURCE_WRITE)
    found = wanted(kind, name, settings or {}, every)
    agreed = not found.kind.opens or may(actor.role, Verb.SOURCE_AGREE)
    if found.secrets and not agreed:
        raise Refused("not_allowed")
    with durable(actor.brand):
        if Source.objects.exclude(state=SourceState.REMOVED).count() >= MOST_SOURCES:
            raise Conflict("too_many_sources", most=MOST_SOURCES)
        source = Source(
            pk=uuid7(),
            kind=kind,
            name=found.name,
            state=SourceState.ON if agreed else SourceState.WAITING,
            settings=found.settings,
            channel=checked_channel(found.kind, channel_id),
            every=found.every,
            added_by=actor.somebody,
            owner_side=str(actor.side),
            info_class=info_class or default_class(actor.side),
        )
        steps.seal(actor, source, found.secrets)
        steps.insert(source)
        steps.watch(source)
        record(actor, "source.added", source, kind=kind, private={"name": found.name}, agreed=agreed)
    return source


def change_source(
    *, actor: Actor, source_id: UUID, name: str, settings: Mapping[str, Any], every: int | None = None
) -> Source:
    """Change what it is called, where it reads and how often; a secret is not changed here.

    INVARIANT: a secret is never carried to another place: whoever says where it goes must give it anew. Raises
    Refused('not_allowed'), Missing('source'), Invalid(code, field), Conflict('source_removed' | 'source_name_taken').
    """
    require(actor, Verb.SOURCE_WRITE)
    with durable(actor.brand):
        source = _live(actor, source_id)
        found = wanted(source.kind, name, settings, every)
        elsewhere = found.settings != source.settings
        source.name, source.settings, source.every = found.name, found.settings, found.every
        if elsewhere and found.kind.opens:
            source.secret = b"" if secret_fields(found.kind) else source.secret
            if not may(actor.role, Verb.SOURCE_AGREE):
                source.state = SourceState.WAITING
        steps.rename_safely(source, "name", "settings", "every", "secret", "state")
        if elsewhere:
            steps.begin_anew(source, forget=True)
        steps.watch(source)
        record(actor, "source.changed", source, private={"name": found.name}, elsewhere=elsewhere)
    return source


def agree_source(*, actor: Actor, source_id: UUID) -> Source:
    """The brand's yes to what the agency proposed.

    Raises Refused('not_allowed'), Missing('source'), Conflict('source_not_so').
    """
    require(actor, Verb.SOURCE_AGREE)
    return _step(actor, source_id, Step.AGREE)


def pause_source(*, actor: Actor, source_id: UUID) -> Source:
    """Look no more for now. Raises as `agree_source`."""
    require(actor, Verb.SOURCE_WRITE)
    return _step(actor, source_id, Step.PAUSE)


def resume_source(*, actor: Actor, source_id: UUID) -> Source:
    """Look again, from where the last look ended. Raises as `agree_source`."""
    require(actor, Verb.SOURCE_WRITE)
    return _step(actor, source_id, Step.RESUME)


def remove_source(*, actor: Actor, source_id: UUID) -> Source:
    """End it for good and erase its secret; what came from it stays. What the brand agreed to, the brand removes.

    Raises as `agree_source`.
    """
    require(actor, Verb.SOURCE_WRITE)
    return _step(actor, source_id, Step.REMOVE)


def accept_shape(*, actor: Actor, source_id: UUID) -> Source:
    """Its entries have changed, and are right as they are. Raises as `agree_source`, Conflict('source_not_so')."""
    require(actor, Verb.SOURCE_WRITE)
    with durable(actor.brand):
        source = _live(actor, source_id)
        record(actor, "source.accepted", source)
        steps.accept(actor, source)
    return source


def classify_source(
    actor: Actor, *, source_id: UUID, info_class: InfoClass, named: Collection[UUID] = (), reason: str = ""
) -> Source:
    """Change who may see a source.

    Raises Missing('source' | 'person'), Refused('not_allowed' | 'wrong_side'), Invalid('reason_missing', 'reason').
    """
    with durable(actor.brand):
        source = access_source(actor, source_id, lock=True)
        reclassify(actor, source, to=info_class, named=people_named(named), reason=reason)
    return source


def _step(actor: Actor, source_id: UUID, step: Step) -> Source:
    with durable(actor.brand):
        source = access_source(actor, source_id, lock=True)
        to = after(source.state, step)
        if to is None:
            raise Conflict("source_not_so")
        if step is Step.REMOVE:
            _require_its_side(actor, source)
            source.secret, source.removed_at = b"", timezone.now()
        source.state = to
        source.save(update_fields=("state", "secret", "removed_at"))
        if to is SourceState.ON:
            steps.begin_anew(source, forget=False)
        steps.watch(source)
        record(actor, f"source.{DONE[step]}", source)
    return source


def _require_its_side(actor: Actor, source: Source) -> None:
    agreed = kind_of(source.kind).opens and source.state != SourceState.WAITING
    require(actor, Verb.SOURCE_AGREE if agreed else Verb.SOURCE_WRITE)


def _live(actor: Actor, source_id: UUID) -> Source:
    source = access_source(actor, source_id, lock=True)
    if source.state == SourceState.REMOVED:
        raise Conflict("source_removed")
    return source


DONE = {Step.AGREE: "agreed", Step.PAUSE: "paused", Step.RESUME: "resumed", Step.REMOVE: "removed"}
