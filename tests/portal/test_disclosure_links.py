"""The outside of a share link, asked for as browsers and robots do (attacks 13, 14, 15, 17)."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.briefings.actions import classify_section, publish_briefing
from clients.briefings.models import BriefingSection
from clients.briefings.queries import briefing_in_force
from clients.disclosure.actions import end_disclosure, forget_tallies
from clients.disclosure.models import Disclosure, ShareLink, Tally
from clients.disclosure.rules import InfoClass
from clients.gate.actions import approve_item
from clients.items.actions import add_media, classify_media, edit_item
from clients.items.content import MediaRef
from clients.items.models import MediaClass
from clients.people.actor import process_of
from portal.brand import disclosure_shared
from tenants.errors import Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.world import World

ADDRESS = re.compile(r"/s/#([\w-]{43})")


def ask(browse: Browse, world: World, item: Any, **typed: Any) -> HttpResponse:
    form = {"recipient": "La presse", "days": "3", "views": "2", "class": "shared", "reason": "An interview"} | typed
    return browse(world.people[Role.BRAND_MANAGER], world.brand).post(f"/share/item/{item.pk}", form)


def token_for(browse: Browse, world: World, item: Any, **typed: Any) -> str:
    answer = ask(browse, world, item, **typed)
    assert answer.status_code == 200, answer.content.decode()
    (token,) = ADDRESS.findall(answer.content.decode())
    return str(token)


def visitor(world: World) -> Client:
    return Client(headers={"host": f"{world.brand.slug}.{settings.HUB_HOST}", "accept-language": "en"})


def come(client: Client, token: str, code: str = "", **headers: str) -> Any:
    return client.post("/s/", {"token": token, "code": code}, headers=headers)


def views(world: World) -> list[int]:
    with brand_scope(world.brand):
        return list(ShareLink.objects.order_by("created_at").values_list("views", flat=True))


@pytest.fixture
def sent(world: World) -> Any:
    item = world.submitted("Des fraises dès samedi", title="Fraises")
    approve_item(world.owner, item_id=item.pk, seen_digest=item.version.digest)
    world.run_outbox("gate.send")
    return item


def test_an_item_with_its_receipt_is_read_by_somebody_without_an_account(
    world: World, other: World, browse: Browse, sent: Any
) -> None:
    client = visitor(world)
    answer = come(client, token_for(browse, world, sent))
    assert (answer.status_code, answer["Location"]) == (303, "/s/read")
    cookie = answer.cookies[disclosure_shared.COOKIE]
    assert (
        cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/s/" and cookie["max-age"] == 900
    )
    page = client.get("/s/read")
    text = page.content.decode()
    assert page.status_code == 200
    assert "Des fraises dès samedi" in text and "Le mur" in text and "SECRET" not in text
    assert "no-store" in page["Cache-Control"] and page["Referrer-Policy"] == "no-referrer"
    assert "ETag" not in page and "Last-Modified" not in page
    assert "1 more reading" in text
    with brand_scope(world.brand):
        assert Disclosure.objects.get(way="link").words.recipient == "La presse"
        assert Entry.objects.filter(verb="link.opened").count() == 1


def test_looking_spends_nothing_and_says_nothing(world: World, browse: Browse, sent: Any) -> None:
    """Attack 14: GET, HEAD, ranges and prefetches of robots; the page is the same with and without a link."""
    token = token_for(browse, world, sent)
    pages = [
        visitor(world).get("/s/", headers=headers).content
        for headers in ({}, {"range": "bytes=0-10"}, {"sec-purpose": "prefetch"}, {"user-agent": "Slackbot"})
    ]
    pages.append(visitor(world).get(f"/s/?token={token}").content)
    assert len(set(pages)) == 1
    assert visitor(world).head("/s/").status_code == 200
    fresh = visitor(world).get("/s/")
    assert not fresh.cookies and "no-store" in fresh["Cache-Control"]
    client = visitor(world)
    come(client, token)
    for asked in (client.head("/s/read"), client.options("/s/read"), client.post("/s/read")):
        assert asked.status_code == 405
    assert views(world) == [0]
    assert client.get("/s/read").status_code == 200
    assert views(world) == [1]


def test_closed_is_one_answer_whatever_closed_it(world: World, browse: Browse, sent: Any) -> None:
    """Attack 13: unknown, revoked, over, used up, no token at all: the same status, words and headers."""
    revoked, used, over = (token_for(browse, world, sent, views="1") for _ in range(3))
    with brand_scope(world.brand):
        first = ShareLink.objects.order_by("created_at").first()
        assert first is not None
    end_disclosure(world.owner, disclosure_id=first.disclosure_id)
    reader = visitor(world)
    come(reader, used)
    assert reader.get("/s/read").status_code == 200
    answers = [come(visitor(world), token) for token in (revoked, used, "A" * 43, "")] + [reader.get("/s/read")]
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        answers.append(come(visitor(world), over))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers)) for answer in answers}) == 1
    assert come(visitor(world), over).status_code == 303


def test_ended_bites_on_the_next_request_of_a_cookie_that_was_good(world: World, browse: Browse, sent: Any) -> None:
    """Attack 15: the earlier cookie, the back button, a cache's validators."""
    client = visitor(world)
    come(client, token_for(browse, world, sent, views="50"))
    assert client.get("/s/read").status_code == 200
    with brand_scope(world.brand):
        link = ShareLink.objects.get()
    press = browse(world.people[Role.BRAND_MANAGER], world.brand).post(f"/disclosures/{link.disclosure_id}/end")
    assert press.status_code == 303
    for headers in ({}, {"if-none-match": "*"}, {"if-modified-since": "Sat, 21 Nov 2099 00:00:00 GMT"}):
        assert client.get("/s/read", headers=headers).status_code == 404


