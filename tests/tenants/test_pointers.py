"""The list over brands: only one's own brands, one's own side, active ones, soonest first, in one query whatever their number."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from clients.items.models import Item
from tenants.actions import change_state
from tenants.brandref import BrandRef
from tenants.ids import uuid7
from tenants.models import Membership
from tenants.pointers import places_of, soonest_work
from tenants.vocabulary import BrandState, Role
from tenants.walls.scope import durable

ALL = list(Role)
NOW = timezone.now()


def item(brand: BrandRef, move_of: str, days: int) -> Item:
    with durable(brand):
        facts = {
            "kind": "publish",
            "sensitivity": "routine",
            "author_id": uuid7(),
            "author_side": "agency",
            "state": "waiting",
        }
        return Item.objects.create(title="secret", move_of=move_of, decide_by=NOW + timedelta(days=days), **facts)


def test_what_waits_for_my_side_in_my_brands(
    brand_a: BrandRef,
    brand_b: BrandRef,
    member: Callable[..., Membership],
    django_assert_num_queries: Callable[..., object],
) -> None:
    person = member(brand_a, Role.APPROVER).person
    later, sooner, theirs = item(brand_a, "brand", 3), item(brand_a, "brand", 1), item(brand_b, "brand", 2)
    item(brand_a, "agency", 1)
    item(brand_a, "", 1)
    assert [p.object_id for p in soonest_work(person.pk, ALL, 50)] == [sooner.pk, later.pk]
    member(brand_b, Role.BRAND_MANAGER, person)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        assert [p.object_id for p in soonest_work(person.pk, ALL, 50)] == [sooner.pk, theirs.pk, later.pk]
    assert len(soonest_work(person.pk, ALL, 2)) == 2


@pytest.mark.parametrize("ended", ["membership", "role", "brand"])
def test_what_ends_is_gone_at_once(ended: str, brand_a: BrandRef, member: Callable[..., Membership]) -> None:
    place = member(brand_a, Role.APPROVER)
    item(brand_a, "brand", 1)
    assert len(soonest_work(place.person_id, ALL, 50)) == 1
    if ended == "membership":
        Membership.objects.filter(pk=place.pk).update(ended_at=NOW)
    if ended == "brand":
        change_state(brand_a, BrandState.SUSPENDED)
    roles = [Role.AUDITOR] if ended == "role" else ALL
    assert soonest_work(place.person_id, roles, 50) == []


def test_places_with_what_waits_there(
    brand_a: BrandRef,
    brand_b: BrandRef,
    member: Callable[..., Membership],
    django_assert_num_queries: Callable[..., object],
) -> None:
    person = member(brand_a, Role.APPROVER).person
    member(brand_b, Role.COMMUNITY_MANAGER, person)
    for side, brand in [("brand", brand_a), ("brand", brand_a), ("agency", brand_a), ("", brand_a), ("brand", brand_b)]:
        item(brand, side, 1)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        found = places_of(person.pk, ALL)
    assert [(p.brand, p.role, p.waiting) for p in found] == [
        (brand_a, Role.APPROVER, 2),
        (brand_b, Role.COMMUNITY_MANAGER, 0),
    ]
    assert [p.waiting for p in places_of(person.pk, [Role.COMMUNITY_MANAGER])] == [0, 0]
    Membership.objects.filter(person=person, brand_id=brand_a.id).update(ended_at=NOW)
    change_state(brand_b, BrandState.SUSPENDED)
    assert places_of(person.pk, ALL) == []
