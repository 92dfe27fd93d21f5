"""The page of service in a real browser: on a telephone and on a desk, in both languages."""

import os

from clients.service.actions import look_at_clocks
from tenants.vocabulary import Role
from tests.portal.browser.conftest import Look
from tests.portal.browser.test_inbox import by_hosts
from tests.portal.test_service import waiting
from tests.service.conftest import begun, house
from tests.world import World

PICTURES = os.environ.get("PICTURES_OF_SERVICE", "")


def test_page_of_service(world: World, site: str, look: Look) -> None:
    waiting(world, "Les brioches du samedi sont-elles sans gluten, ou faut-il les commander la veille ?")
    waiting(world, "Une question sur la livraison", language="en")
    look_at_clocks(house(world), conversation_id=begun(world, title="Qui répond ?", handle="@qui").pk)
    page = by_hosts(world, site) + "/service/"
    assert look(world.people[Role.COMMUNITY_MANAGER], [page, page], pictures=PICTURES) == {}
