"""Goals as pages: chosen by name, typed as the reader writes numbers, a word at the wrong cell, shown beside their figures."""

import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from clients.briefings.queries import briefing_in_force
from reports.facts.periods import PeriodKind, period_of, today
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.world import World

OWNER, MANAGER, CM = Role.BRAND_OWNER, Role.AGENCY_MANAGER, Role.COMMUNITY_MANAGER
LINE = {
    "after": "1",
    "goals.rows": "2",
    "goals.0.figure": "acts.done",
    "goals.0.direction": "at_least",
    "goals.0.value": "1 234",
    "goals.0.per": "month",
    "goals.0.since": "",
    "goals.1.direction": "at_least",
    "goals.1.per": "week",
    "class-goals": "shared",
}
SHARE = {"goals.0.figure": "field.ratio", "goals.0.value": "12,5"}


def french(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    return client


def this_month(world: World) -> str:
    zone = world.brand.time_zone
    return f"/figures/?view=month&period={period_of(PeriodKind.MONTH, today(timezone.now(), zone), zone).code}"


def kept(world: World) -> list[dict[str, str]]:
    with brand_scope(world.brand):
        found = briefing_in_force()
    assert found is not None
    return list(found.sections["goals"])


def page_of(client: Client, path: str, data: dict[str, str] | None = None) -> str:
    answer = client.post(path, data) if data else client.get(path)
    return unescape(answer.content.decode())


def test_a_figure_is_chosen_by_its_name_and_a_number_typed_as_it_is_written(world: World, browse: Browse) -> None:
    owner = french(browse(world.people[OWNER], world.brand, proved=True))
    form = page_of(owner, "/briefing/write")
    assert re.search(r'<option value="field.ratio"[^>]*>[^<]*\(%\)<', form) and "clocks.in_time;clock=answer" in form
    assert "acts.basis" not in form
    assert owner.post("/briefing/write", LINE).status_code == 303
    assert [one["value"] for one in kept(world)] == ["1234"]
    shown = page_of(owner, "/briefing/")
    assert "1\u202f234" in shown and "acts.done" not in shown and "at_least" not in shown
    assert 'value="1\u202f234"' in page_of(owner, "/briefing/write")


@pytest.mark.parametrize(
    ("typed", "value"),
    [("12,5", "1250"), ("12,5 %", "1250"), ("12", "1200"), ("\u202f33,33\u202f%", "3333"), ("100", "10000")],
)
def test_a_share_is_read_in_percent(world: World, browse: Browse, typed: str, value: str) -> None:
    owner = french(browse(world.people[OWNER], world.brand, proved=True))
    assert owner.post("/briefing/write", LINE | SHARE | {"goals.0.value": typed}).status_code == 303
    assert kept(world)[0]["value"] == value
    assert kept(world)[0] == {**kept(world)[0], "figure": "field.ratio", "per": "month", "since": ""}


@pytest.mark.parametrize(
    ("wrong", "cell", "says"),
    [
        ({"goals.0.figure": ""}, "figure", "choose the figure"),
        ({"goals.0.value": ""}, "value", "how much"),
        ({"goals.0.value": "1.234"}, "value", "1,234"),
        ({"goals.0.value": "douze"}, "value", "1,234"),
        ({"goals.0.value": "-3"}, "value", "1,234"),
        (SHARE, "value", "12.5"),
        (SHARE | {"goals.0.value": "101"}, "value", "100 percent"),
        ({"goals.0.value": "3", "goals.0.since": "bientôt"}, "since", "not a date"),
    ],
)
def test_a_wrong_cell_says_so_and_nothing_typed_is_lost(
    world: World, browse: Browse, wrong: dict[str, str], cell: str, says: str
) -> None:
    owner = browse(world.people[OWNER], world.brand, proved=True)
    typed = LINE | {"goals.0.value": "1,234", "tone": "Net et court"} | wrong
    page = page_of(owner, "/briefing/write", typed)
    found = re.search(rf'<(?:input|select) id="b-goals.0.{cell}"[^>]*>', page)
    assert found is not None and 'aria-invalid="true"' in found[0] and says in page
    assert page.count('aria-invalid="true"') == 1 and "Net et court" in page
    assert f'value="{typed["goals.0.value"]}"' in page and kept(world) == []


def test_an_agency_proposes_a_goal_and_figures_tell_of_it_once_the_brand_agreed(world: World, browse: Browse) -> None:
    manager = browse(world.people[MANAGER], world.brand, proved=True)
    owner = browse(world.people[OWNER], world.brand, proved=True)
    shown = this_month(world)
    asked = manager.post("/briefing/write", LINE | {"goals.0.value": "5"} | {"class-goals": ""})["Location"]
    page = page_of(owner, asked)
    assert "Acts in the brand’s name" in page and "at least 5" in page and "month" in page
    assert "at least 5" not in page_of(owner, shown)
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest is not None
    assert owner.post(f"{asked}agree", {"digest": digest[1]}).status_code == 303
    for reader in (owner, browse(world.people[CM], world.brand)):
        figures = page_of(reader, shown)
        assert "at least 5" in figures and "still under way" in figures and "missed" not in figures


def test_goals_that_the_brand_keeps_are_on_no_page_of_the_agency(world: World, browse: Browse) -> None:
    owner = browse(world.people[OWNER], world.brand, proved=True)
    assert owner.post("/briefing/write", LINE | {"goals.0.value": "7,771", "class-goals": "brand"}).status_code == 303
    assert "at least 7,771" in page_of(owner, "/briefing/")
    agency = browse(world.people[MANAGER], world.brand, proved=True)
    for path in ("/briefing/", "/briefing/write", "/briefing/versions", this_month(world)):
        page = page_of(agency, path)
        assert "7,771" not in page and "at least" not in re.sub(r"<select.*?</select>", "", page, flags=re.DOTALL)
