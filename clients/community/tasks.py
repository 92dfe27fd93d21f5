"""What the outbox calls for the community: the end of an erasure, and the daily run of retention."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.community.actions import date_retention, finish_erasure, run_retention
from clients.community.actions.erasing import FINISH
from clients.community.actions.retaining import RUN
from clients.outbox.registry import each_day, handles
from clients.people.actor import Actor, process_of
from tenants.walls.scope import BrandRef


@handles(FINISH)
def finish(brand: BrandRef, payload: dict[str, Any]) -> None:
    finish_erasure(_worker(brand), erasure_id=UUID(payload["erasure"]))


@handles(RUN)
def retain(brand: BrandRef, payload: dict[str, Any]) -> None:
    run_retention(_worker(brand))


@each_day
def date(brand: BrandRef) -> None:
    date_retention(_worker(brand))


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "community")
