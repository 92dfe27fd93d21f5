"""Series: items of their author, brought to the gate one by one, never approved by themselves; stopped, skipped, changed."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clients.approvals.models import Verdict
from clients.items.models import Item, Series, SeriesIssue
from clients.outbox.models import OutboxRow
from tenants.models import Membership
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World


def day(ahead: int) -> str:
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


def form(item: Item | None = None, **changes: Any) -> dict[str, Any]:
    typed = {"every": "1", "frequency": "DAILY", "clock": "09:00", "first_day": day(1)}
    return typed | ({"item": str(item.pk)} if item else {}) | changes


def begun(world: World, browse: Browse, **changes: Any) -> str:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    answer = client.post("/calendar/series/", form(world.draft("Bonjour", title="Matin"), **changes))
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"])


def issues(world: World) -> list[Item]:
    with brand_scope(world.brand):
        made = SeriesIssue.objects.values("item")
        return list(Item.objects.filter(pk__in=made).select_related("version").order_by("not_before"))


def look(world: World) -> None:
    with brand_scope(world.brand):
        OutboxRow.objects.filter(kind="items.series", done_at=None).update(due_at=timezone.now())
    world.run_outbox("items.series", rounds=1)


def test_days_ahead_become_items_that_wait_for_a_yes(world: World, browse: Browse) -> None:
    path = begun(world, browse)
    look(world)
    made = issues(world)
    assert len(made) == 13 and {item.state for item in made} == {"waiting"}
    assert {timezone.localtime(item.not_before).strftime("%H:%M") for item in made if item.not_before} == {"09:00"}
    contents = [item.version.exact_content() for item in made if item.version]
    assert {content.series for content in contents} == {path.split("/")[-2]}
    assert {item.author_name for item in made} == {world.cm.name}
    with brand_scope(world.brand):
        assert not Verdict.objects.exists()
    assert world.on_the_wall() == []


def test_looked_at_twice_is_once_and_comes_back_tomorrow(world: World, browse: Browse) -> None:
    begun(world, browse)
    look(world), look(world)
    assert len(issues(world)) == 13
    with brand_scope(world.brand):
        row = OutboxRow.objects.get(kind="items.series", done_at=None)
    assert timedelta(hours=23) < row.due_at - timezone.now() < timedelta(hours=25)
    assert row.attempts == 0


def test_skipped_stopped_and_limited(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    path = begun(world, browse, most="4")
    assert client.post(path + "skip", {"day": day(2)}).status_code == 303
    assert client.post(path + "skip", {"day": day(40)}).status_code == 422
    look(world)
    days = [timezone.localtime(item.not_before).date().isoformat() for item in issues(world)]
    assert days == [day(1), day(3), day(4)]
    assert client.post(path + "skip", {"day": day(3)}).status_code == 409
    assert client.post(path + "stop").status_code == 303
    assert client.post(path + "stop").status_code == 409
    with brand_scope(world.brand):
        assert not OutboxRow.objects.filter(kind="items.series", done_at=None).exists()


def test_changed_from_a_day_on(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    path = begun(world, browse)
    look(world)
    new = form(first_day=day(5), clock="18:00", title="Soir", text="Bonsoir")
    assert client.post(path, new).status_code == 409
    answer = client.post(path, new | {"first_day": day(20)})
    assert answer.status_code == 303 and answer["Location"] != path
    with brand_scope(world.brand):
        former, following = Series.objects.order_by("created_at")
    assert former.last_day is not None and former.last_day.isoformat() == day(19)
    assert (following.title, following.content["text"], following.clock.hour) == ("Soir", "Bonsoir", 18)
    assert "18:00" in client.get(answer["Location"]).content.decode()


def test_an_edited_issue_stays_one_and_is_not_brought_again(world: World, browse: Browse) -> None:
    begun(world, browse, most="1")
    look(world)
    (item,) = issues(world)
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    typed = {"kind": "publish", "channels": str(world.wall.pk), "text": "Autre", "seen_digest": item.version.digest}
    assert client.post(f"/items/{item.pk}/edit", typed).status_code == 303
    look(world)
    (edited,) = issues(world)
    assert edited.state == "draft" and edited.version.exact_content().series


def test_days_of_a_far_series_are_shown_with_what_the_clocks_do(world: World, browse: Browse) -> None:
    path = begun(world, browse, first_day="2031-03-29", clock="02:30", every="1")
    page = browse(world.people[Role.ANALYST], world.brand).get(path).content.decode()
    assert page.count('<li class="item"><div class="stack-s"><h3>') == 12 and "each day at 02:30" in page
    assert page.count("goes out as much later as the clocks jump") == 1


def test_when_its_author_has_left_it_stops(world: World, browse: Browse) -> None:
    begun(world, browse)
    gone = Membership.objects.filter(person=world.people[Role.COMMUNITY_MANAGER], brand_id=world.brand.id)
    gone.update(ended_at=timezone.now())
    look(world)
    assert issues(world) == []
    with brand_scope(world.brand):
        assert Series.objects.get().stopped_at is not None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"clock": "25:00"}, "clock"),
        ({"first_day": ""}, "first_day"),
        ({"first_day": "0001-01-01"}, "first_day"),
        ({"every": "0"}, "every"),
        ({"every": "x"}, "every"),
        ({"frequency": "HOURLY"}, "every"),
        ({"most": "0"}, "most"),
        ({"most": "9999"}, "most"),
        ({"last_day": "2020-01-01"}, "last_day"),
    ],
)
def test_bad_input_stays_on_the_page_with_its_field(
    world: World, browse: Browse, change: dict[str, str], field: str
) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    answer = client.post("/calendar/series/", form(world.draft("Bonjour"), **change))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page.split(f'id="{field}"')[1].split(">")[0]
    with brand_scope(world.brand):
        assert not Series.objects.exists()


def test_whose_it_is_not_and_the_brand_next_door(world: World, other: World, browse: Browse) -> None:
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    assert client.post("/calendar/series/", form(world.draft("Bonjour", by=world.owner))).status_code == 303
    path = begun(other, browse)
    assert client.get(path).status_code == 404 and client.post(path + "stop").status_code == 404
    with brand_scope(world.brand):
        brands = Series.objects.get()
    agency = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    assert agency.post(f"/calendar/series/{brands.pk}/stop").status_code == 403
    analyst = browse(world.people[Role.ANALYST], world.brand)
    assert analyst.post(f"/calendar/series/{brands.pk}/stop").status_code == 403
    assert analyst.get(f"/calendar/series/{brands.pk}/").status_code == 200


def test_same_queries_for_one_and_three(world: World, other: World, browse: Browse) -> None:
    begun(other, browse)
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    begun(world, browse)
    one, page = queries_of(client, "/calendar/series/")
    begun(world, browse), begun(world, browse)
    three, full = queries_of(client, "/calendar/series/")
    assert one == three and "SECRET" not in page + full


def test_from_an_item_one_comes_to_the_calendar_to_moving_it_and_to_repeating_it(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.brand.series.TO_REPEAT", 1)
    old, _newer = world.draft("Ancien", title="Ancien"), world.draft("Récent", title="Récent")
    client, analyst = (browse(world.people[role], world.brand) for role in (Role.COMMUNITY_MANAGER, Role.ANALYST))
    page = client.get(f"/items/{old.pk}/").content.decode()
    assert f'href="/calendar/{old.pk}/move"' in page and f"/calendar/series/?item={old.pk}#begin" in page
    theirs = analyst.get(f"/items/{old.pk}/").content.decode()
    assert 'href="/calendar/"' in theirs and "/move" not in theirs and "?item=" not in theirs.split("</header>")[1]
    assert f'value="{old.pk}" selected' in client.get(f"/calendar/series/?item={old.pk}").content.decode()
    for nothing in ("x", "00000000-0000-0000-0000-000000000000"):
        assert client.get(f"/calendar/series/?item={nothing}").status_code == 200
