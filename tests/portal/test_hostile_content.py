"""What somebody typed is shown and never obeyed: no script in a link or a name, no file that is another, no query in a log."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from clients.items.actions import add_media
from clients.items.models import Media
from clients.people.actor import Actor
from portal.brand import composer
from tenants.errors import Invalid
from tenants.vocabulary import Role
from tests.portal.conftest import Browse
from tests.world import World

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def visitor(world: World, browse: Browse) -> Client:
    return browse(world.people[Role.COMMUNITY_MANAGER], world.brand)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://u@evil.example/"]
)
def test_a_link_that_is_none_cannot_be_pressed(world: World, visitor: Client, link: str) -> None:
    item = world.draft("Bonjour", link=link)
    page = visitor.get(f"/items/{item.pk}/").content.decode()
    assert link in page.replace("&amp;", "&")
    assert f'href="{link}' not in page
    preview = visitor.get(
        "/items/preview", {"kind": "publish", "channels": str(world.wall.pk), "text": "x", "link": link}
    )
    assert b"preview-link" in preview.content
    assert f'href="{link}' not in preview.content.decode()


def test_words_are_words_everywhere(world: World, browse: Browse) -> None:
    for role in (Role.COMMUNITY_MANAGER, Role.APPROVER):
        person = world.people[role]
        person.name = SCRIPT
        person.save()
    item = world.submitted(SCRIPT, title=SCRIPT, topic=SCRIPT, variants={str(world.wall.pk): SCRIPT})
    visitor = browse(world.people[Role.APPROVER], world.brand)
    for path in (
        "/",
        "/approvals/",
        "/items/",
        f"/items/{item.pk}/",
        f"/approvals/{item.pk}/edited",
        "/people/",
        "/stops/",
    ):
        assert SCRIPT not in visitor.get(path).content.decode(), path


def test_a_picture_is_served_as_one_and_only_within_its_brand(world: World, other: World, browse: Browse) -> None:
    data = BytesIO()
    Image.new("RGB", (2, 2)).save(data, "PNG")
    media = add_media(world.cm, data=data.getvalue(), declared="image/png")
    answer = browse(world.people[Role.AUDITOR], world.brand).get(f"/media/{media.digest}")
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "image/png",
        "nosniff",
    )
    assert "no-store" in answer["Cache-Control"]
    assert browse(other.people[Role.BRAND_OWNER], other.brand).get(f"/media/{media.digest}").status_code == 404
    assert browse(world.people[Role.DEPARTMENT_CONTACT], world.brand).get(f"/media/{media.digest}").status_code == 403


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'/>", b"<html><script>", b"GIF89a<script>alert(1)</script>"])
def test_what_is_no_picture_is_not_stored(world: World, data: bytes) -> None:
    with pytest.raises(Invalid):
        add_media(world.cm, data=data, declared="image/gif")


def test_a_file_without_end_is_not_read_to_its_end(
    world: World, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is too big is refused after the first byte too many."""
    sizes = list[int]()

    def refusing(actor: Actor, *, data: bytes, declared: str, alt: str = "", info_class: object = None) -> Media:
        sizes.append(len(data))
        raise Invalid("media_too_big", "media")

    monkeypatch.setattr(composer, "MOST_BYTES", 10)
    monkeypatch.setattr(composer, "add_media", refusing)
    upload = SimpleUploadedFile("a.png", b"x" * 5000)
    assert visitor.post("/items/new", {"kind": "publish", "text": "x", "upload": upload}).status_code == 422
    assert sizes == [11]


# --- What a person is not shown ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/charter/", "/channels/", "/people/", "/stops/", "/items/", "/approvals/", "/receipts/"]
)
def test_a_department_contact_sees_only_what_was_handed_to_them(world: World, browse: Browse, path: str) -> None:
    visitor = browse(world.people[Role.DEPARTMENT_CONTACT], world.brand)
    assert visitor.get(path).status_code == 403
    assert f'href="{path}"' not in visitor.get("/").content.decode()


def test_the_form_for_credentials_is_for_those_who_may_give_them(world: World, browse: Browse) -> None:
    paths = ("/channels/connect/email", f"/channels/{world.wall.pk}/credential")
    for role, status in ((Role.AGENCY_OWNER, 403), (Role.BRAND_MANAGER, 200)):
        assert [browse(world.people[role], world.brand).get(path).status_code for path in paths] == [status, status]


def test_who_approves_sees_to_whom_it_goes(world: World, browse: Browse) -> None:
    world.submitted("Bonjour Ada", recipient="ada@example.org")
    page = browse(world.people[Role.APPROVER], world.brand).get("/approvals/").content.decode()
    assert "ada@example.org" in page
