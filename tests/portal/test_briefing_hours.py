"""Working hours are typed as people say them; what cannot be read is named, and nothing typed is lost."""

from typing import Any

from clients.briefings.queries import number_in_force, office_in_force
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.world import World

WEEK = {f"day-{day}": "9:00-12:30, 14-18" for day in range(5)} | {"day-5": "9h30–13h", "day-6": ""}
TYPED = {
    "after": "1",
    "time_zone": "Europe/Paris",
    "country": "FR",
    "region": "57",
    "extra_days": "24/12/2026\n2026-12-31",
}


def test_a_week_as_people_write_it(world: World, browse: Browse) -> None:
    owner = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True)
    assert "9:00-18:00" in owner.get("/briefing/hours").content.decode()
    assert owner.post("/briefing/hours", TYPED | WEEK).status_code == 303
    with brand_scope(world.brand):
        office, number = office_in_force(), number_in_force()
    assert number == 2
    assert office["hours"] == [[[540, 750], [840, 1080]]] * 5 + [[[570, 780]], []]
    assert (office["region"], office["extra_days"]) == ("57", ["2026-12-24", "2026-12-31"])
    page = owner.get("/briefing/hours").content.decode()
    assert 'value="9:00-12:30, 14:00-18:00"' in page and "Moselle" in page


def test_what_cannot_be_read_is_named_and_kept(world: World, browse: Browse) -> None:
    owner = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"day-2": "toute la journée"}, 'value="toute la journée" aria-describedby="hours-hint failure" aria-invalid'),
        ({"extra_days": "Noël"}, "Noël</textarea>"),
        ({"time_zone": "Mars/Olympus"}, 'value="Mars/Olympus" aria-invalid'),
        ({f"day-{day}": "" for day in range(7)}, "at least some working hours"),
    ]
    for change, shown in wrong:
        reply = owner.post("/briefing/hours", TYPED | WEEK | change)
        assert reply.status_code == 422 and shown in reply.content.decode(), change
    with brand_scope(world.brand):
        assert number_in_force() == 1


def test_another_country_shows_its_regions_and_keeps_the_rest(world: World, browse: Browse) -> None:
    owner = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True)
    page = owner.post("/briefing/hours", TYPED | WEEK | {"country": "DE", "another": "1"}).content.decode()
    assert "Bayern" in page and "9h30–13h" in page
    with brand_scope(world.brand):
        assert number_in_force() == 1


def test_the_agency_does_not_set_them(world: World, browse: Browse) -> None:
    manager = browse(world.people[Role.AGENCY_MANAGER], world.brand, proved=True)
    assert manager.get("/briefing/hours").status_code == 403
    assert manager.post("/briefing/hours", TYPED | WEEK).status_code == 403
