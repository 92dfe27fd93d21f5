"""What the outbox calls for the community: the end of an erasure, erasing again after a restore, the run of retention."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.community.actions import (
    begin_erasure,
    date_erasures,
    date_retention,
    erase_again,
    finish_erasure,
    run_retention,
)
from clients.community.actions.erasing import FINISH
from clients.community.actions.retaining import RUN
from clients.outbox.actions import perform
from clients.outbox.models import OutboxRow
from clients.outbox.registry import each_day, handles
from clients.people.actor import Actor, process_of
from tenants.keeping.afterwards import afterwards
from tenants.keeping.erased import AGAIN, BEGIN
from tenants.walls.scope import BrandRef, brand_scope


@handles(BEGIN)
def begin(brand: BrandRef, payload: dict[str, Any]) -> None:
    begin_erasure(_worker(brand), erasure_id=UUID(payload["erasure"]))


@handles(FINISH)
def finish(brand: BrandRef, payload: dict[str, Any]) -> None:
    finish_erasure(_worker(brand), erasure_id=UUID(payload["erasure"]))


@handles(AGAIN)
def again(brand: BrandRef, payload: dict[str, Any]) -> None:
    erase_again(
        _worker(brand),
        member_id=UUID(payload["member"]),
        basis=payload["basis"],
        by=UUID(payload["by"]),
        by_name=payload["by_name"],
    )


@afterwards
def again_at_once(brand: BrandRef) -> str:
    """As soon as a brand is restored, before anybody looks at it; what fails waits for the workers."""
    begun, left = _done_now(brand, BEGIN)
    told = (
        [f"{begun} erasures that had only been asked for were done, {left} wait for the workers."]
        if begun + left
        else []
    )
    again, left = _done_now(brand, AGAIN)
    told += [f"{again} erased since were erased again, {left} wait for the workers."] if again + left else []
    return " ".join(told)


def _done_now(brand: BrandRef, kind: str) -> tuple[int, int]:
    """(how many rows of this kind were done, how many are left)."""
    with brand_scope(brand):
        rows = list(OutboxRow.objects.filter(kind=kind, done_at=None).values_list("pk", flat=True))
    for row in rows:
        perform(brand, row)
    with brand_scope(brand):
        left = OutboxRow.objects.filter(pk__in=rows, done_at=None).count()
    return len(rows) - left, left


@handles(RUN)
def retain(brand: BrandRef, payload: dict[str, Any]) -> None:
    run_retention(_worker(brand))


@each_day
def date(brand: BrandRef) -> None:
    date_retention(_worker(brand))
    date_erasures(_worker(brand))


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "community")
