"""Moving a crisis from state to state, and beginning to call. In the open transaction of an action."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.briefings.models import BriefingSection
from clients.briefings.queries import contacts_in_force
from clients.crisis.contacts import Reachable
from clients.crisis.detecting import Alert
from clients.crisis.models import Crisis, CrisisAlert, CrisisCall, CrisisChange, CrisisNote
from clients.crisis.queries import people_to_call
from clients.crisis.rules import OPEN, CallState, CrisisState, Move, moved
from clients.disclosure.rules import InfoClass, default_class
from clients.outbox.actions import cancel, enqueue
from clients.outbox.brake import press
from clients.people.actor import Actor
from tenants.errors import Conflict
from tenants.vocabulary import Side

CALL = "crisis.call"
"""Kind of the outbox row that calls the next contact; payload {"crisis": "<id>"}, its id as key."""
_BRANDS_OWN: dict[str, Any] = {"owner_side": str(Side.BRAND), "info_class": InfoClass.BRAND}
TOLD = {
    CrisisState.PROPOSED: "crisis.proposed",
    CrisisState.IN_FORCE: "crisis.declared",
    CrisisState.DISMISSED: "crisis.dismissed",
    CrisisState.ENDED: "crisis.ended",
}


def begin(actor: Actor, move: Move, *, topic: str = "", because: str = "person") -> Crisis:
    """A new crisis, proposed or declared at once. Raises Conflict('crisis_already_open') where one is open."""
    to = moved(move, None, actor.side)
    crisis = Crisis(state=to, topic=topic, proposed_by=actor.person_id)
    try:
        with transaction.atomic():
            crisis.save(force_insert=True)
    except IntegrityError:
        raise Conflict("crisis_already_open") from None
    _line_up(actor, crisis)
    _settle(actor, crisis, None, to, because)
    enqueue(CALL, {"crisis": str(crisis.pk)}, key=str(crisis.pk))
    return crisis


def go_on(actor: Actor, crisis: Crisis, move: Move, *, because: str = "person") -> Crisis:
    """The next state of a crisis that the caller holds locked. Raises what `rules.moved` does."""
    was = CrisisState(crisis.state)
    to = moved(move, was, actor.side)
    crisis.state, crisis.is_open = to, to in OPEN
    _settle(actor, crisis, was, to, because)
    return crisis


def _settle(actor: Actor, crisis: Crisis, was: CrisisState | None, to: CrisisState, because: str) -> None:
    """INVARIANT: as with every right that is taken away, what comes into force waits for the acts already leaving."""
    now = timezone.now()
    if to is CrisisState.IN_FORCE:
        press(actor.brand)
        crisis.declared_at, crisis.declared_by = now, actor.person_id
    if to not in OPEN:
        crisis.over_at = now
        cancel(CALL, key=str(crisis.pk))
        crisis.calls.filter(state__in=(CallState.WAITING, CallState.CALLED)).update(state=CallState.SPARED)
    crisis.save()
    CrisisChange.objects.create(
        crisis=crisis, was=was or "", now=to, by_person=actor.person_id, by_name=actor.name,
        side=str(actor.side or ""), because=because,
    )  # fmt: skip
    record(actor, TOLD[to], crisis, was=str(was or ""), because=because)


def _line_up(actor: Actor, crisis: Crisis) -> None:
    """Who is called, in order, as the briefing says at this moment: a later version does not change who was called."""
    (named, mark), zone = contacts_in_force(), ZoneInfo(actor.brand.time_zone)
    CrisisCall.objects.bulk_create(
        CrisisCall(crisis=crisis, place=place, name=one.name, contact=one.contact, **_class_of(one, mark))
        for place, one in enumerate(people_to_call(crisis.topic, timezone.now(), named, zone), 1)
    )


def _class_of(one: Reachable, mark: BriefingSection | None) -> dict[str, Any]:
    """That of the briefing's section for whom it names; the brand's own for anybody else."""
    if mark is None or not one.of_briefing:
        return {"owner_side": str(Side.BRAND), "info_class": InfoClass.BRAND}
    return {"owner_side": mark.owner_side, "info_class": mark.info_class, "named": mark.named}


def note_alerts(actor: Actor, crisis: Crisis, alerts: Iterable[Alert]) -> None:
    """Add what the numbers told; the same of the same hour is told once."""
    rows = [
        CrisisAlert(crisis=crisis, kind=one.kind, key=one.key, hour=one.hour, figures=dict(one.figures))
        for one in alerts
    ]
    CrisisAlert.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        told: list[dict[str, Any]] = [{"kind": str(r.kind), "hour": r.hour.isoformat(), **r.figures} for r in rows]
        record(actor, "crisis.alerted", crisis, alerts=told)


def write(
    actor: Actor, crisis: Crisis, text: str, *, is_decision: bool, info_class: InfoClass | None = None
) -> CrisisNote:
    """Words of a person beside a crisis. What the brand writes stays with the brand unless it shares it."""
    return CrisisNote.objects.create(
        crisis=crisis, text=text, is_decision=is_decision, by_person=actor.somebody, by_name=actor.name,
        side=str(actor.side), owner_side=str(actor.side), info_class=info_class or default_class(actor.side),
    )  # fmt: skip
