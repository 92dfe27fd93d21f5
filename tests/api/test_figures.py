"""`GET /figures`: the facts of the page, as far as a key's policy and class reach; each answer is a line of the ledger."""

from datetime import date
from typing import Any

import pytest

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
def lively(world: World) -> World:
    """With a quarter of rows."""
    Quarter(world.brand, 1, 40).write()
    return world


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


def test_what_the_policy_does_not_name_is_not_told(lively: World) -> None:
    bare: Any = api_of(lively, policy=allow(lively, {"reports.figure": ["numbers"]})).get(ADDRESS)
    bare = bare.json()
    assert all(not one["dimensions"] and "value" in one for one in told(bare).values())
    assert not any(section["listings"] or section["series"] for section in bare["sections"])
    names: Any = api_of(lively, policy=allow(lively, {"reports.figure": ["dimensions"]})).get(ADDRESS)
    names = names.json()
    assert all("value" not in one and "rows" not in one for one in told(names).values())
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