def test_a_cookie_is_for_its_brand_and_its_quarter_of_an_hour(
    world: World, other: World, browse: Browse, sent: Any
) -> None:
    client = visitor(world)
    come(client, token_for(browse, world, sent, views="50"))
    value = client.cookies[disclosure_shared.COOKIE].value
    next_door = visitor(other)
    next_door.cookies[disclosure_shared.COOKIE] = value
    assert next_door.get("/s/read").status_code == 404
    forged = visitor(world)
    forged.cookies[disclosure_shared.COOKIE] = value[:-1] + ("A" if value[-1] != "A" else "B")
    assert forged.get("/s/read").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert client.get("/s/read").status_code == 404
    assert client.get("/s/read").status_code == 200


def test_a_token_of_one_brand_opens_nothing_at_the_next(world: World, other: World, browse: Browse, sent: Any) -> None:
    token = token_for(browse, world, sent)
    assert come(visitor(other), token).status_code == 404
    assert come(visitor(world), token).status_code == 303


def test_guessing_is_made_to_wait_and_told(world: World, browse: Browse, sent: Any) -> None:
    token = token_for(browse, world, sent)
    with time_machine.travel(timezone.now().replace(second=5), tick=False) as clock:
        answers = []
        for n in range(12):
            cache.clear()  # which may be each process's own: the count is not there
            answers.append(come(visitor(world), f"guess-{n}").status_code)
        assert answers == [404] * 10 + [429] * 2
        assert come(visitor(world), token).status_code == 429
        assert (
            Client(headers={"host": f"{world.brand.slug}.{settings.HUB_HOST}"}, REMOTE_ADDR="203.0.113.9")
            .post("/s/", {"token": token})
            .status_code
            == 303
        )
        clock.shift(timedelta(minutes=1))
        assert come(visitor(world), token).status_code == 303
    with brand_scope(world.brand):
        told = Entry.objects.filter(verb="link.guessed")
        assert told.count() == 1 and told.get().facts == {}
        assert "127.0.0.1" not in str(list(Tally.objects.values_list("about", flat=True)))
    with brand_scope(world.brand):
        assert Tally.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert forget_tallies(process_of(world.brand, EntryPoint.WORKER, "worker")) == 1
    with pytest.raises(Refused):
        forget_tallies(world.owner)


def test_guesses_at_the_next_brand_are_its_own(world: World, other: World, browse: Browse, sent: Any) -> None:
    token = token_for(browse, world, sent)
    for n in range(11):
        come(visitor(other), f"guess-{n}")
    assert come(visitor(other), "x").status_code == 429
    assert come(visitor(world), token).status_code == 303


