"""The page of a receipt: what became of the post since, as its network showed it, each time with its moment."""

from typing import Any
from uuid import uuid4

import pytest

from clients.channels.models import Channel
from clients.gate.actions import approve_item
from clients.gate.models import Dispatch, Receipt, Sighting
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World, at

SINCE = "What was seen there since"


def sent(world: World, text: str = "Ouvert le lundi") -> Receipt:
    item = world.submitted(text)
    approve_item(world.owner, item_id=item.pk, seen_digest=item.version.digest)
    world.run_outbox("gate.send")
    with brand_scope(world.brand):
        return Receipt.objects.get(item_id=item.pk)


def see(world: World, receipt: Receipt, moment: str, **seen: Any) -> None:
    with durable(world.brand):
        post = Dispatch.objects.get(pk=receipt.dispatch_id)
        Sighting.objects.create(dispatch=post, at=at(moment), **seen)


@pytest.mark.parametrize("role", [Role.BRAND_OWNER, Role.COMMUNITY_MANAGER])
def test_every_sighting_stands_with_its_moment_newest_first(world: World, browse: Browse, role: Role) -> None:
    receipt, another = sent(world), sent(world, "Autre chose")
    see(world, receipt, "2027-03-01T10:00+01:00", state="published", replies=0, reactions=2)
    see(world, receipt, "2027-03-02T11:30+01:00", state="edited", replies=1, shares=3, url="https://there.example/1")
    see(world, receipt, "2027-03-03T12:00+01:00", state="gone", url="javascript:alert(1)")
    see(world, another, "2027-03-04T12:00+01:00", state="published", replies=7777)
    page = browse(world.people[role], world.brand).get(f"/receipts/{receipt.pk}/").content.decode()
    seen = page.split(SINCE)[1].split("</section>")[0]
    told = ["no longer there", "2027-03-03 12:00", "changed there by others", "1 reply, 3 shares", "2027-03-02 11:30"]
    told += ["public there", "0 replies, 2 reactions", "2027-03-01 10:00"]
    assert [seen.find(each) for each in told] == sorted(seen.find(each) for each in told) and seen.find(told[0]) > 0
    assert 'href="https://there.example/1"' in seen and "javascript" not in page and "7777" not in page


def test_who_approved_is_named(world: World, browse: Browse) -> None:
    receipt = sent(world)
    page = browse(world.people[Role.BRAND_OWNER], world.brand).get(f"/receipts/{receipt.pk}/").content.decode()
    owner = world.people[Role.BRAND_OWNER]
    approved = page.split("Approved by</dt>")[1].split("</dd>")[0]
    assert owner.name in approved and str(owner.pk) not in page


def test_nothing_is_said_of_a_network_that_shows_nothing(world: World, browse: Browse) -> None:
    receipt = sent(world)
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    assert SINCE not in client.get(f"/receipts/{receipt.pk}/").content.decode()
    with durable(world.brand):
        Channel.objects.filter(pk=receipt.channel_id).update(kind="mastodon")
    page = client.get(f"/receipts/{receipt.pk}/").content.decode()
    assert SINCE in page and "Nothing has changed there" in page


def test_same_queries_for_one_and_three_and_no_other_brand(world: World, other: World, browse: Browse) -> None:
    receipt, theirs = sent(world), sent(other, "SECRET")
    see(other, theirs, "2027-03-01T10:00+01:00", state="gone", replies=99)
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    path = f"/receipts/{receipt.pk}/"
    see(world, receipt, "2027-03-01T10:00+01:00", state="published")
    one, _ = queries_of(client, path)
    see(world, receipt, "2027-03-02T10:00+01:00", state="published", replies=1)
    see(world, receipt, "2027-03-03T10:00+01:00", state="published", replies=2)
    three, page = queries_of(client, path)
    assert one == three and page.count("public there") == 3 and "99 replies" not in page
    assert client.get(f"/receipts/{theirs.pk}/").status_code == 404


def test_an_item_asks_once_how_all_its_posts_fare(world: World, browse: Browse) -> None:
    receipt = sent(world)
    see(world, receipt, "2027-03-01T10:00+01:00", state="edited", replies=4)
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    path = f"/items/{receipt.item_id}/"
    one, _ = queries_of(client, path)
    with durable(world.brand):
        post = Dispatch.objects.get(pk=receipt.dispatch_id)
        for n in (1, 2):
            post.pk, post._state.adding = uuid4(), True
            post.channel_id = Channel.objects.create(kind="webhook", name=f"Passerelle {n}").pk
            post.save()
            Sighting.objects.create(dispatch=post, at=at("2027-03-01T09:00+01:00"), state="published", replies=70)
            Sighting.objects.create(dispatch=post, at=at("2027-03-02T10:00+01:00"), state="published", replies=8 + n)
    three, page = queries_of(client, path)
    assert one == three
    assert all(f"{n} replies" in page for n in (4, 9, 10)) and "70 replies" not in page
