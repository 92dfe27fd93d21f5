"""What several actions do to a source inside their open transaction: its dates, its health, and telling people."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.channels import vault
from clients.disclosure.rules import may_read
from clients.outbox.actions import cancel, enqueue
from clients.people.actor import Actor
from clients.sources.models import Source, SourceHealth
from clients.sources.port import Found
from clients.sources.queries import people_who_look_after
from clients.sources.registry import kind_of
from clients.sources.rules import Trouble, next_look, trouble_of, with_moments
from tenants.errors import Conflict
from tenants.vocabulary import Role, Side

# Kinds of outbox rows; the payload of each names the source.
LOOK = "sources.look"
LETTER = "sources.letter"  # payload also {"person": id, "about": a trouble, or 'recovered'}; the portal writes it

_SUCCESS = (
    *("cursor", "looked_at", "succeeded_at", "next_at", "failures", "code", "found", "moments", "shape", "shape_now"),
    *("trouble", "trouble_since"),
)
_FAILURE = ("looked_at", "next_at", "failures", "code", "trouble", "trouble_since")
_ANEW = (*_SUCCESS, "watched_from")


def insert(source: Source) -> SourceHealth:
    """Add the rows. Raises Conflict('source_name_taken', 'name')."""
    try:
        with transaction.atomic():
            source.save(force_insert=True)
    except IntegrityError:
        raise Conflict("source_name_taken", "name") from None
    health = SourceHealth(source=source)
    health.save(force_insert=True)
    return health


def rename_safely(source: Source, *fields: str) -> None:
    """Raises Conflict('source_name_taken', 'name')."""
    try:
        with transaction.atomic():
            source.save(update_fields=fields)
    except IntegrityError:
        raise Conflict("source_name_taken", "name") from None


def health_of(source: Source) -> SourceHealth:
    """How it fares, locked."""
    return SourceHealth.objects.select_for_update().get(source=source)


def watch(source: Source, due_at: datetime | None = None) -> None:
    """Write down when it is next looked at; what is not watched any more is taken off."""
    if source.is_on and kind_of(source.kind).watched:
        enqueue(LOOK, {"source": str(source.pk)}, key=str(source.pk), due_at=due_at or timezone.now())
    else:
        cancel(LOOK, key=str(source.pk))


def begin_anew(source: Source, *, forget: bool) -> None:
    """From now on it is watched: a pause was no silence. `forget`: it is another place, of which nothing is known."""
    health = health_of(source)
    health.watched_from, health.failures, health.code = timezone.now(), 0, ""
    health.trouble, health.trouble_since = Trouble.NONE, None
    if forget:
        health.cursor, health.moments, health.shape, health.shape_now = {}, [], [], []
    health.save(update_fields=_ANEW)


def note_success(actor: Actor, source: Source, found: Found, *, new: int, signs: list[datetime]) -> datetime:
    """What a look brought; the moment of the next one. `signs`: when entries came, as far as they say."""
    now, health = timezone.now(), health_of(source)
    health.cursor, health.code, health.failures = dict(found.cursor), found.problem, 0
    health.looked_at = health.succeeded_at = now
    health.found += new
    health.moments = with_moments(health.moments, signs, now)
    if found.shape is not None:
        health.shape_now = sorted(found.shape)
        # What it gains it had better keep; what it loses is told of until it is back, or somebody says that it is right.
        health.shape = sorted(found.shape | set(health.shape))
    health.next_at = next_look(health.signs, every=every(source), retry_at=None, more=found.more, now=now)
    _judge(actor, source, health, now)
    health.save(update_fields=_SUCCESS)
    return health.next_at


def note_failure(actor: Actor, source: Source, code: str, retry_at: datetime | None) -> datetime:
    """A look that brought nothing; the moment of the next one."""
    now, health = timezone.now(), health_of(source)
    health.failures, health.code, health.looked_at = health.failures + 1, code, now
    health.next_at = next_look(health.signs, every=every(source), retry_at=retry_at, more=False, now=now)
    _judge(actor, source, health, now)
    health.save(update_fields=_FAILURE)
    return health.next_at


def every(source: Source) -> timedelta:
    """Its period."""
    return timedelta(minutes=source.every)


def accept(actor: Actor, source: Source) -> None:
    """Its entries are right as they are now."""
    health = health_of(source)
    health.shape = health.shape_now
    _judge(actor, source, health, timezone.now(), told=False)
    health.save(update_fields=("shape", "trouble", "trouble_since"))


def _judge(actor: Actor, source: Source, health: SourceHealth, now: datetime, *, told: bool = True) -> None:
    """INVARIANT: people are told once when a trouble begins and once when it is over; between the two, nothing is written."""
    trouble = trouble_of(health.signs, now) if kind_of(source.kind).watched else Trouble.NONE
    if trouble == health.trouble:
        return
    before, health.trouble, health.trouble_since = health.trouble, trouble, now if trouble else None
    if trouble:
        record(actor, "source.alarmed", source, trouble=str(trouble), code=health.code)
    else:
        record(actor, "source.recovered", source, was=str(before))
    if told:
        _tell(source, str(trouble or "recovered"))


def _tell(source: Source, about: str) -> None:
    """A letter to everybody who can do something about it and may read it, each in a row of its own."""
    for person in people_who_look_after():
        if may_read(Side(person.side), Role(person.role), person.person_id, source.info_class, source.named):
            payload = {"source": str(source.pk), "person": str(person.person_id), "about": about}
            enqueue(LETTER, payload, key=f"{about}:{source.pk}:{person.person_id}")


def seal(actor: Actor, source: Source, secrets: Mapping[str, str]) -> None:
    """Seal what opens it for this very source; the caller saves."""
    source.secret = vault.seal(secrets, brand_id=actor.brand.id, channel_id=source.pk)
