"""Share links: what may be linked and how long, one view spent once, and closed means closed (attacks 13, 14, 15)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from clients.audit.models import Entry
from clients.disclosure.actions import MadeLink, end_disclosure, exchange, make_link, open_link
from clients.disclosure.models import Disclosure, ShareLink
from clients.disclosure.queries import links_open
from clients.disclosure.rules import MOST_WRONG_CODES, InfoClass
from clients.disclosure.tokens import token_digest
from clients.people.actor import Actor
from tenants.errors import Invalid, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.conftest import make_member, make_person
from tests.world import World, make_world

PUBLIC, SHARED, NAMED, BRAND = InfoClass
CODE = "tulipe-42"


def given(info_class: InfoClass = SHARED, days: float = 1, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "items.item",
        "object_id": uuid4(),
        "digest": "d" * 64,
        "info_class": info_class,
        "recipient": "La presse",
        "until": timezone.now() + timedelta(days=days),
        "most_views": 3,
        "code": CODE if info_class is NAMED else "",
    } | changes


def made(world: World, info_class: InfoClass = SHARED, by: Actor | None = None, **changes: Any) -> MadeLink:
    return make_link(by or world.owner, **given(info_class, **changes))


def came(world: World, link: MadeLink, code: str = "") -> UUID | None:
    return exchange(world.brand, token=link.token, code=code)


# --- What may be linked ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("info_class", "days"), [(PUBLIC, 30), (SHARED, 30), (NAMED, 7)])
def test_how_long_a_link_lives(world: World, info_class: InfoClass, days: int) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        assert made(world, info_class, days=days).link.pk
        with pytest.raises(Invalid, match="link_too_long"):
            made(world, info_class, days=days + 0.001)
        with pytest.raises(Invalid, match="link_too_long"):
            made(world, info_class, days=0)


def test_what_the_brand_keeps_has_no_link(world: World) -> None:
    with pytest.raises(Refused, match="class_forbids"):
        made(world, BRAND)
    with brand_scope(world.brand):
        assert not Disclosure.objects.exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"recipient": " "}, "name_empty"),
        ({"most_views": 0}, "number_out_of_range"),
        ({"most_views": 1_001}, "number_out_of_range"),
        ({"info_class": NAMED, "code": "short"}, "code_missing"),
    ],
)
def test_a_link_is_for_somebody_and_for_so_often(world: World, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        make_link(world.owner, **(given() | changes))
    make_link(world.owner, **given())


@pytest.mark.parametrize("role", [Role.AGENCY_OWNER, Role.COMMUNITY_MANAGER, Role.AUDITOR, Role.APPROVER])
def test_only_a_head_of_the_brand_shares(world: World, role: Role) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        made(world, by=world.actor(role))
    made(world, by=world.actor(Role.BRAND_MANAGER))


def test_of_the_token_only_its_digest_is_kept(world: World) -> None:
    link = made(world)
    assert len(link.token) >= 43  # 32 bytes in base64
    with brand_scope(world.brand):
        row = ShareLink.objects.values().get()
        assert row["token_digest"] == token_digest(link.token)
        assert link.token not in str(row) + str(list(Entry.objects.values()))


# --- Opening -----------------------------------------------------------------------------------------------------------


def test_exchanging_spends_nothing_and_opening_spends_one(world: World) -> None:
    link = made(world, most_views=2)
    for _ in range(5):
        assert came(world, link) == link.link.pk
    seen = [open_link(world.brand, link_id=link.link.pk) for _ in range(3)]
    assert [one.views if one else None for one in seen] == [1, 2, None]
    assert came(world, link) is None
    with brand_scope(world.brand):
        assert Entry.objects.filter(verb="link.opened", subject_id=link.link.pk).count() == 2


def test_revoked_and_over_are_closed_at_the_next_opening(world: World) -> None:
    revoked, over = made(world), made(world)
    assert open_link(world.brand, link_id=revoked.link.pk) and open_link(world.brand, link_id=over.link.pk)
    end_disclosure(world.owner, disclosure_id=revoked.link.disclosure_id)
    assert came(world, revoked) is None and open_link(world.brand, link_id=revoked.link.pk) is None
    with time_machine.travel(over.link.expires_at):
        assert came(world, over) is None and open_link(world.brand, link_id=over.link.pk) is None
    assert came(world, over) == over.link.pk


def test_named_asks_for_its_code_and_closes_after_a_few_wrong_ones(world: World) -> None:
    link = made(world, NAMED)
    assert came(world, link) is None and came(world, link, "wrong-code") is None
    assert came(world, link, f" {CODE} ") == link.link.pk
    for _ in range(MOST_WRONG_CODES):
        came(world, link, "wrong-code")
    assert came(world, link, CODE) is None


def test_a_token_of_the_brand_next_door_opens_nothing_here(world: World, other: World) -> None:
    theirs = made(other)
    assert came(other, theirs) == theirs.link.pk
    assert exchange(world.brand, token=theirs.token, code="") is None
    assert open_link(world.brand, link_id=theirs.link.pk) is None
    with brand_scope(world.brand):
        assert not links_open(timezone.now()).exists()


@pytest.mark.parametrize("token", ["", "x", "é" * 50, "\x00", "../../etc", "a" * 200, "' OR 1=1 --", "\ud800"])
def test_what_is_no_token_is_looked_up_like_one(world: World, token: str, django_assert_num_queries: Any) -> None:
    made(world)
    exchange(world.brand, token="warm", code="")
    with django_assert_num_queries(1):
        assert exchange(world.brand, token=token, code="") is None


def test_every_closed_link_costs_the_same_queries(world: World, django_assert_num_queries: Any) -> None:
    """The same look-up and nothing else, whatever is the matter: no difference to measure."""
    revoked, over, used = (
        made(world),
        made(world, until=timezone.now() + timedelta(minutes=1)),
        made(world, most_views=1),
    )
    end_disclosure(world.owner, disclosure_id=revoked.link.disclosure_id)
    assert open_link(world.brand, link_id=used.link.pk)
    later: datetime = timezone.now() + timedelta(minutes=2)
    with time_machine.travel(later):
        for token in ("unknown", revoked.token, over.token, used.token):
            with django_assert_num_queries(1):
                assert exchange(world.brand, token=token, code="") is None


def test_of_forty_readers_one_has_the_last_view(real_brands: tuple[BrandRef, BrandRef]) -> None:
    brand = real_brands[0]
    owner = make_member(brand, Role.BRAND_OWNER).person
    from clients.autonomy.vocabulary import EntryPoint
    from clients.people.access import actor_for

    link = make_link(actor_for(owner, brand, EntryPoint.PAGE), **given(most_views=1))

    def read(_n: int) -> bool:
        try:
            return open_link(brand, link_id=link.link.pk) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as readers:
        assert sum(readers.map(read, range(40))) == 1
    with brand_scope(brand):
        assert ShareLink.objects.get().views == 1
        assert Entry.objects.filter(verb="link.opened").count() == 1


def test_codes_that_are_tried_at_once_are_no_more_than_a_few(
    real_brands: tuple[BrandRef, BrandRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many readers try theirs in the same moment: so many are compared, and then not even the right one opens."""
    brand, compared = real_brands[0], []
    link = made(make_world(brand, make_person), NAMED)

    def compare(kept: str, given: str) -> bool:
        compared.append(given)
        return kept == given

    monkeypatch.setattr("clients.disclosure.actions.links.compare_digest", compare)
    together = Barrier(24)

    def guess(number: int) -> UUID | None:
        together.wait(30)
        try:
            return exchange(brand, token=link.token, code=f"tulipe-{number:02}x")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(24) as readers:
        assert set(readers.map(guess, range(24))) == {None}
    assert len(compared) == MOST_WRONG_CODES
    assert exchange(brand, token=link.token, code=CODE) is None
