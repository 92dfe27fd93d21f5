"""Which function performs which kind of row. Features register their handlers in their `tasks` module."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tenants.walls.scope import BrandRef

Handler = Callable[[BrandRef, dict[str, Any]], None]
Keeper = Callable[[BrandRef], object]

_handlers: dict[str, Handler] = {}
_keepers: list[Keeper] = []


class Later(Exception):
    """Raised by a handler that is too early: the row comes back at `due_at`."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__(due_at.isoformat())
        self.due_at = due_at


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of one kind. It is called at least once, so it must bear being called again."""

    def register(handler: Handler) -> Handler:
        if _handlers.setdefault(kind, handler) is not handler:
            raise RuntimeError(f"two handlers for {kind}")
        return handler

    return register


def handler_of(kind: str) -> Handler:
    return _handlers[kind]


def each_day(keeper: Keeper) -> Keeper:
    """Register what looks once a day whether work that recurs is still written down in a brand; see `daily`."""
    _keepers.append(keeper)
    return keeper


def keepers() -> tuple[Keeper, ...]:
    return tuple(_keepers)
