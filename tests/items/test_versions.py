"""Versions and media: added, never altered; and bytes that are not the approved ones do not get out of the store."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from PIL import Image

from clients.items.actions import add_media, edit_item
from clients.items.files import bytes_of
from clients.items.models import ItemVersion, Media
from clients.items.queries import versions_of
from tenants.errors import Conflict, Invalid, Refused
from tenants.vocabulary import Role
from tenants.walls.place import RefusedStatement
from tenants.walls.scope import brand_scope
from tests.world import World


@pytest.fixture(autouse=True)
def _store(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)  # type: ignore[attr-defined]


def picture(colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, format="PNG")
    return out.getvalue()


@pytest.mark.parametrize("table", ["items_itemversion", "items_media"])
def test_the_database_refuses_to_alter_what_was_written(world: World, table: str) -> None:
    world.draft()
    add_media(world.cm, data=picture(), declared="image/png")
    for attack in (f"UPDATE {table} SET digest = 'x'", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with brand_scope(world.brand), pytest.raises((DatabaseError, RefusedStatement)):  # noqa: SIM117
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(attack)
    with brand_scope(world.brand):
        assert ItemVersion.objects.exclude(digest="x").count() == 1
        assert Media.objects.exclude(digest="x").count() == 1


def test_every_edit_adds_a_version_and_the_old_ones_stay(world: World) -> None:
    item = world.draft("Un.")
    assert item.version is not None
    seen = item.version.digest
    for text in ("Deux.", "Trois."):
        seen = edit_item(world.cm, item_id=item.pk, seen_digest=seen, content=world.content(text)).digest
    with brand_scope(world.brand):
        versions = list(versions_of(item.pk))
        assert [v.number for v in versions] == [1, 2, 3]
        assert [v.exact_content().text for v in versions] == ["Un.", "Deux.", "Trois."]


def test_a_content_that_is_not_what_its_digest_says_cannot_be_read(world: World) -> None:
    version = world.draft().version
    assert version is not None
    version.content = version.content | {"text": "Autre chose"}
    with pytest.raises(ValueError, match="content_altered"):
        version.exact_content()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR, Role.DEPARTMENT_CONTACT])
def test_who_may_not_edit_writes_nothing(world: World, role: Role) -> None:
    item = world.draft()
    assert item.version is not None
    content, seen = world.content("Non."), item.version.digest
    with pytest.raises(Refused):
        edit_item(world.actor(role), item_id=item.pk, seen_digest=seen, content=content)
    with pytest.raises(Refused):
        add_media(world.actor(role), data=picture(), declared="image/png")
    edit_item(world.cm, item_id=item.pk, seen_digest=seen, content=content)


def test_what_has_been_withdrawn_is_not_edited(world: World) -> None:
    from clients.gate.actions import withdraw_item

    item = world.draft()
    assert item.version is not None
    withdraw_item(world.cm, item_id=item.pk)
    with pytest.raises(Conflict):
        edit_item(world.cm, item_id=item.pk, seen_digest=item.version.digest, content=world.content("x"))


def test_the_same_picture_is_stored_once_under_a_random_name_of_the_brand(world: World, tmp_path: Path) -> None:
    first = add_media(world.cm, data=picture(), declared="image/png")
    again = add_media(world.owner, data=picture(), declared="image/png")
    other = add_media(world.cm, data=picture("blue"), declared="image/png")
    assert first.pk == again.pk != other.pk
    stored = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert stored == sorted(f"{world.brand.id}/{medium.pk}" for medium in (first, other))
    with brand_scope(world.brand):
        assert hashlib.sha256(bytes_of(Media.objects.get(pk=first.pk))).hexdigest() == first.digest


@pytest.mark.parametrize(
    ("data", "declared", "code"),
    [
        (b"", "image/png", "media_empty"),
        (b"GIF89a", "image/png", "media_type_unknown"),
        (picture(), "image/jpeg", "media_not_what_it_says"),
        (picture()[:45], "image/png", "media_broken"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "media_type_unknown"),
    ],
    ids=["empty", "no picture", "other type", "broken", "svg"],
)
def test_media_that_is_not_what_it_says_is_not_stored(
    world: World, tmp_path: Path, data: bytes, declared: str, code: str
) -> None:
    with pytest.raises(Invalid) as told:
        add_media(world.cm, data=data, declared=declared)
    assert (told.value.code, told.value.field) == (code, "media")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    with brand_scope(world.brand):
        assert not Media.objects.exists()


def test_bytes_that_were_changed_on_the_disk_are_not_read(world: World, tmp_path: Path) -> None:
    medium = add_media(world.cm, data=picture(), declared="image/png")
    (tmp_path / str(world.brand.id) / str(medium.pk)).write_bytes(picture("blue"))
    with brand_scope(world.brand), pytest.raises(ValueError, match="content_altered"):
        bytes_of(Media.objects.get(pk=medium.pk))
