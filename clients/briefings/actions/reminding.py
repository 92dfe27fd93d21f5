"""Letters to whoever has not read the version in force: pressed by a head of either side, and by themselves every few days."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.briefings.models import BriefingVersion
from clients.briefings.queries import briefing_in_force, people_yet_to_read
from clients.outbox.actions import enqueue
from clients.outbox.models import OutboxRow
from clients.people.access import require
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.walls.scope import BrandRef, durable

REMINDER = "briefings.reminder"
"""Kind of the outbox row that mails one reminder; its handler words the letter (`portal.briefing_letters`)."""

BY_HAND, BY_ITSELF = timedelta(hours=1), timedelta(days=3)
FIRST_AFTER = timedelta(days=1)


def remind_readers(*, actor: Actor) -> int:
    """Remind everybody who has not read the version in force; how many. Nobody twice within an hour.

    Raises Refused('not_allowed'), Conflict('nobody_to_remind').
    """
    require(actor, Verb.BRIEFING_AGREE)
    with durable(actor.brand):
        version = briefing_in_force()
        people = _to_remind(version, BY_HAND) if version else []
        if version is None or not people:
            raise Conflict("nobody_to_remind")
        _remind(actor, version, people)
    return len(people)


def remind_by_itself(brand: BrandRef) -> int:
    """Once a day: whoever has had a day and has not been reminded for three. A letter of the house, in nobody's name."""
    with durable(brand):
        version = briefing_in_force()
        if version is None or version.created_at > timezone.now() - FIRST_AFTER:
            return 0
        people = _to_remind(version, BY_ITSELF)
        if people:
            _remind(process_of(brand, EntryPoint.WORKER, "worker"), version, people)
    return len(people)


def _to_remind(version: BriefingVersion, pause: timedelta) -> list[UUID]:
    since = timezone.now() - pause
    rows = OutboxRow.objects.filter(kind=REMINDER, due_at__gte=since).values_list("payload__person", flat=True)
    lately = set(rows)
    return [person.person_id for person in people_yet_to_read(version) if str(person.person_id) not in lately]


def _remind(actor: Actor, version: BriefingVersion, people: Collection[UUID]) -> None:
    for person in people:
        enqueue(REMINDER, {"version": version.number, "person": str(person)}, key=f"{version.number}:{person}")
    record(actor, "briefing_reminded", version, number=version.number, people=[str(person) for person in people])
