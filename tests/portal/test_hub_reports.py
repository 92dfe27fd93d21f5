"""Reports over all brands: what waits in which, in one round trip, and nothing of a brand where one has no place or no right."""

from datetime import time

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.hub.asking import A_PAGE
from portal.hub.reports import Box
from reports.making.actions import hold_report, propose_report, set_report_rule
from reports.making.models import Report
from reports.making.rules import ReportState, Ruling
from tenants.models import Membership
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.reports.making.conftest import asked
from tests.world import World

CM, OWNER = Role.COMMUNITY_MANAGER, Role.BRAND_OWNER
HUB = "/brands/reports"


def stood(world: World, title: str, state: str = ReportState.DRAFT) -> Report:
    """One that is there as if it had been drawn."""
    report = asked(world, title=title)
    with brand_scope(world.brand):
        Report.objects.filter(pk=report.pk).update(state=state, number=1)
    return report


def also_there(world: World, other: World) -> None:
    """The community manager of the first has the same place in the second."""
    facts = Membership.objects.filter(person=other.people[CM]).values("side", "role", "agency_id").get()
    Membership.objects.create(person=world.people[CM], brand_id=other.brand.id, **facts)


def test_each_box_has_what_it_says_and_due_is_without_an_address(world: World, browse: Browse) -> None:
    for state in (ReportState.DRAFT, ReportState.RELEASED, ReportState.FAILED):
        stood(world, f"Un {state}", state)
    proposed, held = stood(world, "Un proposed"), stood(world, "Un held")
    propose_report(world.cm, report_id=proposed.pk)
    hold_report(world.owner, report_id=held.pk)
    set_report_rule(world.owner, ruling=Ruling(kind="press", rhythm="weekly", at=time(8)))
    client = browse(world.people[CM])
    shown = {
        Box.MADE: "Un draft",
        Box.PROPOSED: "Un proposed",
        Box.HELD: "Un held",
        Box.RELEASED: "Un released",
        Box.FAILED: "Un failed",
        Box.DUE: "Press review",
    }
    pages = {box: client.get(HUB, {"box": box}).content.decode() for box in Box}
    for box, title in shown.items():
        assert title in pages[box]
        assert [other for other in shown.values() if other in pages[box]] == [title]
    for title in set(shown.values()) - {"Un released"}:
        assert title in pages[Box.OPEN]
    assert f"/reports/{held.pk}/" in pages[Box.HELD]
    assert "/reports/" not in pages[Box.DUE].split("<ol", 1)[1].split("</ol>")[0]
    assert client.get(HUB, {"box": "?"}).status_code == 200


def test_one_round_trip_whatever_the_number_of_brands(world: World, other: World, browse: Browse) -> None:
    stood(world, "Ici")
    stood(other, "SECRET là-bas")
    client = browse(world.people[CM])
    client.get(HUB)
    one, page = _asked_of(client)
    assert "Ici" in page
    assert "SECRET" not in page
    assert other.brand.name not in page
    also_there(world, other)
    client.get(HUB)
    two, page = _asked_of(client)
    assert "SECRET là-bas" in page
    assert one == two


def test_what_a_brand_keeps_to_itself_is_not_on_the_hub(world: World, browse: Browse) -> None:
    kept = stood(world, "Pour nous")
    with brand_scope(world.brand):
        Report.objects.filter(pk=kept.pk).update(info_class="brand")
    for role in (CM, OWNER):
        page = browse(world.people[role]).get(HUB).content.decode()
        assert "Pour nous" not in page
        assert "There is none of this sort" in page


def test_whoever_reads_no_reports_there_sees_none(world: World, browse: Browse) -> None:
    stood(world, "Ici")
    page = browse(world.people[Role.DEPARTMENT_CONTACT]).get(HUB).content.decode()
    assert "Ici" not in page
    assert world.brand.name not in page
    assert browse(None).get(HUB).status_code in {302, 303}


@pytest.mark.parametrize("many", [21, 25])
def test_a_long_list_says_that_there_is_more(world: World, browse: Browse, many: int) -> None:
    first = stood(world, "Un rapport")
    with brand_scope(world.brand):
        Report.objects.bulk_create([_like(first) for _ in range(many - 1)])
    page = browse(world.people[CM]).get(HUB).content.decode()
    assert "20+" in page
    assert page.count("Un rapport") == 20 < A_PAGE


def _like(first: Report) -> Report:
    skipped = {"id", "stamp"}
    facts = {field.attname: getattr(first, field.attname) for field in Report._meta.concrete_fields}
    return Report(**{name: value for name, value in facts.items() if name not in skipped} | {"state": "draft"})


def _asked_of(client: object) -> tuple[int, str]:
    assert settings.HUB_HOST
    with CaptureQueriesContext(connection) as asked_of:
        page = client.get(HUB).content.decode()  # type: ignore[attr-defined]
    return len(asked_of), page
