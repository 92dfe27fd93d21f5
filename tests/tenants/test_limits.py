"""What one brand may take: the seconds of a statement, by kind of work and by an operator's word, and the bytes of its files."""

from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection
from django.test import override_settings
from django.utils import translation
from PIL import Image

from clients.items.actions import add_media
from clients.items.models import Media
from portal.failures import failure_of
from tenants.brandref import BrandRef
from tenants.errors import Invalid
from tenants.limits import at_most, storage_bytes
from tenants.models import Brand
from tenants.walls.scope import brand_scope, hub_scope
from tests.conftest import make_person
from tests.database import brand_with
from tests.world import World, make_world


def limit_here() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        return str(cursor.fetchone()[0])


def picture(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 40), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def world(real_brands: tuple[BrandRef, BrandRef]) -> World:
    return make_world(real_brands[0], make_person)


def test_a_statement_has_the_time_of_its_kind_of_work(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        assert limit_here() == "1min"
    with at_most(15):
        with brand_scope(brand_a):
            assert limit_here() == "15s"
            with hub_scope():
                assert limit_here() == "15s"
        with brand_scope(brand_a):
            assert limit_here() == "15s"
    with brand_scope(brand_a):
        assert limit_here() == "1min"


def test_the_server_ends_what_takes_longer(brand_a: BrandRef) -> None:
    ended = pytest.raises(OperationalError, match="statement timeout")
    with at_most(1), ended, brand_scope(brand_a), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM generate_series(1, 1000000000)")


def test_an_operators_word_holds_for_one_brand(real_brands: tuple[BrandRef, BrandRef]) -> None:
    ours, theirs = real_brands
    said = StringIO()
    call_command("brands", "limit", ours.slug, "--storage-mb", "7", "--statement-seconds", "3", stdout=said)
    try:
        assert "storage 7 MB  statement seconds 3" in said.getvalue()
        with brand_scope(brand_with(ours.slug)):
            assert limit_here() == "3s"
        with brand_scope(brand_with(theirs.slug)):
            assert limit_here() == "1min"
        assert storage_bytes(brand_with(ours.slug)) == 7_000_000 < storage_bytes(brand_with(theirs.slug))
        with pytest.raises(DatabaseError), hub_scope():
            Brand.objects.filter(pk=ours.id).update(storage_limit=10**15)
    finally:
        call_command(
            "brands", "limit", ours.slug, "--storage-mb", "default", "--statement-seconds", "default", stdout=said
        )
    assert brand_with(ours.slug).storage_limit is None
    with pytest.raises(CommandError):
        call_command("brands", "limit", ours.slug, "--storage-mb", "much")


def test_a_full_brand_keeps_no_more_files(world: World) -> None:
    first = add_media(world.cm, data=picture("red"), declared="image/png")
    with override_settings(BRAND_STORAGE_MB=0):
        assert add_media(world.cm, data=picture("red"), declared="image/png") == first  # the same one takes no room
        with pytest.raises(Invalid) as refused:
            add_media(world.cm, data=picture("blue"), declared="image/png")
    assert (refused.value.code, refused.value.field) == ("storage_full", "media")
    for language, words in (("en", "may keep 0 megabytes"), ("fr", "conserver 0 mégaoctets")):
        with translation.override(language):
            assert words in failure_of(refused.value).sentence
    with brand_scope(world.brand):
        assert Media.objects.count() == 1
    add_media(world.cm, data=picture("blue"), declared="image/png")
