"""What brands answer becomes one list: the largest rank of all first, never more of one brand than it was asked for."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from portal.hub import reports
from portal.hub.asking import A_PAGE, OF_ONE, Answers, Facts
from tenants.brandref import BrandRef
from tenants.pointers import Place
from tenants.vocabulary import Role, Side


def place(name: str) -> Place:
    brand = BrandRef(UUID(int=len(name)), f"b_{name}", f"b_{name}", name, name, "active", "Europe/Paris", "fr")
    return Place(brand, Side.AGENCY, Role.COMMUNITY_MANAGER, 0)


def answers(**found: range) -> Answers:
    return Answers([place(name) for name in found], [[(n,) for n in some] for some in found.values()])


def rank(facts: Facts) -> int:
    return int(facts[0])


def test_the_first_of_all_brands_come_in_one_order() -> None:
    first = answers(one=range(3), other=range(2, 5)).first(rank)
    assert [(one.brand.name, *facts) for one, facts in first] == [
        *[("other", 4), ("other", 3)],
        *[("one", 2), ("other", 2), ("one", 1), ("one", 0)],
    ]


def test_a_brand_with_much_to_say_leaves_room_for_the_others() -> None:
    found = answers(loud=range(100, 100 + OF_ONE + 1), low=range(1))
    assert [one.brand.name for one, _ in found.first(rank)].count("loud") == OF_ONE
    assert found.first(rank)[-1][0].brand.name == "low"
    assert [tile.count for tile in found.tiles("inbox")] == [f"{OF_ONE}+", "1"]
    assert found.total == f"{OF_ONE + 1}+"


def test_a_page_ends() -> None:
    found = answers(**{"b" * n: range(OF_ONE) for n in (1, 2, 3)})
    assert len(found.first(rank)) == A_PAGE < OF_ONE * 3
    assert found.total == str(OF_ONE * 3)


@pytest.mark.parametrize(("empty", "shown"), [(False, ["some"]), (True, ["some", "none"])])
def test_a_brand_without_any_has_a_tile_where_it_is_asked_for(empty: bool, shown: list[str]) -> None:
    found = answers(some=range(1), none=range(0))
    assert [tile.name for tile in found.tiles("inbox", empty=empty)] == shown
    assert found.tiles("conversations", "?box=mine")[0].url.endswith("?box=mine")


def test_reports_come_by_what_is_to_do_with_them_and_what_is_due_comes_last_and_soonest_first() -> None:
    def facts(n: int, state: str, day: int) -> Facts:
        return (UUID(int=n), state, "weekly", "", "", None, None, "", datetime(2026, 11, day, tzinfo=UTC), "")

    rows = [facts(1, "due", 9), facts(2, "due", 8), facts(3, "draft", 1), facts(4, "draft", 2), facts(5, "failed", 1)]
    ordered = sorted(rows, key=reports._rank, reverse=True)
    assert [one[0].int for one in ordered] == [5, 4, 3, 2, 1]
