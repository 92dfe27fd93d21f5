"""What the outbox calls for sources: ids in, one action called."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.crisis.silence import tells_silence
from clients.outbox.registry import Later, each_day, handles
from clients.people.actor import Actor, process_of
from clients.sources.actions import date_sources, look_at_source
from clients.sources.queries import awake
from clients.sources.steps import LOOK
from tenants.errors import Missing
from tenants.walls.scope import BrandRef

tells_silence(awake)


@handles(LOOK)
def look(brand: BrandRef, payload: dict[str, Any]) -> None:
    """For as long as the source is on, one row that is always put off: it counts no attempts that would run out."""
    try:
        next_at = look_at_source(actor=_worker(brand), source_id=UUID(payload["source"]))
    except Missing:
        return
    if next_at is not None:
        raise Later(next_at)


@each_day
def date(brand: BrandRef) -> None:
    """For sources whose row was given up."""
    date_sources(actor=_worker(brand))


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "sources")
