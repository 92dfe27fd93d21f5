"""What readers will see that nobody wrote is shown to whoever approves, and it is exactly what goes out."""

from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.actions import connect_invited, invite_to_connect, rotate_secret
from clients.channels.models import Channel
from clients.channels.port import Added, Written
from clients.channels.registry import connector_for, connectors
from clients.items.models import Item
from tenants.errors import Conflict, Invalid
from tenants.vocabulary import Role
from tenants.walls.scope import durable
from tests.portal.conftest import Browse
from tests.world import World


def on(world: World, network: str, settings: dict[str, Any], **written: Any) -> Item:
    """An item that waits, for a channel that has become one of this kind."""
    with durable(world.brand):
        Channel.objects.filter(pk=world.wall.pk).update(kind=network, settings=settings)
    return world.submitted(**written)


def pages(world: World, browse: Browse, item: Item) -> list[str]:
    approver = browse(world.people[Role.APPROVER], world.brand)
    return [approver.get(path).content.decode() for path in ("/approvals/", f"/items/{item.pk}/")]


GHOST = {"site": "https://blog.example", "tags": "Nouvelles, Été"}
MASTODON = {"site": "https://social.example", "visibility": "public"}


def test_the_title_and_the_tags_of_a_post(world: World, browse: Browse) -> None:
    item = on(world, "ghost", GHOST, text="La première ligne\n\nLe reste.")
    for page in pages(world, browse, item):
        assert "Its title there: La première ligne" in page and "Its tags there: Nouvelles, Été" in page
    assert "<strong>La première ligne</strong>" in pages(world, browse, item)[1]


def test_a_title_of_its_own_is_no_addition(world: World, browse: Browse) -> None:
    item = on(world, "ghost", GHOST | {"tags": ""}, text="La première ligne", title="Le titre")
    for page in pages(world, browse, item):
        assert "there:" not in page and "Le titre" in page


def test_the_mention_that_a_direct_message_begins_with(world: World, browse: Browse) -> None:
    message = {"kind": ActionKind.DIRECT_MESSAGE, "recipient": "@ann@b.example"}
    item = on(world, "mastodon", MASTODON, text="Entre nous", **message)
    approvals, page = pages(world, browse, item)
    assert "Begins with @ann@b.example" in approvals
    assert '<div class="preview-body">@ann@b.example Entre nous</div>' in page
    named = on(world, "mastodon", MASTODON, text="Pour @ann@b.example", **message)
    assert "Begins with" not in pages(world, browse, named)[1]


def test_the_mention_of_whoever_is_answered(world: World, browse: Browse) -> None:
    item = on(world, "mastodon", MASTODON, text="Merci !", kind=ActionKind.ANSWER, target="123")
    for page in pages(world, browse, item):
        assert "it begins with their @name" in page
    other = on(world, "mastodon", MASTODON, text="Bonjour !")
    assert "their @name" not in pages(world, browse, other)[1]


@pytest.mark.parametrize("kind", [port.kind for port in connectors()])
def test_every_other_kind_adds_nothing(kind: str) -> None:
    """A connector that begins to add something must say so here, and show it where people approve."""
    port = connector_for(kind)
    adding = {"ghost", "mastodon"}
    written = Written(kind=ActionKind.PUBLISH, text="Un", settings={})
    assert kind in adding or port.adds(written) == Added()


def test_the_settings_behind_a_yes_do_not_change(world: World) -> None:
    """The digest holds the channel's id: what its settings add stands behind the yes, because only a new channel has others."""
    assert connector_for("ghost").oauth is None, "to permit anew would fill in its settings anew"
    filled = invite_to_connect(actor=world.owner, kind="memory", name="Deux")
    connect_invited(actor=world.actor(Role.AGENCY_OWNER), channel_id=filled.pk)
    with durable(world.brand):
        Channel.objects.filter(pk=filled.pk).update(state="connected")
    with pytest.raises(Conflict, match="channel_not_invited"):
        connect_invited(actor=world.actor(Role.AGENCY_OWNER), channel_id=filled.pk)
    with pytest.raises(Invalid):
        rotate_secret(actor=world.owner, channel_id=filled.pk, secrets={"tags": "Autres"})