def test_an_address_of_the_newer_kind_counts_by_its_network(world: World) -> None:
    host = f"{world.brand.slug}.{settings.HUB_HOST}"
    with time_machine.travel(timezone.now().replace(second=5), tick=False):
        answers = [
            Client(headers={"host": host}, REMOTE_ADDR=f"2001:db8:0:1::{n}").post("/s/", {"token": "x"}).status_code
            for n in range(1, 12)
        ]
        assert answers == [404] * 10 + [429]
        elsewhere = Client(headers={"host": host}, REMOTE_ADDR="2001:db8:0:2::1")
        assert elsewhere.post("/s/", {"token": "x"}).status_code == 404


def test_a_form_on_a_foreign_page_opens_nothing(world: World, browse: Browse, sent: Any) -> None:
    token = token_for(browse, world, sent)
    assert come(visitor(world), token, **{"sec-fetch-site": "cross-site"}).status_code == 404
    assert come(visitor(world), token, **{"sec-fetch-site": "same-origin"}).status_code == 303


def test_another_content_is_no_longer_what_was_shared(world: World, browse: Browse) -> None:
    item = world.draft("First words")
    client = visitor(world)
    come(client, token_for(browse, world, item, views="50"))
    assert "First words" in client.get("/s/read").content.decode()
    edit_item(world.cm, item_id=item.pk, seen_digest=item.version.digest, content=world.content("Second words"))
    closed = client.get("/s/read")
    assert closed.status_code == 404 and "words" not in closed.content.decode()


