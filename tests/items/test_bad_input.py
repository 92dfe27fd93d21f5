"""Bad input names its field and changes nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.actions import revoke_channel
from clients.gate.actions import submit_item
from clients.items.actions import create_item, edit_item
from clients.items.content import Content, MediaRef
from clients.items.models import Item, ItemVersion
from clients.items.problems import problems_of
from tenants.errors import Conflict, Invalid
from tenants.ids import uuid7
from tenants.walls.scope import brand_scope
from tests.world import World

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SHAPES: list[tuple[dict[str, Any], str, str]] = [
    ({"kind": "shout"}, "unknown_kind", "kind"),
    ({"sensitivity": "secret"}, "unknown_sensitivity", "sensitivity"),
    ({"not_before": NOW, "not_after": NOW}, "end_before_start", "not_after"),
    ({"not_before": NOW, "not_after": NOW - timedelta(hours=1)}, "end_before_start", "not_after"),
    ({"not_before": NOW.replace(tzinfo=None)}, "time_without_zone", "not_before"),
    ({"not_after": NOW.replace(tzinfo=None)}, "time_without_zone", "not_after"),
    ({"title": "t" * 201}, "title_too_long", "title"),
    ({"text": "a\0b"}, "control_characters", "text"),
    ({"text": "\ud800"}, "control_characters", "text"),
    ({"media": (MediaRef("d", "\0"),)}, "control_characters", "media.0.alt"),
    ({"variants": {"nowhere": "x"}}, "variant_without_channel", "variants.nowhere"),
]


@pytest.mark.parametrize(("change", "code", "field"), SHAPES, ids=[code for _, code, _ in SHAPES])
def test_a_draft_that_contradicts_itself_is_not_written(
    world: World, change: dict[str, Any], code: str, field: str
) -> None:
    item = world.draft("Bon.")
    assert item.version is not None
    bad = replace(world.content("Bon."), **change)
    for write in (
        lambda: create_item(world.cm, content=bad),
        lambda: edit_item(world.cm, item_id=item.pk, seen_digest=cast("Any", item.version).digest, content=bad),
    ):
        with pytest.raises(Invalid) as told:
            write()
        assert (told.value.code, told.value.field) == (code, field)
    with brand_scope(world.brand):
        assert (Item.objects.count(), ItemVersion.objects.count()) == (1, 1)
        assert problems_of(bad)[0].code == code


def test_the_same_channel_twice_and_too_many(world: World) -> None:
    wall = str(world.wall.pk)
    for channels, code in (((wall, wall), "channel_twice"), (tuple(map(str, range(21))), "too_many_channels")):
        with pytest.raises(Invalid) as told:
            world.draft(channels=channels)
        assert (told.value.code, told.value.field) == (code, "channels")


def refused(world: World, content: Content) -> tuple[str, str | None]:
    """How a draft of this content is refused when it is submitted; its state must stay."""
    item = create_item(world.cm, content=content)
    assert item.version is not None
    with pytest.raises(Invalid) as told:
        submit_item(world.cm, item_id=item.pk, seen_digest=item.version.digest)
    assert world.state_of(item) == "draft"
    return told.value.code, told.value.field


def test_what_a_channel_does_not_take_names_the_field(world: World) -> None:
    wall, good = str(world.wall.pk), world.content()
    assert refused(world, replace(good, channels=())) == ("channel_missing", "channels")
    assert refused(world, replace(good, channels=(str(uuid7()),))) == ("unknown_channel", "channels")
    assert refused(world, replace(good, channels=("no id",))) == ("unknown_channel", "channels")
    assert refused(world, replace(good, text="x" * 501)) == ("text_too_long", "text")
    assert refused(world, replace(good, variants={wall: "x" * 501})) == ("text_too_long", f"variants.{wall}")
    assert refused(world, replace(good, text=" ")) == ("text_missing", "text")
    assert refused(world, replace(good, kind=ActionKind.PHONE_CALL)) == ("kind_not_supported", "kind")
    assert refused(world, replace(good, link="javascript:alert(1)")) == ("link_not_web", "link")
    assert refused(world, replace(good, media=(MediaRef("0" * 64, "mots"),))) == ("unknown_media", "media.0")


def test_a_revoked_channel_takes_nothing(world: World) -> None:
    revoke_channel(actor=world.owner, channel_id=world.wall.pk)
    assert refused(world, world.content()) == ("channel_not_open", "channels")


def test_a_stale_version_is_a_conflict_that_names_the_newer_one(world: World) -> None:
    item = world.draft("Un.")
    assert item.version is not None
    seen = item.version.digest
    newer = edit_item(world.cm, item_id=item.pk, seen_digest=seen, content=world.content("Deux."))
    for late in (
        lambda: edit_item(world.cm, item_id=item.pk, seen_digest=seen, content=world.content("Trois.")),
        lambda: submit_item(world.cm, item_id=item.pk, seen_digest=seen),
    ):
        with pytest.raises(Conflict) as stale:
            late()
        assert (stale.value.code, stale.value.facts["digest"]) == ("stale_version", newer.digest)
    with brand_scope(world.brand):
        assert Item.objects.get(pk=item.pk).version_id == newer.pk
