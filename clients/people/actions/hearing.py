"""A brand hears what its people did at the door that all brands share: signed out, were signed out, failed to sign in.

The hub's own log is the source, looked through again over the last two days: what was missed once is found the next time, and
what was told is not told again. Ends of a session are told to the brands whose space it came into; failures to each brand of
the person, a line for each hour with how many there were: whoever tries passwords cannot fill a log.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncHour
from django.utils import timezone

from clients.audit.actions import record
from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.people.access import require_process
from clients.people.actions.coming import LOOKS_BACK as OLDEST_SESSION
from clients.people.actor import Actor
from clients.people.queries import people_of_brand
from tenants.models import BrandPerson, HubEntry
from tenants.vocabulary import Role, Side
from tenants.walls.scope import durable, hub_scope

ENDS = ("signed_out", "session_ended", "sessions_ended")
FAILURES = ("sign_in_failed", "factor_failed", "locked_out")
LOOKS_BACK = timedelta(days=2)
AN_HOUR = timedelta(hours=1)
MOST_ADDRESSES = 5
"""Of those from which an hour's failures came."""

People = Mapping[UUID, BrandPerson]


@dataclass(frozen=True, slots=True)
class End:
    """The end of one session; None for every one that the person had."""

    person_id: UUID
    session: str | None
    why: str
    at: datetime


def hear_hub(actor: Actor) -> int:
    """Tell this brand's log what it has not been told. For a worker. Returns how many lines. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        people = {person.person_id: person for person in people_of_brand()}
        return _tell_ends(actor, people) + _tell_failures(actor, people)


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _since() -> datetime:
    return timezone.now() - LOOKS_BACK


# --- Ends ---------------------------------------------------------------------------------------------------------------


def _tell_ends(actor: Actor, people: People) -> int:
    with hub_scope():
        about = Q(person_id__in=list(people)) | Q(person_id=None, verb="sessions_ended")
        lines = list(HubEntry.objects.filter(about, at__gte=_since(), verb__in=ENDS).order_by("at", "id"))
    ends = [end for line in lines for end in _ends(line, people)]
    open_here = _open_sessions({end.person_id for end in ends})
    count = 0
    for end in ends:
        for session in sorted(_meant(end, open_here[end.person_id])):
            del open_here[end.person_id][session]
            over = "left" if end.why == "signed_out" else "ended"
            record(
                _as(actor, people[end.person_id], session), f"session.{over}", None, why=end.why, at=_spelled(end.at)
            )
            count += 1
    return count


def _ends(line: HubEntry, people: People) -> Iterator[End]:
    why = str(line.facts.get("why", "")) or ("signed_out" if line.verb == "signed_out" else "elsewhere")
    if line.person_id is None:
        yield from (End(person_id, None, why, line.at) for person_id in people)
    else:
        names = line.facts.get("sessions") or [line.facts.get("session", "")]
        yield from (End(line.person_id, name, why, line.at) for name in names)


def _open_sessions(people: Iterable[UUID]) -> defaultdict[UUID, dict[str, datetime]]:
    """By person, the sessions that came in and of which no end is told, each with when it came."""
    verbs = ("session.entered", "session.left", "session.ended")
    found = Entry.objects.filter(person_id__in=list(people), at__gte=timezone.now() - OLDEST_SESSION, verb__in=verbs)
    sessions: defaultdict[UUID, dict[str, datetime]] = defaultdict(dict)
    over = set()
    rows: Any = found.values_list("person_id", "verb", "at", "facts__session")
    for person_id, verb, at, name in rows:
        if verb == "session.entered":
            sessions[person_id][name] = at
        else:
            over.add((person_id, name))
    for person_id, name in over:
        sessions[person_id].pop(name, None)
    return sessions


def _meant(end: End, sessions: Mapping[str, datetime]) -> list[str]:
    if end.session is None:
        return [name for name, came in sessions.items() if came <= end.at]
    return [end.session] if end.session in sessions else []


def _as(actor: Actor, person: BrandPerson, session: str) -> Actor:
    """Whose session it was: a value for this one line, never a door to anything."""
    side, role = Side(person.side), Role(person.role)
    return Actor(actor.brand, person.person_id, person.name, side, role, EntryPoint.PAGE, session=session)


# --- Failures -----------------------------------------------------------------------------------------------------------


def _tell_failures(actor: Actor, people: People) -> int:
    """The hours that are over, each once. Counted by the database: there may be any number of them."""
    over = Q(person_id__in=list(people), verb__in=FAILURES, at__gte=_since(), at__lt=hour_of(timezone.now()))
    by_hour: Any = HubEntry.objects.filter(over).annotate(hour=TruncHour("at", tzinfo=UTC)).values("person_id", "hour")
    locked = Count("id", filter=Q(verb="locked_out"))
    with hub_scope():
        hours = list(by_hour.annotate(locked=locked, count=Count("id")).order_by("hour", "person_id"))
    known = set(_told().values_list("facts__person", "facts__hour")) if hours else set()
    fresh = [hour for hour in hours if (str(hour["person_id"]), _spelled(hour["hour"])) not in known]
    for hour in fresh:
        _tell_hour(actor, people[hour["person_id"]], **hour)
    return len(fresh)


def _told() -> QuerySet[Entry]:
    return Entry.objects.filter(verb="sign_in.failed", at__gte=_since())


def _tell_hour(actor: Actor, person: BrandPerson, *, person_id: UUID, hour: datetime, locked: int, count: int) -> None:
    of_the_hour = HubEntry.objects.filter(person_id=person_id, verb__in=FAILURES, at__gte=hour, at__lt=hour + AN_HOUR)
    known = of_the_hour.exclude(facts__ip="").exclude(facts__ip=None)
    with hub_scope():
        addresses = list(known.values_list("facts__ip", flat=True).distinct().order_by("facts__ip")[:MOST_ADDRESSES])
    private: dict[str, Any] = {"whose": person.name, "ip": addresses}
    facts = {"person": str(person_id), "hour": _spelled(hour), "count": count - locked, "locked": locked}
    record(actor, "sign_in.failed", None, private=private, **facts)


def _spelled(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
