"""The demo is made through the public actions, so it breaks when they change; twice is once."""

import pytest

from clients.breakglass.models import OpeningEnd
from clients.disclosure.models import Disclosure
from clients.items.models import Item
from portal.demo import HOUSES, make_demo
from tenants import provisioning
from tenants.models import Brand, Person
from tenants.walls.scope import brand_scope


@pytest.mark.usefixtures("real_transactions")
def test_the_demo_is_made_once_and_every_brand_has_a_day() -> None:
    provisioning.top_up(len(HOUSES))
    make_demo()
    people = Person.objects.count()
    make_demo()
    assert Person.objects.count() == people
    for house in HOUSES:
        with brand_scope(Brand.objects.get(slug=house.slug).ref()):
            states = set(Item.objects.values_list("state", flat=True))
        assert "waiting" in states
    with brand_scope(Brand.objects.get(slug=HOUSES[0].slug).ref()):
        assert OpeningEnd.objects.get().how == "brand"
        assert Disclosure.objects.filter(way="operator").count() == 2
