"""The calendar: everything on the day it has by the brand's clocks, moved by one action that says what it undoes."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from clients.gate.actions import approve_item
from clients.items.models import Item, ItemVersion
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World, at

LATER = at("2031-03-10T23:30+00:00")  # the 11th at 0:30 in Paris


def planned(world: World, n: int, moment: datetime = LATER) -> Item:
    return world.draft(f"Texte {n}", title=f"Titre {n}", not_before=moment)


def now_of(world: World, item: Item) -> Item:
    with brand_scope(world.brand):
        return Item.objects.select_related("version").get(pk=item.pk)


def day_of(page: str, day: str) -> str:
    return page.split(f'data-day="{day}"')[1].split("</li>", maxsplit=1)[0]


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_an_item_stands_on_its_day_by_the_brands_clock(world: World, browse: Browse, view: str) -> None:
    planned(world, 1)
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    page = client.get(f"/calendar/?view={view}&on=2031-03-10").content.decode()
    there = day_of(page, "2031-03-11")
    assert "Titre 1" in there and "00:30" in there and "Le mur" in there and "badge" in there


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_same_queries_for_one_and_three_and_no_other_brand(
    world: World, other: World, browse: Browse, view: str
) -> None:
    planned(other, 9), other.draft("SECRET", title="SECRET unplanned")
    with brand_scope(other.brand):
        assert Item.objects.filter(not_before=LATER).exists()
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    path = f"/calendar/?view={view}&on=2031-03-10"
    planned(world, 1)
    one, _ = queries_of(client, path)
    planned(world, 2), planned(world, 3)
    three, full = queries_of(client, path)
    assert one == three
    assert "Titre 3" in full and "SECRET" not in full and "Titre 9" not in full


@pytest.mark.parametrize("on", ["", "nonsense", "2031-02-31", "9999-12-31", "0001-01-01", "2031-12-31"])
@pytest.mark.parametrize("view", ["month", "week", "list", "other"])
def test_any_day_is_answered(world: World, browse: Browse, view: str, on: str) -> None:
    client = browse(world.people[Role.ANALYST], world.brand)
    assert client.get("/calendar/", {"view": view, "on": on}).status_code == 200


def test_the_night_of_the_clocks_is_told_on_its_day(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.ANALYST], world.brand)
    spring = client.get("/calendar/?view=month&on=2027-03-01").content.decode()
    autumn = client.get("/calendar/?view=month&on=2027-10-01").content.decode()
    assert "go forward" in day_of(spring, "2027-03-28") and spring.count("go forward") == 1
    assert "go back" in day_of(autumn, "2027-10-31") and autumn.count("go back") == 1


def test_a_move_is_a_new_version_and_says_so_before(world: World, browse: Browse) -> None:
    item = world.submitted("Bientôt", not_before=LATER)
    approve_item(world.owner, item_id=item.pk, seen_digest=item.version.digest)
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    path = f"/calendar/{item.pk}/move"
    asked = client.get(path + "?day=2031-03-20").content.decode()
    assert "Another moment is another content" in asked and 'value="2031-03-20T00:30"' in asked
    assert now_of(world, item).state == "cleared"
    answer = client.post(path, {"digest": item.version.digest, "not_before": "2031-03-20T00:30", "view": "week"})
    assert (answer.status_code, answer["Location"]) == (303, "/calendar/?view=week&on=2031-03-20")
    moved = now_of(world, item)
    assert (moved.state, moved.version.number) == ("draft", 2)
    assert moved.not_before == at("2031-03-20T00:30+01:00") and moved.version.digest != item.version.digest
    assert moved.version.exact_content().text == "Bientôt"
    assert world.run_outbox("gate.send") == 0


def test_moved_and_submitted_again_waits_for_a_new_yes(world: World, browse: Browse) -> None:
    item = world.submitted("Bientôt", not_before=LATER)
    approve_item(world.owner, item_id=item.pk, seen_digest=item.version.digest)
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    typed = {"digest": item.version.digest, "not_before": "2031-03-20T09:00", "then": "submit"}
    assert client.post(f"/calendar/{item.pk}/move", typed).status_code == 303
    assert now_of(world, item).state == "waiting"


def test_both_nights_are_told_and_resolved(world: World, browse: Browse) -> None:
    item = planned(world, 1)
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    path, seen = f"/calendar/{item.pk}/move", {"digest": item.version.digest}
    skipped = client.post(path, seen | {"not_before": "2031-03-30T02:30"})
    assert skipped.status_code == 422 and "03:30" in skipped.content.decode()
    twice = client.post(path, seen | {"not_before": "2031-10-26T02:30"})
    assert twice.status_code == 422 and 'name="not_before_which" value="second"' in twice.content.decode()
    client.post(path, seen | {"not_before": "2031-10-26T02:30", "not_before_which": "second"})
    assert now_of(world, item).not_before == at("2031-10-26T01:30+00:00")


def test_what_may_not_be_moved_is_refused(world: World, browse: Browse) -> None:
    sent = world.submitted("Déjà là")
    approve_item(world.owner, item_id=sent.pk, seen_digest=sent.version.digest)
    world.run_outbox("gate.send")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    path, typed = f"/calendar/{sent.pk}/move", {"digest": sent.version.digest, "not_before": "2031-03-20T09:00"}
    assert "can no longer be moved" in client.get(path).content.decode()
    assert client.post(path, typed).status_code == 409
    draft = planned(world, 1)
    path = f"/calendar/{draft.pk}/move"
    past = (timezone.localtime() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(path, {"digest": draft.version.digest, "not_before": past}).status_code == 422
    assert client.post(path, {"digest": draft.version.digest, "not_before": ""}).status_code == 422
    assert client.post(path, {"digest": "stale", "not_before": "2031-03-20T09:00"}).status_code == 409
    analyst = browse(world.people[Role.ANALYST], world.brand)
    assert analyst.post(path, {"digest": draft.version.digest, "not_before": "2031-03-20T09:00"}).status_code == 403
    with brand_scope(world.brand):
        assert ItemVersion.objects.count() == 2


def test_a_moment_is_taken_away_and_given(world: World, browse: Browse) -> None:
    item = planned(world, 1)
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    path = f"/calendar/{item.pk}/move"
    assert client.post(path, {"digest": item.version.digest, "then": "none"}).status_code == 303
    free = now_of(world, item)
    assert free.not_before is None
    page = client.get("/calendar/").content.decode()
    assert "Without a moment" in page and "Titre 1" in page
    assert 'value="2031-03-20T09:00"' in client.get(path + "?day=2031-03-20").content.decode()


def test_the_other_brands_items_cannot_be_moved_from_here(world: World, other: World, browse: Browse) -> None:
    foreign = planned(other, 9)
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    path, typed = f"/calendar/{foreign.pk}/move", {"digest": foreign.version.digest, "not_before": "2031-03-20T09:00"}
    assert client.get(path).status_code == 404
    assert client.post(path, typed).status_code == 404
    assert now_of(other, foreign).not_before == LATER


def test_the_grid_has_short_words_and_the_list_whole_ones(world: World, browse: Browse) -> None:
    """The short word is for the eye alone: who hears the page hears the whole one, once."""
    world.submitted("Texte", title="Titre", not_before=LATER)
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    for view, short in {"month": True, "week": True, "list": False}.items():
        there = day_of(client.get(f"/calendar/?view={view}&on=2031-03-10").content.decode(), "2031-03-11")
        assert ("badge-short" in there) == short, view
        assert ('<span aria-hidden="true">waiting</span>' in there) == short
        assert ('<span class="visually-hidden">waiting for the brand</span>' in there) == short
        assert "waiting for the brand" in there
