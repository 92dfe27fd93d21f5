"""Openings for the tests: made by the operator's own command actor, over a brand with words worth reading."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from clients.autonomy.vocabulary import EntryPoint
from clients.breakglass.actions import open_glass, tell_look
from clients.breakglass.models import Opening
from clients.people.actor import Actor, process_of
from tenants import glass
from tenants.brandref import BrandRef
from tenants.walls.scope import durable
from tests.tenants.attacks import item_of

WHY = "Un article reste en attente depuis lundi."
PARTS = ("items", "outbox")


def operator(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.COMMAND, "operator")


def opened(brand: BrandRef, **changes: Any) -> Opening:
    """Written down; the database has made nothing yet."""
    values: dict[str, Any] = {"who": "Noé Martin", "reason": WHY, "hours": 1, "parts": PARTS, "ticket": "T-12"}
    return open_glass(operator(brand), **values | changes)


def item_titled(brand: BrandRef, *titles: str) -> None:
    from clients.audit.actions import record

    with durable(brand):
        for title in titles:
            item_of(brand, title)
        record(operator(brand), "test", None)


@contextmanager
def standing(brand: BrandRef, **changes: Any) -> Iterator[Opening]:
    """Open, in the database as well, until the block ends."""
    opening = opened(brand, **changes)
    glass.put_up(opening.pk, brand, opening.parts, opening.until)
    try:
        yield opening
    finally:
        glass.shut(opening.pk)


def told(brand: BrandRef, opening: Opening, table: str = "items_item", **page: Any) -> glass.Page:
    """A page whose line is written."""
    asked = glass.Page(table, **page)
    tell_look(operator(brand), opening_id=opening.pk, page=asked)
    return asked


def as_operator(opening: Opening, *statements: str) -> list[Any]:
    """What these statements give in one session of the opening's role, each in a transaction of its own; the last one's rows."""
    with glass.session(opening.pk) as raw:
        raw.autocommit = True
        for statement in statements:
            cursor = raw.execute(statement)  # type: ignore[call-overload]
        try:
            return cursor.fetchall()
        except psycopg.ProgrammingError:
            return []
