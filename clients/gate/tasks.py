"""What the outbox calls: ids in, one action called."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from clients.approvals.actions import ASK_AGAIN
from clients.autonomy.vocabulary import EntryPoint
from clients.gate import issuing
from clients.gate.actions.batches import BATCH, take_effect
from clients.gate.actions.brakes import RESUME, ask_held_again
from clients.gate.actions.lapsing import deadline_over, time_over, window_over
from clients.gate.actions.lending import FETCHED, tell_fetched
from clients.gate.actions.looking import look
from clients.gate.actions.reasking import ask_approved_again, ask_cooled_again
from clients.gate.actions.sending import send_dispatch
from clients.gate.cooling import MORNING
from clients.gate.queries import held_items
from clients.gate.steps import EXPIRE, LAPSE, LOOK, SEND, WINDOW
from clients.items.queries import items_waiting_for_brand
from clients.outbox.registry import handles
from clients.people.actor import process_of
from tenants.walls.scope import BrandRef, brand_scope

__all__ = ["issuing"]  # imported for its handler


@handles(SEND)
def send(brand: BrandRef, payload: dict[str, Any]) -> None:
    send_dispatch(brand, dispatch_id=UUID(payload["dispatch"]))


@handles(LOOK)
def look_again(brand: BrandRef, payload: dict[str, Any]) -> None:
    look(brand, dispatch_id=UUID(payload["dispatch"]), number=payload["number"])


@handles(FETCHED)
def fetched(brand: BrandRef, payload: dict[str, Any]) -> None:
    since = datetime.fromisoformat(payload["since"])
    tell_fetched(brand, dispatch_id=UUID(payload["dispatch"]), digest=payload["digest"], since=since)


@handles(WINDOW)
def window(brand: BrandRef, payload: dict[str, Any]) -> None:
    window_over(brand, window_id=UUID(payload["window"]))


@handles(LAPSE)
def lapse(brand: BrandRef, payload: dict[str, Any]) -> None:
    deadline_over(brand, item_id=UUID(payload["item"]))


@handles(EXPIRE)
def expire(brand: BrandRef, payload: dict[str, Any]) -> None:
    time_over(brand, item_id=UUID(payload["item"]))


@handles(MORNING)
def morning(brand: BrandRef, payload: dict[str, Any]) -> None:
    ask_cooled_again(process_of(brand, EntryPoint.WORKER, "worker"), item_id=UUID(payload["item"]))


@handles(BATCH)
def batch(brand: BrandRef, payload: dict[str, Any]) -> None:
    take_effect(brand, batch_id=UUID(payload["batch"]))


@handles(RESUME)
def resume(brand: BrandRef, payload: dict[str, Any]) -> None:
    """One transaction an item, so that a long list neither bursts nor blocks, and one that fails keeps no other from its turn."""
    with brand_scope(brand):
        ids = held_items()
    _each(ids, lambda item_id: ask_held_again(process_of(brand, EntryPoint.WORKER, "worker"), item_id=item_id))


@handles(ASK_AGAIN)
def ask_again(brand: BrandRef, payload: dict[str, Any]) -> None:
    """The brand wants to be asked otherwise: what has a yes may now have enough of them."""
    with brand_scope(brand):
        ids = [item.pk for item in items_waiting_for_brand()]
    _each(ids, lambda item_id: ask_approved_again(process_of(brand, EntryPoint.WORKER, "worker"), item_id=item_id))


def _each(ids: list[UUID], act: Callable[[UUID], object]) -> None:
    """Every item has its turn; the first error is raised afterwards, so that the row comes back."""
    errors = []
    for item_id in ids:
        try:
            act(item_id)
        except Exception as error:  # noqa: BLE001 - raised below
            errors.append(error)
    if errors:
        raise errors[0]
