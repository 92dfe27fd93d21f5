"""Two worlds that roll back, servers on loopback, and what was handed to the mentions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache

from clients.mentions.raw import RawMention
from clients.sources import handing
from clients.sources.actions import bringing, looking
from clients.sources.handing import Taken
from tenants.models import Person
from tenants.walls.scope import BrandRef
from tests.world import World, make_world


@dataclass
class Mentions:
    """Stands for the mentions: knows what it was given, by source and name."""

    known: dict[tuple[Any, str], RawMention] = field(default_factory=dict)
    kept_all: list[bool] = field(default_factory=list)

    def take(self, brand: BrandRef, source: Any, raws: Any, by: Any = None) -> Taken:
        new = {(source.pk, raw.own_id): raw for raw in raws if (source.pk, raw.own_id) not in self.known}
        self.known |= new
        self.kept_all.append(handing.kind_of(source.kind).keeps(source.settings))
        return Taken(new=len(new), known=len(raws) - len(new))

    @property
    def texts(self) -> list[str]:
        return [raw.text or raw.title for raw in self.known.values()]


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def mentions(monkeypatch: pytest.MonkeyPatch) -> Mentions:
    found = Mentions()
    for module in (looking, bringing):
        monkeypatch.setattr(module, "hand_over", found.take)
    return found


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    return make_world(brand_a, person_factory)


@pytest.fixture
def other(brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    return make_world(brand_b, person_factory)
