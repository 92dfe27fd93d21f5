"""Line by line who saw what is confidential and what left: told to those who read the log, and to nobody else."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import time_machine

from clients.audit.actions import record
from clients.disclosure.models import Disclosure, DisclosureWords
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor
from reports.facts.periods import PeriodKind, period_of
from reports.facts.shapes import Cell, Listing
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, durable
from tests.reports.facts.conftest import told
from tests.world import World, make_world

WEEK = period_of(PeriodKind.WEEK, date(2026, 11, 4), "Europe/Paris")
INSIDE = datetime(2026, 11, 4, 9, tzinfo=UTC)
SEEN = [
    {"kind": "custody.conversation", "id": str(UUID(int=1)), "revision": "1", "class": "named"},
    {"kind": "items.media", "id": str(UUID(int=2)), "revision": "1", "class": "brand"},
]


@pytest.fixture
def world(brand_a: BrandRef, brand_b: BrandRef, person_factory: object) -> World:
    """The same reading and the same disclosure in two brands."""
    found = [make_world(brand, person_factory) for brand in (brand_b, brand_a)]  # type: ignore[arg-type]
    for one in found:
        with durable(one.brand), time_machine.travel(INSIDE, tick=False):
            record(one.cm, "read", None, objects=SEEN, session="")
            left = Disclosure.objects.create(
                way="mail", recipient_kind="address", object_kind="reports.report", info_class="shared", why="reported",
                leave_person=one.owner.person_id, object_ids=[str(UUID(int=3))],
            )  # fmt: skip
            DisclosureWords.objects.create(disclosure=left, recipient=f"press@{one.brand.slug}.example")
    return found[1]


def listing(world: World, section: str, actor: Actor | None, ceiling: InfoClass = InfoClass.BRAND) -> Listing:
    found = told(world, "audit", WEEK, actor, ceiling).section(section)
    assert found is not None
    return found.listings[0]


def only(found: Listing) -> dict[str, Cell]:
    [record] = found.records()
    return record


def test_a_reading_says_who_saw_what_and_how_strictly_it_is_kept(world: World) -> None:
    one = only(listing(world, "reads", world.actor(Role.AUDITOR)))
    assert one["who"] == world.people[Role.COMMUNITY_MANAGER].name and one["side"] == "agency"
    assert (one["object"], one["count"], one["class"]) == ("custody.conversation, items.media", 2, "brand")
    assert one["ids"] == f"{UUID(int=1)}, {UUID(int=2)}" and isinstance(one["line"], int)


def test_a_disclosure_says_what_went_where_and_by_whose_leave(world: World) -> None:
    one = only(listing(world, "left", world.owner))
    assert (one["way"], one["object"], one["recipient"]) == ("mail", "reports.report", "address")
    assert one["to"] == f"press@{world.brand.slug}.example"
    assert one["who"] == world.people[Role.BRAND_OWNER].name


@pytest.mark.parametrize("section", ["reads", "left"])
def test_in_an_edition_for_both_sides_there_is_no_line_and_no_count(world: World, section: str) -> None:
    open_one, closed = (listing(world, section, None, ceiling) for ceiling in (InfoClass.BRAND, InfoClass.SHARED))
    assert (len(open_one.rows), open_one.withheld) == (1, 0)
    assert (closed.rows, closed.total, closed.withheld) == ((), 0, 0)


def test_a_list_of_readings_is_not_itself_read_line_by_line(world: World) -> None:
    """What has an id is noted where it is shown: the list would grow with each look at it."""
    assert all(row.id is None for section in ("reads", "left") for row in listing(world, section, world.owner).rows)
