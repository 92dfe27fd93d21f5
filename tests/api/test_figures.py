"""`GET /figures`: the facts of the page, as far as a key's policy and class reach; each answer is a line of the ledger."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from reports.facts.periods import PeriodKind, period_of
from reports.facts.sight import Sight
from reports.facts.whole import facts_of
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.api.calls import allow, api_of
from tests.proof._quarter import Quarter
from tests.world import World

QUARTER = period_of(PeriodKind.QUARTER, date(2026, 11, 1), "Europe/Paris")
ADDRESS = "figures?period=2026-Q4"


@pytest.fixture
def lively(world: World) -> Iterator[World]:
    """With a quarter of rows, read when it is over."""
    Quarter(world.brand, 1, 40).write()
    with time_machine.travel(QUARTER.until + timedelta(days=4)):
        yield world


def told(answer: dict[str, Any]) -> dict[str, Any]:
    return {one["key"]: one for section in answer["sections"] for one in section["figures"]}


def test_the_same_facts_as_the_page_up_to_the_class_of_the_policy(lively: World) -> None:
    for most in (InfoClass.SHARED, InfoClass.NAMED):
        got: Any = api_of(lively, policy=allow(lively, most=most)).get(ADDRESS)
        assert got.status_code == 200
        with brand_scope(lively.brand):
            facts = facts_of(lively.brand, Sight(most, lively.owner), "weekly", QUARTER, now=QUARTER.until)
        found = told(got.json())
        assert found == {
            one.key: found[one.key] | {"value": one.value, "withheld": one.withheld} for _, one in facts.figures()
        }
        assert found["mentions.found"]["withheld"] > 0
    with brand_scope(lively.brand):
        lines = Disclosure.objects.filter(object_kind="reports.figure", way="api")
        assert {line.info_class for line in lines} == {"shared", "named"} and lines.count() == 2


def test_a_period_that_runs_says_until_when_it_is_told_and_compared(world: World) -> None:
    with time_machine.travel(QUARTER.since + timedelta(days=9, hours=12), tick=False):
        got: Any = api_of(world, policy=allow(world)).get(ADDRESS)
    period = got.json()["period"]
    assert (period["running"], period["until"]) == (True, "2026-10-10T10:00:00.000000Z")
    assert period["compared_until"] == "2026-07-10T10:00:00.000000Z"


def test_what_the_policy_does_not_name_is_not_told(lively: World) -> None:
    bare: Any = api_of(lively, policy=allow(lively, {"reports.figure": ["numbers"]})).get(ADDRESS)
    bare = bare.json()
    assert all(not one["dimensions"] and "value" in one for one in told(bare).values())
    assert not any(section["listings"] or section["series"] for section in bare["sections"])
    assert any(section.get("withheld") for section in bare["sections"]) and bare["withheld"]
    names: Any = api_of(lively, policy=allow(lively, {"reports.figure": ["dimensions"]})).get(ADDRESS)
    names = names.json()
    assert all("value" not in one and "rows" not in one for one in told(names).values())
    assert names["withheld"] is None and not any("withheld" in section for section in names["sections"])
    none: Any = api_of(lively, policy=allow(lively, {"items.item": ["title"]})).get(ADDRESS)
    assert (none.status_code, none.json()["code"]) == (403, "policy_forbids")


def test_scope_role_and_words_of_the_address(lively: World) -> None:
    api = api_of(lively)
    assert api_of(lively, scopes=("items:read",), policy=allow(lively)).get(ADDRESS).status_code == 403
    for wrong in ("figures", "figures?period=2026-W60", f"{ADDRESS}&report=daily", f"{ADDRESS}&more=1"):
        got: Any = api.get(wrong)
        assert (got.status_code, got.json()["code"]) == (400, "parameters_invalid"), wrong
    agency = api_of(lively, Role.BRAND_MANAGER)
    assert agency.get(f"{ADDRESS}&report=audit").status_code == 200
    approver = api_of(lively, Role.APPROVER)
    assert approver.get(ADDRESS).status_code == 200
    assert approver.get(f"{ADDRESS}&report=audit").status_code == 403


@pytest.mark.parametrize(("field", "has", "lacks"), [("listings", "topics", "acts"), ("lines", "acts", "topics")])
def test_single_acts_and_words_leave_only_where_the_brand_named_them(
    lively: World, field: str, has: str, lacks: str
) -> None:
    got: Any = api_of(lively, policy=allow(lively, {"reports.figure": [field]})).get(ADDRESS)
    codes = {one["code"] for section in got.json()["sections"] for one in section["listings"]}
    assert has in codes and lacks not in codes
