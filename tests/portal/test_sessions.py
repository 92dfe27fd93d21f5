"""Sessions end: when nobody uses them, when a person says so, when an operator does; and a browser forgets what it was shown."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone

from clients.items.models import Item
from tenants.ending import SEEN
from tenants.models import HubEntry, Person
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.conftest import make_person
from tests.portal.conftest import Browse
from tests.world import World

PAST, WITHIN = settings.IDLE_AFTER + timedelta(minutes=1), settings.IDLE_AFTER - timedelta(minutes=1)
CLEARED = '"cache", "storage"'


def away(client: Client, how_long: timedelta) -> None:
    """As if the last page had been asked for so long ago."""
    session = client.session
    session[SEEN] = (timezone.now() - how_long).timestamp()
    session.save()


def lines(person: Person | None, verb: str) -> list[dict[str, Any]]:
    rows = HubEntry.objects.filter(person_id=person.pk if person else None, verb=verb)
    return list(rows.order_by("at").values_list("facts", flat=True))


def signed_in(client: Client, person: Person) -> Client:
    answer = client.post("/account/login/", {"login": person.email, "password": "correct horse"})
    assert answer.status_code == 302
    return client


def test_a_session_that_is_used_goes_on_and_one_that_is_not_ends(real_brands: object, browse: Browse) -> None:
    person = make_person()
    client = signed_in(browse(), person)
    away(client, WITHIN)
    assert client.get("/me/").status_code == 200
    before = client.session[SEEN]
    away(client, PAST)
    refused = client.get("/me/")
    assert refused.status_code == 302 and "/account/login/" in refused["Location"]
    assert refused["Clear-Site-Data"] == CLEARED
    assert before > (timezone.now() - timedelta(minutes=1)).timestamp(), "the page before had moved it on"
    (line,) = lines(person, "session_ended")
    assert (line["why"], set(line)) == ("idle", {"why", "session"})
    assert client.get("/me/").status_code == 302


@override_settings(
    SESSION_ENGINE="config.sessions",
    MIDDLEWARE=[m.replace("django.contrib.sessions.middleware.", "config.sessions.") for m in settings.MIDDLEWARE],
)
def test_as_served_a_session_knows_from_its_first_moment_when_it_was_used(real_brands: object, browse: Browse) -> None:
    client = signed_in(browse(), make_person())
    row = Session.objects.get()
    kept = row.get_decoded()
    assert timezone.now().timestamp() - kept[SEEN] < 60
    with patch("tenants.ending.timezone.now", return_value=timezone.now() + PAST):
        assert client.get("/me/").status_code == 302
    assert SESSION_KEY not in {name for found in Session.objects.all() for name in found.get_decoded()}


def test_not_every_page_writes_the_session(real_brands: object, browse: Browse) -> None:
    client = signed_in(browse(), make_person())
    away(client, timedelta(minutes=1))
    first = client.session[SEEN]
    client.get("/me/")
    assert client.session[SEEN] == first


def test_what_was_typed_comes_back_after_signing_in_again_to_that_person_alone(world: World, browse: Browse) -> None:
    person, brand = world.people[Role.COMMUNITY_MANAGER], world.brand
    page = f"http://{brand.slug}.{settings.HUB_HOST}/items/new"
    typed = {"title": "Des fraises", "text": "Un texte qui ne se perd pas"}
    for who, comes_back in ((person, True), (make_person(), False)):
        client = browse(person, brand)
        client.get("/items/new")
        away(client, PAST)
        refused = client.post("/items/new", typed, headers={"referer": page})
        assert refused.status_code == 302
        hub = {"host": settings.HUB_HOST}
        assert "What you typed is kept" in client.get(refused["Location"], headers=hub).content.decode()
        client.post("/account/login/", {"login": who.email, "password": "correct horse"}, headers=hub)
        again = client.get("/items/new").content.decode()
        assert (typed["text"] in again) is comes_back
    with brand_scope(brand):
        assert not Item.objects.filter(title="Des fraises").exists()


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    away(client, PAST)
    page = f"http://{world.brand.slug}.{settings.HUB_HOST}/items/new"
    answer = client.post("/items/preview", {}, headers={"hx-request": "true", "referer": page})
    assert answer.status_code == 200 and "items%2Fnew" in answer["HX-Redirect"]


def test_signing_out_leaves_nothing_in_the_browser(real_brands: object, browse: Browse) -> None:
    client = signed_in(browse(), make_person())
    assert "Clear-Site-Data" not in client.get("/account/logout/")
    answer = client.post("/account/logout/")
    assert answer.status_code == 302 and answer["Clear-Site-Data"] == CLEARED
    assert client.get("/me/").status_code == 302


def test_ending_the_others_leaves_this_one_and_lines(real_brands: object, browse: Browse) -> None:
    person = make_person()
    here, there, elsewhere = (signed_in(browse(), person) for _ in range(3))
    stranger = signed_in(browse(), make_person())
    assert here.post("/me/sessions/").status_code == 302
    assert here.get("/me/").status_code == stranger.get("/me/").status_code == 200
    assert there.get("/me/").status_code == elsewhere.get("/me/").status_code == 302
    assert len(lines(person, "session_ended")) == 2


def test_an_operator_ends_the_sessions_of_one_person(real_brands: object, browse: Browse) -> None:
    person, other = make_person(), make_person()
    mine, theirs = signed_in(browse(), person), signed_in(browse(), other)
    call_command("end_sessions", person.email.upper())
    assert mine.get("/me/").status_code == 302
    assert theirs.get("/me/").status_code == 200
    (line,) = lines(person, "sessions_ended")
    assert (line["count"], line["why"], len(line["sessions"])) == (1, "command", 1)
    assert signed_in(browse(), person).get("/me/").status_code == 200


def test_an_operator_ends_everybodys(real_brands: object, browse: Browse) -> None:
    both = [signed_in(browse(), make_person()) for _ in range(2)]
    call_command("end_sessions", "--all")
    assert [client.get("/me/").status_code for client in both] == [302, 302]
    assert lines(None, "sessions_ended")[0]["count"] == 2


def test_an_address_of_nobody_is_said(real_brands: tuple[BrandRef, BrandRef]) -> None:
    with pytest.raises(CommandError, match="nobody has the address"):
        call_command("end_sessions", "nobody@example.org")
