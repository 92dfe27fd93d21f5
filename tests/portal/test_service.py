"""The page of service: who waits, what is owed, figures; fixed queries, and nothing that a reader may not read."""

from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from clients.custody.rules import Holder, TurnKind, Voice
from clients.disclosure.rules import InfoClass
from clients.service.steps import promise, reckon
from tenants.vocabulary import Role, Side
from tenants.walls.scope import durable
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.service.conftest import MONDAY, begun, monday, says
from tests.world import World

CM = Role.COMMUNITY_MANAGER


def waiting(world: World, title: str, **facts: Any) -> None:
    """Somebody who wrote an hour ago, was acknowledged, and was promised an answer for tomorrow."""
    found = begun(world, title=title, said_at=timezone.now() - timedelta(hours=1), handle=f"@{title}", **facts)
    turn = says(world, found, Voice.AGENCY, TurnKind.ACKNOWLEDGEMENT)
    with durable(world.brand):
        promise(world.cm, turn=turn, until=timezone.now() + timedelta(days=1))
        reckon(found)


def test_one_who_waits_costs_as_many_queries_as_three(world: World, other: World, browse: Browse) -> None:
    waiting(other, "SECRET")
    waiting(world, "Titre 0")
    client = browse(world.people[CM], world.brand)
    one, page = queries_of(client, "/service/")
    for n in (1, 2):
        waiting(world, f"Titre {n}")
    three, full = queries_of(client, "/service/")
    assert one == three
    assert page.count("Titre 0") == 2  # due, and promised
    assert "Titre 2" in full
    assert "SECRET" not in full


def test_an_agency_sees_nothing_of_what_the_brand_keeps(world: World, browse: Browse) -> None:
    waiting(world, "Interne", info_class=InfoClass.BRAND)
    _, page = queries_of(browse(world.people[CM], world.brand), "/service/")
    assert "Interne" not in page
    _, page = queries_of(browse(world.people[Role.BRAND_OWNER], world.brand), "/service/?days=365")
    assert "Interne" in page


def test_a_span_that_nobody_offers_is_the_usual_one(world: World, browse: Browse) -> None:
    client = browse(world.people[CM], world.brand)
    assert client.get("/service/?days=x").status_code == 200
    assert 'href="?days=30#fair" aria-current="true"' in client.get("/service/?days=99999").content.decode()


def test_who_was_warned_sees_it_on_their_work_and_nobody_else(world: World, browse: Browse) -> None:
    person = world.people[CM]
    with time_machine.travel(MONDAY, tick=False) as clocks:
        begun(world, title="Qui répond ?", holder=Holder(Side.AGENCY, person.pk))
        browser = browse(person)
        assert "Qui répond" in browser.get("/").content.decode()
        assert "11:00" not in browser.get("/").content.decode()
        clocks.move_to(monday("10:30"))
        world.run_outbox("service.look")
        assert "11:00" in browser.get("/").content.decode()
        assert "Qui répond" not in browse(world.people[Role.AGENCY_MANAGER]).get("/").content.decode()
