"""Who came into a brand's space, how and from where: one line per session and brand, and none can be skipped."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clients.audit.models import Entry, Private
from clients.people.actions import hear_hub
from clients.people.actor import process_of
from portal.coming import KEY, MOST
from tenants.models import Person
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.conftest import make_member
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World

HUB = {"host": settings.HUB_HOST}
FIREFOX, OTHER = {"user-agent": "Firefox"}, {"user-agent": "Curl"}


def told(brand: BrandRef, *verbs: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(verb, facts, private part) of the lines about sessions, in order."""
    with brand_scope(brand):
        lines = Entry.objects.filter(verb__startswith="session.").order_by("seq")
        private = dict(Private.objects.values_list("pk", "data"))
        found = [(line.verb, line.facts, private.get(line.pk, {})) for line in lines]
    return [one for one in found if not verbs or one[0] in verbs]


def verbs(brand: BrandRef) -> list[str]:
    return [verb for verb, _, _ in told(brand)]


def signed_in(browse: Browse, person: Person, brand: BrandRef) -> Client:
    client = browse(None, brand)
    answer = client.post("/account/login/", {"login": person.email, "password": "correct horse"}, headers=HUB)
    assert answer.status_code == 302
    return client


def test_one_line_for_a_session_and_a_brand(world: World, other: World, browse: Browse) -> None:
    person = world.people[Role.APPROVER]
    make_member(other.brand, Role.AUDITOR, person)
    client = signed_in(browse, person, world.brand)
    assert verbs(world.brand) == []  # the hub is no brand's
    for path in ("/", "/approvals/", "/nothing-here", "/"):
        client.get(path, headers=FIREFOX, REMOTE_ADDR="192.0.2.7")
    ((verb, facts, private),) = told(world.brand)
    assert (verb, facts["how"], len(facts["session"]), len(facts["since"])) == ("session.entered", ["password"], 16, 25)
    assert private == {"name": person.name, "ip": "192.0.2.7", "user_agent": "Firefox"}
    assert "192.0.2" not in str(facts) and "Firefox" not in str(facts)
    assert verbs(other.brand) == []
    client.get("/", headers={"host": f"{other.brand.slug}.{settings.HUB_HOST}"})
    assert (verbs(world.brand), verbs(other.brand)) == (["session.entered"], ["session.entered"])
    signed_in(browse, person, world.brand).get("/")
    (_, first, _), (_, second, _) = told(world.brand)
    assert first["session"] != second["session"]


def test_whoever_has_no_place_leaves_no_line(world: World, other: World, browse: Browse) -> None:
    client = browse(world.people[Role.APPROVER], other.brand)
    assert client.get("/").status_code == 404
    assert verbs(other.brand) == []


def test_a_press_may_be_the_first(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    assert client.post("/log/verify").status_code == 409  # nothing is sealed: refused, and the line stands
    assert verbs(world.brand) == ["session.entered"]


def test_the_same_session_from_elsewhere_is_told_once(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.APPROVER], world.brand)
    at_home = {"headers": FIREFOX, "REMOTE_ADDR": "192.0.2.7"}
    for _ in range(2):
        client.get("/", **at_home)
        client.get("/", headers=FIREFOX, REMOTE_ADDR="192.0.2.200")  # the same network
        client.get("/", headers=FIREFOX, REMOTE_ADDR="198.51.100.7")
        client.get("/", headers=OTHER, REMOTE_ADDR="192.0.2.7")
        client.get("/", headers=FIREFOX, REMOTE_ADDR="2001:db8:1:2::3")
        client.get("/", headers=FIREFOX, REMOTE_ADDR="2001:db8:1:9::3")
    assert verbs(world.brand) == ["session.entered", *["session.moved"] * 3]
    assert [private["ip"] for _, _, private in told(world.brand)] == [
        "192.0.2.7", "198.51.100.7", "192.0.2.7", "2001:db8:1:2::3",
    ]  # fmt: skip
    assert len({facts["origin"] for _, facts, _ in told(world.brand)}) == 4
    assert len({facts["session"] for _, facts, _ in told(world.brand)}) == 1


def test_what_the_session_remembers_spares_a_question_and_decides_nothing(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.APPROVER], world.brand)
    client.get("/")
    session = client.session
    for kept in ([], ["x"] * (MOST + 3), list(session[KEY])):
        session[KEY] = kept
        session.save()
        client.get("/")
        assert verbs(world.brand) == ["session.entered"]
        assert len(client.session[KEY]) <= MOST
    marks = client.session[KEY]
    another = browse(world.people[Role.APPROVER], world.brand)
    stolen = another.session
    stolen[KEY] = marks
    stolen.save()
    another.get("/")
    assert verbs(world.brand) == ["session.entered"] * 2


def test_a_key_that_is_exchanged_is_another_session(world: World, browse: Browse) -> None:
    person = world.people[Role.APPROVER]
    client = signed_in(browse, person, world.brand)
    client.get("/")
    form = {
        "oldpassword": "correct horse",
        "password1": "une phrase assez longue 7",
        "password2": "une phrase assez longue 7",
    }
    assert client.post("/account/password/change/", form, headers=HUB).status_code == 302
    client.get("/", follow=True)
    entered = told(world.brand, "session.entered")
    assert len(entered) == len({facts["session"] for _, facts, _ in entered})


