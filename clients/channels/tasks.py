"""What the outbox calls for channels: ids in, one action called."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.channels.actions import check_channel, renew_tokens
from clients.channels.actions.checking import date_channels, warn_of_end
from clients.channels.steps import CHECK, ENDING, RENEW
from clients.outbox.registry import each_day, handles
from clients.people.actor import Actor, process_of
from tenants.errors import Conflict, Missing
from tenants.walls.scope import BrandRef


@handles(CHECK)
def check(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Every day, for as long as the channel lives: each check asks for the next."""
    try:
        check_channel(actor=_worker(brand), channel_id=UUID(payload["channel"]))
    except (Conflict, Missing):
        return  # ended meanwhile


@handles(RENEW)
def renew(brand: BrandRef, payload: dict[str, Any]) -> None:
    renew_tokens(actor=_worker(brand), channel_id=UUID(payload["channel"]))


@handles(ENDING)
def ending(brand: BrandRef, payload: dict[str, Any]) -> None:
    warn_of_end(actor=_worker(brand), channel_id=UUID(payload["channel"]), days=int(payload["days"]))


@each_day
def date(brand: BrandRef) -> None:
    """For channels that are older than the daily check, and for those whose check was given up."""
    date_channels(actor=_worker(brand))


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "channels")
