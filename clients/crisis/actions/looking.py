"""Looking at the numbers: every hour, and soon after something came in. The rule of the brand decides what follows by itself."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from clients.crisis import queries
from clients.crisis.detecting import Alert, Look, is_blind, look
from clients.crisis.fatigue import joining, opening
from clients.crisis.models import Crisis
from clients.crisis.rules import CrisisState, Move
from clients.crisis.silence import silence
from clients.crisis.steps.counting import LOOK, hour_of, note_sources
from clients.crisis.steps.moving import begin, go_on, note_alerts
from clients.crisis.usual import HOUR, learn
from clients.outbox.actions import enqueue
from clients.outbox.models import OutboxRow
from clients.people.access import require_process
from clients.people.actor import Actor
from tenants.walls.scope import durable

A_MINUTE = timedelta(minutes=1)


def look_at_numbers(actor: Actor) -> Crisis | None:
    """Judge the hour that runs and the one before, and propose or declare what the numbers and the brand's rule say.

    For a worker. Returns the open crisis, if there is one.
    """
    require_process(actor)
    now = timezone.now()
    with durable(actor.brand):
        note_sources(now, *silence())
        enqueue(LOOK, {}, key="hourly", due_at=hour_of(now) + HOUR + A_MINUTE)
        alerts = [one for hour in (hour_of(now) - HOUR, hour_of(now)) for one in judge(actor, hour).alerts]
        crisis = Crisis.objects.select_for_update().filter(is_open=True).first()
        told = queries.told(crisis, now)
        fresh = _one_each(joining(alerts, told) if crisis else opening(alerts, told, now))
        return _follow(actor, crisis, fresh) if fresh else crisis


def judge(actor: Actor, hour: datetime) -> Look:
    """What the numbers of one hour say, over or not. Reads only."""
    counts, trusted = queries.counts_to_judge(hour), queries.trusted_hours(hour)
    usual = learn(counts, trusted, hour, ZoneInfo(actor.brand.time_zone))
    blind = is_blind(*queries.sources_of(hour))
    return look(hour, counts, trusted, usual, blind=blind, signals=queries.signals_in(hour))


def date_looks(actor: Actor) -> None:
    """Write the next look down where there is none. For a worker, once a day."""
    require_process(actor)
    with durable(actor.brand):
        if not OutboxRow.objects.filter(kind=LOOK, key="hourly", done_at=None).exists():
            enqueue(LOOK, {}, key="hourly")


def _one_each(alerts: list[Alert]) -> list[Alert]:
    """Of the two hours, the stronger alert of each kind and key."""
    best: dict[tuple[str, str], Alert] = {}
    for one in alerts:
        at = (str(one.kind), one.key)
        best[at] = max(best.get(at, one), one, key=lambda alert: alert.weight)
    return list(best.values())


def _follow(actor: Actor, crisis: Crisis | None, alerts: list[Alert]) -> Crisis:
    crisis = crisis or begin(actor, Move.PROPOSE, because="numbers")
    note_alerts(actor, crisis, alerts)
    ruled = set(queries.terms_in_force().by_itself)
    if crisis.state == CrisisState.PROPOSED and any(one.kind in ruled for one in alerts):
        go_on(actor, crisis, Move.DECLARE, because="rule")
    return crisis
