"""How much is kept from a reader, told to those alone who may know: on the page, by the API, in a file and in its data."""

import json
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.briefings.models import BriefingSection
from clients.briefings.queries import briefing_in_force
from clients.people.actor import process_of
from clients.webhooks.registry import renderer_of
from reports.facts.periods import PeriodKind, period_of, today
from reports.making.access import bytes_of_paper, closed_sections
from reports.making.actions import ask_report, make_report
from reports.making.models import Edition, Report
from reports.making.queries import with_count_told
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.api.calls import allow, api_of
from tests.portal.conftest import Browse
from tests.portal.test_reports import url
from tests.reports.making.conftest import said
from tests.world import World

OWNER, APPROVER, CM = Role.BRAND_OWNER, Role.APPROVER, Role.COMMUNITY_MANAGER
KEPT = 3


@pytest.fixture
def week(world: World) -> World:
    """With three mentions that the brand keeps and one for both; and its log has lines."""
    for n in range(KEPT):
        said(world.brand, f"GEHEIM {n}", info_class="brand")
    said(world.brand, "Pour tous")
    return world


def made(world: World, *sections: str) -> Report:
    zone = world.brand.time_zone
    period = period_of(PeriodKind.WEEK, today(timezone.now(), zone), zone)
    report = ask_report(world.owner, kind="custom", period=period, language="en", sections=sections)
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    return report


def parts_kept(world: World) -> int:
    """Parts of the briefing that the brand keeps."""
    with brand_scope(world.brand):
        return BriefingSection.objects.filter(version=briefing_in_force(), info_class="brand").count()


def inside(world: World, report: Report) -> dict[str, tuple[str, dict[str, dict[str, Any]], str]]:
    """By ceiling: the lines of the attached table, the attached figures by their keys, and all that is attached as text."""
    found = {}
    with brand_scope(world.brand):
        for edition in Edition.objects.filter(report=report).select_related("paper"):
            with pikepdf.open(BytesIO(bytes_of_paper(edition))) as pdf:
                files = {name: one.get_file().read_bytes().decode("utf-8-sig") for name, one in pdf.attachments.items()}
            facts = json.loads(next(text for name, text in files.items() if name.endswith(".json")))
            figures = {one["key"]: one for section in facts["sections"] for one in section["figures"]}
            found[str(edition.ceiling)] = (files["figures.csv"], figures, facts["withheld"])
    return found


def test_on_the_page_a_report_is_counted_for_those_who_may_read_it(week: World, browse: Browse) -> None:
    open_, log = made(week, "talk"), made(week, "talk", "reads", "proof")
    told = f"{KEPT} rows are left out of this copy"
    pages = {role: browse(week.people[role], week.brand) for role in (OWNER, APPROVER, CM)}
    said_ = {
        (role, report.pk): told in page.get(url("report", report.pk)).content.decode()
        for role, page in pages.items()
        for report in (open_, log)
    }
    assert [said_[CM, open_.pk], said_[CM, log.pk]] == [True, False]
    assert not any(said_[role, one.pk] for role in (OWNER, APPROVER) for one in (open_, log)), (
        "who is told all misses none"
    )
    for page in pages.values():
        assert "left out" not in page.get(url("reports")).content.decode()


def test_by_the_api_a_count_is_told_where_every_section_may_be_read(week: World) -> None:
    open_, log, whole = made(week, "talk"), made(week, "talk", "left"), made(week)
    policy = allow(week, {"reports.report": ("withheld", "kind")})

    def told(role: Role) -> list[int | None]:
        api: Any = api_of(week, role, policy=policy)
        rows = {one["id"]: one["withheld"] for one in api.get("reports").json()["data"]}
        assert rows == {one: api.get(f"reports/{one}").json()["withheld"] for one in rows}
        return [rows[str(one.pk)] for one in (open_, log, whole)]

    assert told(OWNER) == [KEPT, KEPT, KEPT + parts_kept(week)]
    assert told(APPROVER) == [KEPT, None, None]
    with brand_scope(week.brand):
        mine = with_count_told(Report.objects.readable_by(week.cm), closed_sections(week.cm))
        assert {one.pk: one.withheld_told for one in mine} == {open_.pk: KEPT, log.pk: None, whole.pk: None}
        renderer = renderer_of("reports")
        assert renderer is not None
        sent = [renderer(one.pk, frozenset({"withheld"})) for one in (open_, log, whole)]
    assert sent == [{"withheld": KEPT}, {"withheld": None}, {"withheld": None}], "a webhook knows no role"


def test_figures_by_the_api_tell_no_count_that_is_the_figure_itself(week: World) -> None:
    def told(most: str, *names: str) -> tuple[dict[str, Any], int | None]:
        policy = allow(week, {"reports.figure": names}, most=most)  # type: ignore[arg-type]  # a class by its word
        year = timezone.now().year
        got: Any = api_of(week, policy=policy).get(f"figures?period={year}-01-01..{year}-12-31&report=custom").json()
        return {one["key"]: one for section in got["sections"] for one in section["figures"]}, got["withheld"]

    named, left_out = told("named", "numbers")
    shared, _ = told("shared", "numbers")
    assert named["log.lines"]["value"] > 0 and named["log.lines"]["withheld"] == 0
    assert left_out == KEPT + parts_kept(week)
    assert (shared["log.lines"]["value"], shared["log.lines"]["withheld"]) == (None, 0)
    assert shared["mentions.found"]["withheld"] == KEPT
    assert told("named", "dimensions")[1] is None


def test_in_a_file_what_is_closed_to_both_sides_is_told_as_that(week: World) -> None:
    report = made(week, "talk", "reads", "proof")
    found = inside(week, report)
    assert set(found) == {"shared", "brand"}
    table, figures, left_out = found["shared"]
    assert (figures["mentions.found"]["value"], figures["mentions.found"]["withheld"], left_out) == (1, KEPT, KEPT)
    assert (figures["log.lines"]["value"], figures["log.lines"]["withheld"]) == (None, 0)
    assert _line(table, "log.lines") == ["", "", "", "", "", "0", "0", "public"]
    table, figures, left_out = found["brand"]
    assert (figures["mentions.found"]["value"], left_out) == (1 + KEPT, 0)
    assert figures["log.lines"]["value"] > 0
    assert _line(table, "log.lines")[0] == str(figures["log.lines"]["value"])


def test_with_nothing_kept_but_the_log_the_brand_has_an_edition_of_its_own(world: World, browse: Browse) -> None:
    log, plain = made(world, "reads", "proof"), made(world, "talk")
    found = inside(world, log)
    assert found["shared"][2] == 0 and found["brand"][1]["log.lines"]["value"] > 0
    assert set(inside(world, plain)) == {"shared"}
    with brand_scope(world.brand):
        assert Report.objects.get(pk=log.pk).withheld == 0
    page = browse(world.people[OWNER], world.brand).get(url("report", log.pk)).content.decode()
    assert "kept more strictly than this report" not in page


def _line(table: str, code: str) -> list[str]:
    """value, before, goal, rows, withheld, class."""
    return next(
        line.split(",")[4:] for line in table.splitlines() if line.split(",")[1] == code and not line.split(",")[2]
    )
