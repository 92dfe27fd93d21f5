"""Pages are asked for as people do: signed in, on the host of the hub or of one brand."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from tenants.models import Person
from tenants.walls.scope import BrandRef
from tests.conftest import make_person
from tests.world import World, make_world

Browse = Callable[..., Client]


@pytest.fixture
def world(real_brands: tuple[BrandRef, BrandRef]) -> World:
    """A brand with people of both sides, everything at level 2."""
    return make_world(real_brands[0], make_person)


@pytest.fixture
def other(real_brands: tuple[BrandRef, BrandRef], world: World) -> World:
    """A second brand, whose every word must stay out of the first one's pages."""
    there = make_world(real_brands[1], make_person)
    for n in range(2):
        there.submitted(f"SECRET of the other brand {n}", title=f"SECRET {n}")
    return there


@pytest.fixture
def browse() -> Iterator[Browse]:
    """`browse(person, brand)`: a browser signed in as `person`, on the brand's host, or on the hub's without a brand."""

    def make(person: Person | None = None, brand: BrandRef | None = None, *, proved: bool = False) -> Client:
        host = f"{brand.slug}.{settings.HUB_HOST}" if brand else settings.HUB_HOST
        client = Client(headers={"host": host, "accept-language": "en"})
        if person is not None:
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        if proved:
            proof = client.post(
                "/account/reauthenticate/", {"password": "correct horse"}, headers={"host": settings.HUB_HOST}
            )
            assert proof.status_code == 302
        return client

    yield make
    translation.deactivate()
