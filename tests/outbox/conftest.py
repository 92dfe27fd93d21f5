"""The outbox with real commits: what is written down must outlive whoever wrote it."""

from collections.abc import Iterator
from typing import Any

import pytest

from clients.outbox import registry
from tenants.walls.scope import BrandRef


@pytest.fixture
def brand(real_brands: tuple[BrandRef, BrandRef]) -> BrandRef:
    """One brand with an empty outbox."""
    return real_brands[0]


@pytest.fixture
def handler() -> Iterator[list[Any]]:
    """A handler of the kind 'test.work': does what its payload says, and the list of payloads it was called with."""
    calls: list[Any] = []

    def work(brand: BrandRef, payload: dict[str, Any]) -> None:
        calls.append(payload)
        if callable(act := payload.get("act")):
            act()

    registry._handlers["test.work"] = work
    yield calls
    del registry._handlers["test.work"]
