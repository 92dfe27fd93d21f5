"""A brand's look as people set it: seen before it is kept, refused in words at the field, worn by what is made afterwards."""

from base64 import b64encode
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from clients.people.rules import MAY, Verb
from reports.looks.models import BrandLook
from reports.looks.rules import REFUSED
from reports.rendering.blocks import Document
from reports.rendering.caps import PREVIEW, Caps
from reports.rendering.errors import Fault, NotDrawn
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.channels.test_media import many_scans
from tests.portal.conftest import Browse
from tests.portal.test_sessions import away
from tests.world import World

OWNER, CM = Role.BRAND_OWNER, Role.COMMUNITY_MANAGER
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30">{}</svg>'
LEAF = SVG.format('<path d="M4 26C4 8 20 4 40 4c0 20-16 22-36 22z" fill="#2c7a4b"/>').encode()
TYPED = {"colour": "#2c7a4b", "second": "#8a4b12", "alternative": "A leaf"}


def url(name: str, *args: Any) -> str:
    return reverse(name, urlconf="portal.urls_brand", args=args)


def logo(content: bytes = LEAF, name: str = "leaf.svg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def png(size: tuple[int, int] = (300, 90)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "#2c7a4b").save(out, "PNG")
    return out.getvalue()


def looks(world: World) -> list[BrandLook]:
    with brand_scope(world.brand):
        return list(BrandLook.objects.order_by("at"))


@pytest.mark.parametrize("role", list(Role))
def test_who_sets_it(world: World, browse: Browse, role: Role) -> None:
    client, allowed = browse(world.people[role], world.brand), role in MAY[Verb.LOOK_SET]
    assert allowed == (role in {Role.BRAND_OWNER, Role.BRAND_MANAGER})
    assert client.get(url("look")).status_code == (200 if allowed else 403)
    assert client.post(url("look"), TYPED).status_code == (303 if allowed else 403)
    for name in ("look_preview", "look_example"):
        assert client.post(url(name), TYPED).status_code == (200 if allowed else 403), name
    assert len(looks(world)) == allowed


def test_seen_before_it_is_kept_and_kept_as_it_was_made_anew(world: World, other: World, browse: Browse) -> None:
    owner = browse(world.people[OWNER], world.brand)
    noisy = LEAF.replace(b"<path", b"<metadata>who drew it</metadata><path")
    shown = owner.post(url("look_preview"), TYPED | {"logo": logo(noisy)}, headers={"HX-Target": "preview"})
    page = shown.content.decode()
    assert "data:image/svg+xml;base64," in page
    assert 'alt="A leaf"' in page
    assert "main=2c7a4b&amp;second=8a4b12" in page
    drawn = owner.post(url("look_example"), TYPED | {"logo": logo(noisy)}).content
    assert len(pikepdf.open(BytesIO(drawn)).pages) == 1
    assert looks(world) == []
    assert owner.post(url("look"), TYPED | {"logo": logo(noisy)}).status_code == 303
    (kept,) = looks(world)
    assert (kept.colour, kept.second, kept.alternative, kept.media_type) == (*TYPED.values(), "image/svg+xml")
    assert b"path" in bytes(kept.logo)
    assert b"who drew it" not in bytes(kept.logo)
    assert looks(other) == []
    assert "A leaf" in owner.get(url("look")).content.decode()
    assert "A leaf" not in browse(other.people[OWNER], other.brand).get(url("look")).content.decode()
    assert owner.post(url("look"), TYPED | {"colour": "1F4E5F"}).status_code == 303
    assert (looks(world)[-1].colour, bytes(looks(world)[-1].logo)) == ("#1f4e5f", bytes(kept.logo))
    assert owner.post(url("look"), TYPED | {"remove": "1"}).status_code == 303
    assert (bytes(looks(world)[-1].logo), looks(world)[-1].alternative) == (b"", "")


def test_a_colour_that_is_too_weak_is_refused_with_one_that_would_do(world: World, browse: Browse) -> None:
    owner = browse(world.people[OWNER], world.brand)
    refused = owner.post(url("look"), TYPED | {"colour": "#7fd4a0", "logo": logo()})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert looks(world) == []
    assert "to 1 against white paper" in page
    assert 'value="#7fd4a0"' in page
    nearest = page.split('name="take_colour" value="')[1].split('"')[0]
    pending = page.split('name="pending" value="')[1].split('"')[0]
    taken = TYPED | {"colour": "#7fd4a0", "take_colour": nearest, "pending": pending}
    assert owner.post(url("look"), taken).status_code == 303
    (kept,) = looks(world)
    assert kept.colour == nearest
    assert b"path" in bytes(kept.logo)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"colour": "teal"}, "as # and six digits"),
        ({"second": "#12345"}, "as # and six digits"),
        ({"second": "#ffff00"}, "to 1 against white paper"),
        ({"alternative": " "}, "what is on the logo"),
        ({"alternative": "x" * 151}, "At most 150"),
        ({"logo": SVG.format("<script/>").encode()}, "more than shapes"),
        ({"logo": SVG.format('<rect onload="x"/>').encode()}, "more than shapes"),
        ({"logo": SVG.format('<image href="http://a.example/b"/>').encode()}, "more than shapes"),
        ({"logo": LEAF.replace(b"0 0 90 30", b"a b c d")}, "more than shapes"),
        ({"logo": b"GIF89a"}, "no picture that we can read"),
        ({"logo": b"%PDF-1.7"}, "no picture that we can read"),
        ({"logo": png((4100, 4000))}, "too many pixels"),
        ({"logo": many_scans(10_000)}, "too many pixels"),
        ({"logo": b"\x89PNG" + bytes(2_000_001)}, "too large for a logo"),
        ({"logo": SVG.format('<g fill="' + "1" * 24 + '"/>').encode()}, "more than shapes"),
    ],
)
def test_what_does_not_do_is_said_in_words(world: World, browse: Browse, wrong: dict[str, Any], said: str) -> None:
    owner = browse(world.people[OWNER], world.brand)
    sent = {"logo": LEAF} | wrong
    typed = TYPED | wrong | {"logo": logo(sent["logo"])}
    answer = owner.post(url("look"), typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    assert looks(world) == []
    right = TYPED | {"logo": logo()}
    assert owner.post(url("look"), right).status_code == 303


def test_what_the_house_wears_could_be_kept_as_it_is(world: World, browse: Browse) -> None:
    page = browse(world.people[OWNER], world.brand).get(url("look")).content.decode()
    assert "aria-invalid" not in page
    assert "take_" not in page


def test_what_was_chosen_before_is_checked_again(world: World, browse: Browse) -> None:
    """The mark that comes back with a form is a stranger's bytes like any other."""
    owner = browse(world.people[OWNER], world.brand)
    bad = b64encode(SVG.format("<script/>").encode()).decode()
    assert owner.post(url("look"), TYPED | {"pending": bad}).status_code == 422
    assert owner.post(url("look"), TYPED | {"pending": "%%%"}).status_code == 303
    assert [bytes(one.logo) for one in looks(world)] == [b""]


def test_a_mark_that_cannot_be_drawn_is_not_taken(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reports.looks import actions
    from reports.rendering.errors import Fault, NotDrawn

    class Broken:
        fault = Fault.MEMORY

        def draw(self, *_args: object, **_more: object) -> None:
            raise NotDrawn(self.fault)

    monkeypatch.setattr(actions, "printer", Broken)
    owner = browse(world.people[OWNER], world.brand)
    refused = owner.post(url("look"), TYPED | {"logo": logo()})
    assert refused.status_code == 422
    assert "could not be drawn" in refused.content.decode()
    monkeypatch.setattr(Broken, "fault", Fault.NO_PANGO)  # of this machine, not of the mark
    assert owner.post(url("look"), TYPED | {"logo": logo()}).status_code == 303


def test_a_photograph_of_a_mark_is_kept_small_and_exact(world: World, browse: Browse) -> None:
    owner = browse(world.people[OWNER], world.brand)
    assert owner.post(url("look"), TYPED | {"logo": logo(png((2400, 600)), "mark.png")}).status_code == 303
    (kept,) = looks(world)
    with Image.open(BytesIO(bytes(kept.logo))) as mark:
        assert (mark.format, mark.size) == ("PNG", (700, 175))


def test_the_sheet_says_colours_and_nothing_else(world: World, browse: Browse) -> None:
    anybody = browse(None, world.brand)
    told = anybody.get(url("look_sheet"), {"main": "2c7a4b", "second": "8a4b12"})
    assert (told.status_code, told["Content-Type"]) == (200, "text/css")
    assert "--worn:#2c7a4b;" in told.content.decode()
    for main in ("", "2c7a4", "2c7a4b}", "url(x)", "2C7A4B;x"):
        assert anybody.get(url("look_sheet"), {"main": main, "second": "8a4b12"}).status_code == 404
    assert anybody.post(url("look_sheet")).status_code == 405


def test_every_refusal_of_a_picture_has_words() -> None:
    from portal.wording.errors import ERRORS

    assert {code for code in REFUSED.values() if code not in ERRORS} == set()


def test_a_look_that_nobody_has_kept_is_drawn_with_little_of_the_machine(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty clips of two clips each: a drawing of three kilobytes that would take the two minutes of a whole report."""
    given: list[Caps] = []

    class Tired:
        def draw(self, document: Document, caps: Caps) -> None:
            given.append(caps)
            raise NotDrawn(Fault.TIME)

    monkeypatch.setattr("portal.brand.paper.printer", Tired)
    answer = browse(world.people[OWNER], world.brand).post(url("look_example"), TYPED | {"logo": logo()})
    assert (answer.status_code, given) == (409, [PREVIEW])


def test_no_cache_on_the_way_keeps_the_sheet_or_the_cookie_that_may_come_with_it(
    world: World, browse: Browse, settings: Any
) -> None:
    owner = browse(world.people[OWNER], world.brand)
    address = f"{url('look_sheet')}?main=2c7a4b&second=8a4b12"
    plain = owner.get(address)
    away(owner, settings.IDLE_AFTER / 2)
    renewed = owner.get(address)
    assert (plain.status_code, renewed.status_code) == (200, 200)
    assert settings.SESSION_COOKIE_NAME in renewed.cookies, "the test needs a session that is renewed"
    for answer in (plain, renewed):
        told = answer["Cache-Control"].split(", ")
        assert "private" in told
        assert "public" not in told
        assert "immutable" in told
