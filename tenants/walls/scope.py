"""The doors: `with brand_scope(brand):` to look inside a brand, `with durable(brand):` to act there, `hub_scope()` to step out.

A scope is a transaction plus a place on this thread's connection. Entering costs no round trip; the first statement
brings search path and role along. Leaving restores what was there before, whatever happened in between: nothing is kept
in globals, on the brand or on the function, so scopes may nest, recurse and run in any number of threads.

A new thread, and a callback of `on_commit`, start outside every scope. A generator that is still suspended inside a
scope when its caller leaves an outer one breaks the order: the connection is dropped and `CrossBrand` raised.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from tenants.brandref import BrandRef
from tenants.walls.place import CrossBrand, Frame, OutsideBrand

if TYPE_CHECKING:
    from tenants.walls.backend.base import DatabaseWrapper

__all__ = [
    "BrandRef",
    "CrossBrand",
    "Effect",
    "OutsideBrand",
    "ask_each",
    "brand_scope",
    "current_brand",
    "durable",
    "gathering",
    "hub_scope",
    "one_effect",
    "required_brand",
    "walls",
]


def brand_scope(brand: BrandRef, *, savepoint: bool = True) -> AbstractContextManager[BrandRef]:
    """Inside: this brand's tables, in a transaction (or a savepoint of the one that is open).

    `savepoint=False` saves two round trips where many brands are only read from within one `hub_scope`: a list over brands. An
    error inside then ends the whole transaction.
    """
    return _inside(brand, durable=False, savepoint=savepoint)


@dataclass(slots=True)
class Effect:
    """The one action that may join a transaction which is kept open around it, so that something is written beside its effect."""

    brand: BrandRef
    left: int = 1

    def join(self, brand: BrandRef) -> None:
        if brand != self.brand or not self.left:
            raise RuntimeError("a second durable transaction inside one_effect")
        self.left -= 1


_effect: ContextVar[Effect | None] = ContextVar("one_effect", default=None)


def durable(brand: BrandRef) -> AbstractContextManager[BrandRef]:
    """`brand_scope` that must be the outermost transaction: when it ends, what was written is committed.

    Raises RuntimeError inside an open transaction. Every public action opens exactly one. Inside `one_effect` it joins the
    transaction that is open there, and what was written is committed with that.
    """
    if (effect := _effect.get()) is not None:
        effect.join(brand)
        return _inside(brand, durable=False, savepoint=False)
    return _inside(brand, durable=True)


@contextmanager
def one_effect(brand: BrandRef) -> Iterator[Effect]:
    """`durable`, which the one action called inside joins: its effect and what the caller writes beside it, or neither.

    Whoever calls several actions, each in a savepoint of its own, says so before each (`effect.left = 1`). An action that opens
    a second transaction is refused: RuntimeError, and nothing is kept.
    """
    with _inside(brand, durable=True):
        effect = Effect(brand)
        token = _effect.set(effect)
        try:
            with gathering():
                yield effect
        finally:
            _effect.reset(token)


@contextmanager
def gathering() -> Iterator[None]:
    """Inside: what is only written (`walls().write_together`) goes out with the next question, or with the end."""
    here = walls()
    before, here.gathers = here.gathers, True
    try:
        yield
    finally:
        here.gathers = before


@contextmanager
def hub_scope() -> Iterator[None]:
    """Inside: the hub's tables, as the login role. From within a brand it steps out and back in, in the same transaction."""
    with transaction.atomic(), _standing(Frame(None)):
        yield


def ask_each(
    statement: str, asked: Iterable[tuple[BrandRef, Sequence[object] | Mapping[str, object]]]
) -> list[list[Any]]:
    """The same small question to several brands, each inside its own walls, in one round trip: the rows of each, in turn.

    For lists over brands, within one `hub_scope`; whether the person may look into a brand is the caller's to know.
    """
    return walls().ask_each(statement, asked)


def current_brand() -> BrandRef | None:
    """The brand whose scope this thread is in, or None on the hub."""
    return walls().brand


def required_brand() -> BrandRef:
    """The brand whose scope this thread is in. Raises OutsideBrand on the hub."""
    brand = current_brand()
    if brand is None:
        raise OutsideBrand("no_brand_scope")
    return brand


def walls() -> "DatabaseWrapper":
    """This thread's connection of the application."""
    return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])


@contextmanager
def _inside(brand: BrandRef, *, durable: bool, savepoint: bool = True) -> Iterator[BrandRef]:
    with transaction.atomic(durable=durable, savepoint=savepoint), _standing(Frame(brand)):
        yield brand


@contextmanager
def _standing(frame: Frame) -> Iterator[None]:
    here = walls()
    here.enter(frame)
    try:
        yield
    finally:
        here.leave(frame)
