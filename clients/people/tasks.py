"""What the outbox calls for people: hearing from the hub. The hub's lines ask for it, and once a day it is done unasked."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.outbox.actions import enqueue
from clients.outbox.registry import each_day, handles
from clients.people.actions.hearing import AN_HOUR, ENDS, FAILURES, hear_hub, hour_of
from clients.people.actor import Actor, process_of
from tenants.hub_log import listen
from tenants.models import HubEntry
from tenants.origins import is_from_elsewhere
from tenants.queries import brands_of
from tenants.walls.scope import BrandRef, durable

HEAR = "people.hear"
"""Kind of the outbox row; no payload."""
NEW_PLACE = "people.new_place"
"""Kind of the outbox row of the letter about a sign-in from elsewhere; payload {"line": "<id of the hub's>"}."""
A_MOMENT = timedelta(minutes=1)


@handles(HEAR)
def hear(brand: BrandRef, payload: dict[str, Any]) -> None:
    hear_hub(_worker(brand))


@each_day
def hear_unasked(brand: BrandRef) -> None:
    hear_hub(_worker(brand))


@listen
def ask_to_hear(line: HubEntry) -> None:
    """An end is told at once; failures when their hour is over, and only the first of an hour asks."""
    if line.verb in ENDS:
        _ask(line, "ends", timezone.now())
    elif line.verb in FAILURES and line.person_id and not _is_known(line):
        _ask(line, "failures", hour_of(line.at) + AN_HOUR + A_MOMENT)


@listen
def have_new_place_told(line: HubEntry) -> None:
    """To the person alone. The hub has no queue of its own: a brand's takes it, with nothing in it but the id of the line."""
    if line.verb == "signed_in" and is_from_elsewhere(line):
        for brand in brands_of(line.person_id)[:1]:
            with durable(brand):
                enqueue(NEW_PLACE, {"line": str(line.pk)}, key=str(line.pk))


def _ask(line: HubEntry, key: str, due_at: Any) -> None:
    for brand in brands_of(line.person_id):
        with durable(brand):
            enqueue(HEAR, {}, key=key, due_at=due_at)


def _is_known(line: HubEntry) -> bool:
    """Whether another failure of this hour has asked before."""
    same = HubEntry.objects.filter(
        person_id=line.person_id, verb__in=FAILURES, at__gte=hour_of(line.at), at__lt=line.at
    )
    return same.exists()


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "hub")
