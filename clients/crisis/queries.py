"""Whether there is a crisis: asked by the gate for every act, by every page for its banner; and what the looks and pages read."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from clients.briefings.entries import Contact
from clients.briefings.queries import calendar_in_force
from clients.crisis.contacts import Reachable, in_order
from clients.crisis.detecting import is_blind
from clients.crisis.fatigue import RESTS, Told
from clients.crisis.models import Crisis, CrisisAlert, CrisisPolicy, HourCount, HourSeen
from clients.crisis.rules import AlertKind, CrisisState, Terms
from clients.crisis.usual import WEEKS, Count
from clients.people.queries import people_of_side
from clients.people.rules import BRAND_HEADS
from tenants.vocabulary import Side

LATELY = """(
    SELECT json_agg(json_build_array(id, declared_at, over_at, own_acts))
    FROM (SELECT * FROM crisis_crisis WHERE declared_at IS NOT NULL ORDER BY declared_at DESC LIMIT 5) latest
)"""
"""For a statement that has to ask more: what `lately_from` reads. A brand has few crises, and none is ever deleted."""
_AN_HOUR = timedelta(hours=1)
SIGNAL = "!"
"""Before the name of a listed signal, where a key of the watch list would stand: no key of a watch list begins so."""


def crisis_in_force() -> bool:
    """Whether every act of the brand is to be asked as `crisis`. One indexed look; inside the brand's scope."""
    return Crisis.objects.filter(is_open=True, state=CrisisState.IN_FORCE).exists()


def crisis_since() -> datetime | None:
    """When the crisis in force was declared: a yes from before it was said without knowing of it. None without one."""
    in_force = Crisis.objects.filter(is_open=True, state=CrisisState.IN_FORCE)
    return in_force.values_list("declared_at", flat=True).first()


class Lately(NamedTuple):
    """A crisis that was or is in force. `over_at`: None while it is. `own_acts`: what the brand said of its own, or ''."""

    id: UUID
    declared_at: datetime
    over_at: datetime | None
    own_acts: str


def lately_from(rows: Iterable[Sequence[Any]] | None) -> tuple[Lately, ...]:
    """The newest few, from what `LATELY` found."""
    moments = ((UUID(pk), datetime.fromisoformat(begun), over, own) for pk, begun, over, own in rows or ())
    return tuple(
        Lately(pk, begun, datetime.fromisoformat(over) if over else None, own) for pk, begun, over, own in moments
    )


def crises_lately() -> tuple[Lately, ...]:
    """The newest few that were or are in force. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {LATELY}")
        return lately_from(cursor.fetchone()[0])


def crisis_declared_since(moment: datetime) -> bool:
    """Whether one came into force at or after `moment`, whatever became of it."""
    return Crisis.objects.filter(declared_at__gte=moment).exists()


def open_crisis() -> Crisis | None:
    """The one that is proposed or in force."""
    return Crisis.objects.filter(is_open=True).first()


def crises() -> QuerySet[Crisis]:
    """All, newest first."""
    return Crisis.objects.order_by("-proposed_at", "-id")


def policy_in_force() -> CrisisPolicy | None:
    """The newest rule of the brand, or None while it has written none."""
    return CrisisPolicy.objects.order_by("-number").first()


def terms_in_force() -> Terms:
    """What the newest rule says. Without one nothing begins by itself."""
    rule = policy_in_force()
    return Terms(tuple(AlertKind(kind) for kind in rule.by_itself), rule.call_minutes) if rule else Terms()


def counts_since(since: datetime, until: datetime) -> dict[datetime, Count]:
    """All mentions by hour, `until` included."""
    rows = HourCount.objects.filter(key="", hour__gte=since, hour__lte=until)
    return {row.hour: Count(row.total, row.negative) for row in rows}


def counts_to_judge(hour: datetime) -> dict[datetime, Count]:
    """As far back as a baseline and a slow burn look."""
    return counts_since(hour - timedelta(weeks=WEEKS), hour)


def trusted_hours(hour: datetime) -> list[datetime]:
    """Hours that somebody looked at, with the sources awake and no crisis in force: what a baseline may learn from."""
    seen = HourSeen.objects.filter(hour__gte=hour - timedelta(weeks=WEEKS), hour__lte=hour)
    awake = [row.hour for row in seen if not is_blind(row.sources, row.silent)]
    spans = list(Crisis.objects.exclude(declared_at=None).values_list("proposed_at", "over_at"))
    return [
        one for one in awake if not any(start <= one + _AN_HOUR and (end is None or one <= end) for start, end in spans)
    ]


def sources_of(hour: datetime) -> tuple[int, int]:
    """(sources, silent) as noted for an hour; (0, 0) where nobody looked."""
    row = HourSeen.objects.filter(hour=hour).first()
    return (row.sources, row.silent) if row else (0, 0)


def signals_in(hour: datetime) -> dict[str, int]:
    """How often each listed signal was found in this hour."""
    rows = HourCount.objects.filter(hour=hour, key__startswith=SIGNAL)
    return {row.key.removeprefix(SIGNAL): row.total for row in rows}


def loudest(hour: datetime, hours: int, most: int = 5) -> list[tuple[str, int]]:
    """The keys of the watch list found most in the hours that end with this one."""
    totals: dict[str, int] = {}
    rows = HourCount.objects.filter(hour__gt=hour - hours * _AN_HOUR, hour__lte=hour).exclude(
        Q(key="") | Q(key__startswith=SIGNAL)
    )
    for key, total in rows.values_list("key", "total"):
        totals[key] = totals.get(key, 0) + total
    return sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:most]


def told(crisis: Crisis | None, now: datetime) -> list[Told]:
    """What people know of: the alerts of the open crisis, or those of crises that were over a short while ago."""
    of = Q(crisis=crisis) if crisis else Q(crisis__over_at__gt=now - RESTS)
    rows = CrisisAlert.objects.filter(of).select_related("crisis")
    return [Told(row.kind, row.key, row.figures.get("seen", 0), row.crisis.over_at) for row in rows]


def people_to_call(topic: str, now: datetime, named: Iterable[Contact], zone: ZoneInfo) -> list[Reachable]:
    """Everybody whom the briefing names, in order, and then the brand's owner and managers."""
    is_open, clock = calendar_in_force(now).is_open(now), now.astimezone(zone)
    told = [
        Reachable(one.name, one.contact, one.topic, one.on_duty(clock, brand_is_open=is_open), of_briefing=True)
        for one in named
    ]
    heads = people_of_side(Side.BRAND).filter(role__in=sorted(BRAND_HEADS)).order_by("-role", "name")
    return in_order(told, [Reachable(one.name, one.email) for one in heads], topic)
