"""What the outbox calls for the press: the review of a rhythm."""

from typing import Any

from clients.autonomy.vocabulary import EntryPoint
from clients.outbox.registry import handles
from clients.people.actor import process_of
from clients.press.actions import draw_up_due
from clients.press.steps import DRAW_UP
from tenants.walls.scope import BrandRef


@handles(DRAW_UP)
def draw_up(brand: BrandRef, payload: dict[str, Any]) -> None:
    draw_up_due(process_of(brand, EntryPoint.WORKER, "press"))