def test_its_pictures_belong_to_a_reading_and_end_with_the_link(
    world: World, other: World, browse: Browse, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    mine, elsewhere = (add_media(world.cm, data=png(colour), declared="image/png") for colour in ("red", "blue"))
    item = world.draft("Regardez", media=(MediaRef(mine.digest, "Du rouge"),))
    client, token = visitor(world), token_for(browse, world, item, views="1")
    come(client, token)
    assert client.get(f"/s/picture/{mine.digest}").status_code == 404  # nothing is being read yet
    page = client.get("/s/read").content.decode()
    assert f"/s/picture/{mine.digest}" in page and "Du rouge" in page
    seen = client.get(f"/s/picture/{mine.digest}")
    assert (seen.status_code, seen["Content-Type"], seen["X-Content-Type-Options"]) == (200, "image/png", "nosniff")
    assert "no-store" in seen["Cache-Control"] and views(world) == [1]
    for stranger, digest in ((visitor(world), mine.digest), (client, elsewhere.digest), (visitor(other), mine.digest)):
        assert stranger.get(f"/s/picture/{digest}").status_code == 404
    with brand_scope(world.brand):
        mark, link = MediaClass.objects.get(media=mine).pk, ShareLink.objects.get()
    classify_media(world.owner, mark_id=mark, info_class=InfoClass.BRAND)
    assert client.get(f"/s/picture/{mine.digest}").status_code == 404
    classify_media(world.owner, mark_id=mark, info_class=InfoClass.SHARED, reason="again")
    assert client.get(f"/s/picture/{mine.digest}").status_code == 200
    end_disclosure(world.owner, disclosure_id=link.disclosure_id)
    assert client.get(f"/s/picture/{mine.digest}").status_code == 404


def test_a_picture_belongs_to_the_view_that_its_browser_spent(
    world: World, browse: Browse, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    mine = add_media(world.cm, data=png("red"), declared="image/png")
    item = world.draft("Regardez", media=(MediaRef(mine.digest, "Du rouge"),))
    token, reader, looker = token_for(browse, world, item, views="2"), visitor(world), visitor(world)
    for client in (reader, looker):
        come(client, token)
    assert reader.get("/s/read").status_code == 200
    assert reader.get(f"/s/picture/{mine.digest}").status_code == 200
    assert looker.get(f"/s/picture/{mine.digest}").status_code == 404
    assert views(world) == [1]
    assert looker.get("/s/read").status_code == 200
    assert looker.get(f"/s/picture/{mine.digest}").status_code == 200


def png(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 4), colour).save(out, format="PNG")
    return out.getvalue()


# --- The briefing, by class --------------------------------------------------------------------------------------------

WORDS = {"tone": "Everybody knows", "key_facts": ["Both sides know"], "sensitive_topics": ["The lawsuit of May"]}
CLASSES = {"tone": InfoClass.PUBLIC, "key_facts": InfoClass.SHARED, "sensitive_topics": InfoClass.BRAND}


@pytest.fixture
def briefing(world: World) -> Any:
    publish_briefing(actor=world.owner, after=1, sections=WORDS, calendar={}, note="why", classes=CLASSES)
    with brand_scope(world.brand):
        return briefing_in_force()


def share_briefing(browse: Browse, world: World, version: Any, **typed: str) -> Any:
    form = {"recipient": "La presse", "days": "3", "views": "9", "class": "shared"} | typed
    return browse(world.people[Role.BRAND_OWNER], world.brand).post(f"/share/briefing/{version.pk}", form)


@pytest.mark.parametrize(
    ("info_class", "there", "absent"),
    [("public", ["Everybody"], ["Both sides", "lawsuit"]), ("shared", ["Everybody", "Both sides"], ["lawsuit"])],
)
def test_a_briefing_shows_what_its_link_may_carry(
    world: World, browse: Browse, briefing: Any, info_class: str, there: list[str], absent: list[str]
) -> None:
    answer = share_briefing(browse, world, briefing, **{"class": info_class})
    (token,) = ADDRESS.findall(answer.content.decode())
    client = visitor(world)
    come(client, token)
    text = client.get("/s/read").content.decode()
    assert all(words in text for words in there) and not any(words in text for words in absent)


def test_what_the_brand_keeps_has_no_link(world: World, browse: Browse, briefing: Any) -> None:
    assert share_briefing(browse, world, briefing, **{"class": "brand"}).status_code == 422
    assert share_briefing(browse, world, briefing, days="31").status_code == 422
    assert share_briefing(browse, world, briefing, **{"class": "named", "days": "3"}).status_code == 422
    assert views(world) == []
    named = share_briefing(browse, world, briefing, **{"class": "named", "days": "3", "code": "tulipe-42"})
    assert named.status_code == 200 and "Tell the code by another way" in named.content.decode()


def test_a_section_that_is_restricted_afterwards_is_on_no_link(world: World, browse: Browse, briefing: Any) -> None:
    answer = share_briefing(browse, world, briefing)
    (token,) = ADDRESS.findall(answer.content.decode())
    client = visitor(world)
    come(client, token)
    assert "Both sides" in client.get("/s/read").content.decode()
    with brand_scope(world.brand):
        mark = BriefingSection.objects.get(version=briefing, section="key_facts")
    classify_section(world.owner, section_id=mark.pk, info_class=InfoClass.BRAND)
    closed = client.get("/s/read")
    assert closed.status_code == 404 and "Both sides" not in closed.content.decode()


@pytest.mark.parametrize("role", [Role.AGENCY_OWNER, Role.COMMUNITY_MANAGER, Role.APPROVER, Role.AUDITOR])
def test_nobody_else_shares(world: World, browse: Browse, sent: Any, role: Role) -> None:
    client = browse(world.people[role], world.brand)
    assert client.get(f"/share/item/{sent.pk}").status_code == 403
    form = {"recipient": "x", "days": "1", "views": "1", "class": "shared"}
    assert client.post(f"/share/item/{sent.pk}", form).status_code == 403
    assert views(world) == []


def test_an_item_next_door_cannot_be_shared_from_here(world: World, other: World, browse: Browse, sent: Any) -> None:
    theirs = other.draft("SECRET words")
    assert ask(browse, world, theirs).status_code == 404
    assert ask(browse, world, sent).status_code == 200


def test_the_token_stands_in_that_one_answer(world: World, browse: Browse, sent: Any) -> None:
    client = browse(world.people[Role.BRAND_MANAGER], world.brand)
    form = {"recipient": "x", "days": "1", "views": "1", "class": "shared"}
    answer = client.post(f"/share/item/{sent.pk}", form)
    (token,) = ADDRESS.findall(answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    for path in ("/disclosures/", f"/share/item/{sent.pk}", "/disclosures/export.csv", "/log/"):
        assert token not in client.get(path).getvalue().decode()
    assert token not in str(dict(client.session))
