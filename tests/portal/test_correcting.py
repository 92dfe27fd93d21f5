"""A post that is out, corrected or deleted from its item: the words that stand there, and only what can be done to them."""

from typing import Any

import pytest

from clients.channels.models import Channel
from clients.gate.actions import approve_item
from clients.gate.models import Dispatch
from clients.items.models import Item
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.portal.conftest import Browse
from tests.world import World


def channel(world: World, kind: str, name: str, **settings: Any) -> Channel:
    with durable(world.brand):
        return Channel.objects.create(kind=kind, name=name, settings=settings)


def publish(world: World, text: str, **changes: Any) -> Item:
    item = world.submitted(text, **changes)
    approve_item(world.owner, item_id=item.pk, seen_digest=item.version.digest)
    world.run_outbox("gate.send")
    return item


def way(world: World, item: Item, kind: str) -> dict[str, str]:
    with brand_scope(world.brand):
        post = Dispatch.objects.get(item=item.pk, state="sent")
    return {"kind": kind, "channel": str(post.channel_id), "target": post.remote_id, "of": str(item.pk)}


def test_a_correction_opens_with_what_was_published(world: World, browse: Browse) -> None:
    gateway = channel(world, "webhook", "Passerelle")  # would take a thread and a first comment
    item = publish(world, "Ouvert le lundi", title="Ouverture", link="https://a.example/x")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    shown = client.get(f"/items/{item.pk}/").content.decode()
    assert "Correct it" in shown and "Delete it there" in shown and "Withdraw" not in shown
    page = client.get("/items/new", way(world, item, "correct")).content.decode()
    assert (
        ">Ouvert le lundi</textarea>" in page and 'value="Ouverture"' in page and 'value="https://a.example/x"' in page
    )
    assert "Correct a post" in page and '<select id="kind"' not in page
    assert 'name="part"' not in page and "part_add" not in page and 'name="first_comment"' not in page
    assert f'value="{world.wall.pk}" checked' in page and str(gateway.pk) not in page


def test_the_words_of_the_last_correction_are_those_that_stand_there(world: World, browse: Browse) -> None:
    item = publish(world, "Ouvert le lundi")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    target = way(world, item, "correct")["target"]
    publish(world, "Ouvert le mardi", kind="correct", target=target)
    page = client.get("/items/new", way(world, item, "correct")).content.decode()
    assert ">Ouvert le mardi</textarea>" in page


def test_what_was_typed_stays_when_the_correction_is_refused(world: World, browse: Browse) -> None:
    item = publish(world, "Ouvert le lundi")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    asked = way(world, item, "correct")
    typed = {"kind": "correct", "channels": asked["channel"], "target": asked["target"], "of": asked["of"]}
    answer = client.post("/items/new", typed | {"sensitivity": "routine", "text": "x" * 501, "then": "submit"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Correct a post" in page and "x" * 501 in page
    kept = client.post("/items/new", typed | {"sensitivity": "routine", "text": "Ouvert le mardi", "then": "submit"})
    assert kept.status_code == 303
    with brand_scope(world.brand):
        newest = Item.objects.select_related("version").order_by("-created_at")[0]
    assert (newest.kind, newest.state, newest.version.exact_content().target) == ("correct", "waiting", asked["target"])


def test_a_deletion_asks_for_no_words(world: World, browse: Browse) -> None:
    item = publish(world, "Ouvert le lundi", title="Ouverture")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    page = client.get("/items/new", way(world, item, "delete")).content.decode()
    assert "Delete a post" in page and 'name="text"' not in page and 'name="link"' not in page
    assert 'value="Ouverture"' in page and "readonly" in page


@pytest.mark.parametrize("change", [{"target": "another"}, {"channel": "no id"}, {"of": "no id"}, {"kind": "react"}])
def test_only_a_post_that_is_ours_can_be_opened(world: World, browse: Browse, change: dict[str, str]) -> None:
    item = publish(world, "Ouvert le lundi")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    assert client.get("/items/new", way(world, item, "correct")).status_code == 200
    assert client.get("/items/new", way(world, item, "correct") | change).status_code == 404


def test_a_post_of_another_brand_is_not_there(world: World, other: World, browse: Browse) -> None:
    theirs = publish(other, "SECRET words")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    answer = client.get("/items/new", way(other, theirs, "correct"))
    assert answer.status_code == 404 and "SECRET" not in answer.content.decode()


def test_who_may_write_nothing_is_offered_neither(world: World, browse: Browse) -> None:
    item = publish(world, "Ouvert le lundi")
    page = browse(world.people[Role.ANALYST], world.brand).get(f"/items/{item.pk}/").content.decode()
    assert "Ouvert le lundi" in page and "Correct it" not in page and "Delete it there" not in page


def test_only_what_its_channel_can_do_is_offered(world: World, browse: Browse) -> None:
    item = publish(world, "Ouvert le lundi")
    sky = channel(world, "bluesky", "Ciel")  # deletes, and never corrects
    with durable(world.brand):
        Dispatch.objects.filter(item=item.pk).update(channel_id=sky.pk)
    page = browse(world.people[Role.COMMUNITY_MANAGER], world.brand).get(f"/items/{item.pk}/").content.decode()
    assert "Delete it there" in page and "Correct it" not in page


def test_the_deletion_itself_can_be_neither_corrected_nor_deleted(world: World, browse: Browse) -> None:
    item = publish(world, "Ouvert le lundi")
    gone = publish(world, "", kind="delete", target=way(world, item, "delete")["target"])
    page = browse(world.people[Role.COMMUNITY_MANAGER], world.brand).get(f"/items/{gone.pk}/").content.decode()
    assert "went out" in page and "Correct it" not in page and "Delete it there" not in page


def test_pictures_that_a_correction_cannot_change_are_not_asked_for(world: World, browse: Browse) -> None:
    item = publish(world, "Ouvert le lundi")
    page_there = channel(world, "telegram", "Canal")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    assert 'name="upload"' in client.get("/items/new", way(world, item, "correct")).content.decode()
    with durable(world.brand):
        Dispatch.objects.filter(item=item.pk).update(channel_id=page_there.pk)
    page = client.get("/items/new", way(world, item, "correct")).content.decode()
    assert 'name="upload"' not in page and "the pictures stay as they are there" in page


def test_what_makes_no_post_is_offered_no_thread(world: World, browse: Browse) -> None:
    channel(world, "webhook", "Passerelle")
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    for kind, offered in {"publish": True, "answer": True, "correct": False, "delete": False}.items():
        fields = client.get("/items/fields", {"kind": kind}).content.decode()
        assert ("part_add" in fields, 'name="first_comment"' in fields) == (offered, offered), kind


def test_an_item_is_told_in_the_tense_of_its_state(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    draft, sent = world.draft("Une idée"), publish(world, "Ouvert le lundi")
    withdrawn = world.draft("Finalement non")
    assert client.post(f"/items/{withdrawn.pk}/withdraw").status_code == 303
    told = {"What will be seen": draft, "What went out": sent, "What would have been seen": withdrawn}
    for sentence, item in told.items():
        page = client.get(f"/items/{item.pk}/").content.decode()
        assert [each in page for each in told] == [each == sentence for each in told]
