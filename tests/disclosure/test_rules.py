"""The classes, against a table written by hand: who reads what, and what leaves by which way."""

from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from clients.disclosure.rules import (
    InfoClass,
    Way,
    default_class,
    is_logged,
    link_lasts,
    mail_tells_title,
    may_leave,
    may_read,
    strictest,
    widens,
)
from tenants.vocabulary import ROLES_OF, Role, Side

PUBLIC, SHARED, NAMED, BRAND = InfoClass
ME, OTHER = uuid4(), uuid4()
PEOPLE = [(side, role) for side, roles in ROLES_OF.items() for role in sorted(roles)]
# role -> what it reads unnamed, and what it reads when its name is on the list; written down, not computed.
READS = {
    **dict.fromkeys(("agency_owner", "agency_manager", "community_manager", "analyst"), ("public shared", "named")),
    **dict.fromkeys(("brand_owner", "brand_manager", "approver", "auditor"), ("public shared named brand", "named")),
    "department_contact": ("public", "named"),
}


@pytest.mark.parametrize(("side", "role"), PEOPLE)
@pytest.mark.parametrize("info_class", list(InfoClass))
def test_who_reads_what(side: Side, role: Role, info_class: InfoClass) -> None:
    unnamed, when_named = READS[str(role)]
    assert may_read(side, role, ME, info_class, [str(OTHER)]) == (info_class in unnamed.split())
    assert may_read(side, role, ME, info_class, [str(ME)]) == (info_class in (unnamed + " " + when_named).split())


@pytest.mark.parametrize("info_class", list(InfoClass))
def test_a_process_reads_nothing(info_class: InfoClass) -> None:
    assert not may_read(None, None, None, info_class, ["None"])


@pytest.mark.parametrize(("side", "role"), PEOPLE)
@pytest.mark.parametrize("named", [[], [str(ME)]])
def test_raising_never_gives_a_reading(side: Side, role: Role, named: list[str]) -> None:
    """The one exception is the list itself, which is why `widens` weighs it: being named is being let in."""
    for looser, stricter in pairwise(InfoClass):
        if may_read(side, role, ME, stricter, named) and not (stricter is NAMED and named):
            assert may_read(side, role, ME, looser, named)


def test_an_unknown_class_is_read_by_nobody() -> None:
    with pytest.raises(ValueError, match="secret"):
        may_read(Side.BRAND, Role.BRAND_OWNER, ME, "secret")


def test_what_a_side_writes() -> None:
    assert default_class(Side.BRAND) is BRAND
    assert default_class(Side.AGENCY) is SHARED
    assert default_class(None) is BRAND


def test_the_strictest_of_several() -> None:
    assert strictest([SHARED, NAMED, PUBLIC]) is NAMED
    assert strictest([]) is PUBLIC


@pytest.mark.parametrize(
    ("was", "names", "now", "more", "wider"),
    [
        (BRAND, [], SHARED, [], True),
        (SHARED, [], BRAND, [], False),
        (NAMED, ["a"], NAMED, ["a", "b"], True),
        (NAMED, ["a", "b"], NAMED, ["a"], False),
        (NAMED, ["a"], BRAND, [], False),
        (BRAND, [], NAMED, ["a"], True),
        (SHARED, [], SHARED, ["a"], False),
    ],
)
def test_what_lets_somebody_new_in(
    was: InfoClass, names: list[str], now: InfoClass, more: list[str], wider: bool
) -> None:
    assert widens(was, names, now, more) is wider


# way -> the strictest class that leaves by the hand of the brand, of the agency, of a process without any policy.
LEAVES = {
    **dict.fromkeys((Way.CSV, Way.PDF, Way.EXPORT, Way.BUNDLE), (BRAND, SHARED, None)),
    **dict.fromkeys((Way.LINK, Way.API), (NAMED, SHARED, None)),
    **dict.fromkeys((Way.WEBHOOK, Way.MAIL), (SHARED, SHARED, None)),
    Way.OPERATOR: (BRAND, SHARED, None),
}


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("info_class", list(InfoClass))
def test_what_leaves_by_whose_hand(way: Way, info_class: InfoClass) -> None:
    order = list(InfoClass)
    for side, most in zip((Side.BRAND, Side.AGENCY, None), LEAVES[way], strict=True):
        assert may_leave(way, info_class, side) == (most is not None and order.index(info_class) <= order.index(most))


def test_a_policy_reaches_as_far_as_it_says_and_never_to_the_brands_own() -> None:
    assert may_leave(Way.API, NAMED, None, NAMED)
    assert not may_leave(Way.API, NAMED, None, SHARED)
    assert not may_leave(Way.EXPORT, BRAND, None, BRAND)
    assert not may_leave(Way.EXPORT, BRAND, Side.AGENCY, BRAND)
    assert may_leave(Way.EXPORT, NAMED, Side.AGENCY, NAMED)
    assert may_leave(Way.OPERATOR, BRAND, None, BRAND)
    assert not may_leave(Way.OPERATOR, BRAND, None, SHARED)


def test_links_letters_and_lines() -> None:
    assert [link_lasts(one) for one in InfoClass] == [timedelta(30), timedelta(30), timedelta(7), None]
    assert [mail_tells_title(one) for one in InfoClass] == [True, True, False, False]
    assert [is_logged(one) for one in InfoClass] == [False, False, True, True]
