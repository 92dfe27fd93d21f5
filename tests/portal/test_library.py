"""The library: pictures described once and offered again; files that are no pictures refused with a sentence."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clients.items.actions import add_media
from clients.items.models import Media, MediaNote
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World


def picture(colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (20, 20), colour).save(out, "PNG")
    return out.getvalue()


def claims(width: int, height: int) -> bytes:
    """A small file that says it is a huge picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "data", "mime", "sentence"),
    [
        ("big.png", claims(20_000, 20_000), "image/png", "too many pixels"),
        ("setup.png", b"MZ\x90\0" + b"\0" * 500, "image/png", "not a picture that we know"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml",
         "not a picture that we know"),
        ("x.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/png",
         "not a picture that we know"),
        ("x.jpg", picture(), "image/jpeg", "not what its name says"),
        ("half.png", picture()[:60], "image/png", "damaged"),
        ("empty.png", b"", "image/png", "empty"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)  # fmt: skip
def test_what_is_no_picture_is_refused_in_words(
    world: World, browse: Browse, name: str, data: bytes, mime: str, sentence: str
) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    for path, more in (("/media/", {}), ("/items/new", {"text": "Gardez-moi", "channels": str(world.wall.pk)})):
        answer = client.post(path, more | {"upload": SimpleUploadedFile(name, data, mime)})
        page = answer.content.decode()
        assert answer.status_code == 422 and sentence in page, page[:500]
        assert 'aria-invalid="true"' in page.split('id="upload"')[1].split(">")[0]
        assert not more or "Gardez-moi" in page
    with brand_scope(world.brand):
        assert not Media.objects.exists()


def test_described_once_and_offered_again(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    assert client.post("/media/", {"upload": SimpleUploadedFile("x.png", picture(), "image/png")}).status_code == 303
    with brand_scope(world.brand):
        digest = Media.objects.get().digest
    for words in ("Un carré", "Un carré rouge", "Un carré rouge"):
        assert client.post(f"/media/{digest}/describe", {"alt": words}).status_code == 303
    with brand_scope(world.brand):
        notes = list(MediaNote.objects.order_by("created_at").values_list("alt", "author_name"))
    assert notes == [("Un carré", world.cm.name), ("Un carré rouge", world.cm.name)]
    assert 'alt="Un carré rouge"' in client.get("/media/").content.decode()
    assert f'name="alt-{digest}" value="Un carré rouge"' in client.get("/items/new").content.decode()
    add_media(world.cm, data=picture(), declared="image/png")
    with brand_scope(world.brand):
        assert MediaNote.objects.count() == 2
    assert client.post(f"/media/{digest}/describe", {"alt": "x" * 1501}).status_code == 422


def test_the_other_brands_pictures_are_never_served(world: World, other: World, browse: Browse) -> None:
    foreign = add_media(other.cm, data=picture("blue"), declared="image/png", alt="SECRET")
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    assert client.get(f"/media/{foreign.digest}").status_code == 404
    assert client.post(f"/media/{foreign.digest}/describe", {"alt": "x"}).status_code == 404
    pages = [client.get(path).content.decode() for path in ("/media/", "/items/new")]
    assert not any("SECRET" in page or foreign.digest in page for page in pages)
    typed = {"text": "x", "channels": str(world.wall.pk), "media": foreign.digest, "then": "submit"}
    assert client.post("/items/new", typed).status_code == 422


def test_who_only_reads_sees_and_changes_nothing(world: World, browse: Browse) -> None:
    medium = add_media(world.cm, data=picture(), declared="image/png", alt="Rouge")
    client = browse(world.people[Role.ANALYST], world.brand)
    page = client.get("/media/").content.decode()
    assert "Rouge" in page and 'id="upload"' not in page
    assert client.post(f"/media/{medium.digest}/describe", {"alt": "x"}).status_code == 403
    assert client.post("/media/", {"upload": SimpleUploadedFile("x.png", picture(), "image/png")}).status_code == 403


def test_same_queries_for_one_and_three_and_pages(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    for shade in range(27):
        add_media(world.cm, data=picture(f"#0000{shade:02x}"), declared="image/png", alt=f"Nuance {shade}")
        if shade == 0:
            one, _ = queries_of(client, "/media/")
    many, page = queries_of(client, "/media/")
    assert one == many
    assert "Nuance 26" in page and "Nuance 2&" not in page and 'alt="Nuance 0"' not in page
    older = page.split('href="?before=')[1].split('"')[0]
    assert 'alt="Nuance 0"' in client.get(f"/media/?before={older}").content.decode()
