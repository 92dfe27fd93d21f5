"""The demo is made through the public actions, so it breaks when they change; twice is once; and its weeks were lived."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clients.approvals.models import Hold, Verdict
from clients.breakglass.models import OpeningEnd
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from clients.gate.models import Receipt
from clients.items.models import Item
from portal.demo import HOUSES, make_demo
from portal.demo_clock import clock_at
from portal.demo_past import WEEKS, began
from reports.facts.periods import Period, PeriodKind, period_of, today
from reports.facts.sight import Sight
from reports.facts.whole import facts_of
from tenants import provisioning
from tenants.models import Brand, Person
from tenants.walls.scope import BrandRef, brand_scope


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
    bakery, bikes = (Brand.objects.get(slug=house.slug).ref() for house in HOUSES[:2])
    with brand_scope(bakery):
        assert OpeningEnd.objects.get().how == "brand"
        assert Disclosure.objects.filter(way="operator").count() == 2
        assert not Receipt.objects.filter(sent_at__lt=began()).exists()
        assert Hold.objects.filter(lifted_at__isnull=False, placed_at__lt=timezone.now() - timedelta(days=7)).exists()
    with brand_scope(bikes):
        assert Verdict.objects.filter(kind="veto").exists()
        assert Receipt.objects.filter(basis="silence").exists()
    _every_week_says_something(bakery)


def _every_week_says_something(brand: BrandRef) -> None:
    week = period_of(PeriodKind.WEEK, today(timezone.now(), brand.time_zone), brand.time_zone).before
    bases: set[str] = set()
    for _ in range(WEEKS):
        found = _figures(brand, week)
        for code in ("acts.done", "mentions.found", "members.active", "clocks.rounds;clock=answer"):
            assert found[code], (week.code, code)
        bases |= {key for key, value in found.items() if key.startswith("acts.basis;") and value}
        week = week.before
    assert {"acts.basis;basis=approval", "acts.basis;basis=level"} <= bases


def _figures(brand: BrandRef, week: Period) -> dict[str, int | None]:
    with brand_scope(brand):
        facts = facts_of(brand, Sight(InfoClass.BRAND), "weekly", week, now=timezone.now())
    return {figure.key: figure.value for _section, figure in facts.figures()}


def test_the_clock_of_the_past_goes_on_and_is_put_right_again() -> None:
    before, then = timezone.now(), began()
    with pytest.raises(KeyError), clock_at(then):
        assert then <= timezone.now() < then + timedelta(minutes=1)
        raise KeyError
    assert before <= timezone.now() < before + timedelta(minutes=1)