def test_the_first_page_costs_more_and_no_other(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.APPROVER], world.brand)
    with CaptureQueriesContext(connection) as seen:
        client.get("/approvals/")
        first = len(seen)
    (second, _), (third, _) = (queries_of(client, "/approvals/") for _ in range(2))
    assert first > second == third


def test_four_hundred_other_brands_are_no_reason_to_forget_one(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.APPROVER], world.brand)
    client.get("/approvals/")
    usual, _ = queries_of(client, "/approvals/")
    session = client.session
    session[KEY] = [*session[KEY], *(f"{number:016x}" for number in range(2 * 400))]
    session.save()
    assert queries_of(client, "/approvals/")[0] == usual


def test_a_proof_is_told_once(world: World, other: World, browse: Browse) -> None:
    person = world.people[Role.BRAND_OWNER]
    client = browse(person, world.brand, proved=True)
    for _ in range(2):
        client.get("/")
    assert verbs(world.brand) == ["session.entered", "session.proved"]
    assert told(world.brand, "session.proved")[0][1]["how"] == ["password"]
    client.post("/account/reauthenticate/", {"password": "correct horse"}, headers=HUB)
    client.get("/")
    assert verbs(world.brand) == ["session.entered", "session.proved", "session.proved"]
    assert verbs(other.brand) == []


def test_the_list_over_all_brands_comes_into_those_it_shows(world: World, other: World, browse: Browse) -> None:
    world.submitted("Bonjour", title="Titre")
    person = world.people[Role.APPROVER]
    make_member(other.brand, Role.DEPARTMENT_CONTACT, person)  # who has no items
    client = browse(person)
    for _ in range(2):
        assert "Titre" in client.get("/").content.decode()
    assert (verbs(world.brand), verbs(other.brand)) == (["session.entered"], [])


def test_every_line_of_a_page_names_its_session(world: World, browse: Browse) -> None:
    browse(world.people[Role.BRAND_OWNER], world.brand).get("/log/")
    with brand_scope(world.brand):
        entered, read = Entry.objects.filter(verb__in=("session.entered", "log.read")).order_by("seq")
    assert entered.facts["session"] == read.facts["session"]


def test_an_invitation_is_a_way_to_come_in(world: World, browse: Browse) -> None:
    owner = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True)
    assert owner.post("/people/invite", {"email": "new@example.org", "role": "approver"}).status_code == 303
    mail.outbox.clear()
    world.run_outbox()
    (letter,) = (m for m in mail.outbox if m.to == ["new@example.org"])
    token = re.search(r"/invitation/([\w-]+)/", str(letter.body))[1]  # type: ignore[index]
    guest = browse()
    new = {"name": "Nour Amrani", "password": "une longue phrase secrète"}
    assert guest.post(f"/invitation/{token}/", new).status_code == 303
    guest.get("/", headers={"host": f"{world.brand.slug}.{settings.HUB_HOST}"})
    nour = Person.objects.get(email="new@example.org")
    with brand_scope(world.brand):
        line = Entry.objects.get(verb="session.entered", person_id=nour.pk)
    assert line.facts["how"] == ["invitation"] and line.facts["since"]


# --- What the hub tells ------------------------------------------------------------------------------------------------


def heard(world: World) -> None:
    assert world.run_outbox("people.hear") > 0


def test_signing_out_is_told_where_the_session_came_in(world: World, other: World, browse: Browse) -> None:
    person = world.people[Role.APPROVER]
    make_member(other.brand, Role.AUDITOR, person)
    client = browse(person, world.brand)
    client.get("/")
    session = told(world.brand)[0][1]["session"]
    assert client.post("/account/logout/", headers=HUB).status_code == 302
    heard(world)
    heard(other)
    assert [(verb, facts["session"]) for verb, facts, _ in told(world.brand)] == [
        ("session.entered", session),
        ("session.left", session),
    ]
    assert verbs(other.brand) == []
    assert hear_hub(process_of(world.brand, "worker", "hub")) == 0  # type: ignore[arg-type]


@pytest.mark.parametrize("how", ["one", "others"])
def test_a_session_that_is_ended_from_elsewhere(world: World, browse: Browse, how: str) -> None:
    person = world.people[Role.APPROVER]
    here, there = (signed_in(browse, person, world.brand) for _ in range(2))
    there.get("/")
    there.get("/me/", headers=HUB)
    here.get("/me/", headers=HUB)
    if how == "one":
        other = person.usersession_set.get(session_key=there.session.session_key)
        assert here.post(f"/me/sessions/{other.pk}/end", headers=HUB).status_code == 303
    else:
        assert here.post("/me/sessions/", headers=HUB).status_code == 302
    heard(world)
    assert verbs(world.brand) == ["session.entered", "session.ended"]
    assert told(world.brand)[1][1]["why"] == "elsewhere"
