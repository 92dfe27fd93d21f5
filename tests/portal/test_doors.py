"""Who gets in where: anonymous people are sent to sign in, and to everybody else without a place a brand does not exist."""

import re
from uuid import uuid4

import pytest
from django.urls import URLPattern

from portal import urls_brand
from portal.brand.answers import Answers
from tenants.vocabulary import Role
from tests.conftest import make_person
from tests.portal.conftest import Browse
from tests.proof._routes import BRAND
from tests.world import World

OPEN_TO_ALL = {"language", "switcher", *(name for name, line in BRAND.items() if line.public is not None)}
PATHS = [
    "/" + re.sub(r"<(\w+):\w+>", lambda m: str(uuid4()) if m[1] == "uuid" else "email", str(route.pattern))
    for route in urls_brand.urlpatterns
    if isinstance(route, URLPattern) and route.name not in OPEN_TO_ALL
]
PAGES = [
    "/",
    "/approvals/",
    "/items/",
    "/charter/",
    "/asking/",
    "/receipts/",
    "/briefing/",
    "/channels/",
    "/people/",
    "/stops/",
]


def test_nobody_is_sent_to_sign_in_and_back(world: World, browse: Browse) -> None:
    client = browse(None, world.brand)
    for path in PATHS:
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert "/account/login/?next=" in answer["Location"], path


@pytest.mark.parametrize("method", ["get", "post"])
def test_for_a_stranger_nothing_is_there(world: World, other: World, browse: Browse, method: str) -> None:
    """A member of another brand, and somebody without any: 404 (or 405 for a page that has no such method)."""
    for person in (make_person(), other.people[Role.BRAND_OWNER]):
        client = browse(person, world.brand)
        for path in PATHS:
            answer = getattr(client, method)(path)
            assert answer.status_code in {404, 405}, path
            assert world.brand.name not in answer.content.decode(), path


@pytest.mark.parametrize("role", list(Role))
def test_every_page_answers_every_role(world: World, browse: Browse, role: Role) -> None:
    world.submitted()
    client = browse(world.people[role], world.brand)
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code in {200, 403}, path
        if role is not Role.DEPARTMENT_CONTACT:
            assert answer.status_code == 200, path
        assert "no-store" in answer["Cache-Control"]


def test_ids_of_another_brand_are_nothing_here(world: World, other: World, browse: Browse) -> None:
    theirs = other.submitted("SECRET text", title="SECRET")
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    for path in (f"/items/{theirs.pk}/", f"/items/{theirs.pk}/edit", f"/charter/versions/{other.mandate.pk}/"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "SECRET" not in answer.content.decode()
    press = client.post(f"/approvals/{theirs.pk}/approve", {"digest": theirs.version.digest})
    assert press.status_code == 404
    assert other.state_of(theirs) == "waiting"


def test_an_ended_membership_bites_at_once(world: World, browse: Browse) -> None:
    from clients.people.actions import end_membership

    client = browse(world.people[Role.APPROVER], world.brand)
    assert client.get("/approvals/").status_code == 200
    end_membership(actor=world.owner, person_id=world.people[Role.APPROVER].pk)
    assert client.get("/approvals/").status_code == 404


def test_stop_is_on_every_page_of_the_brand_side_and_on_none_of_the_agency(world: World, browse: Browse) -> None:
    owner, cm = (browse(world.people[r], world.brand) for r in (Role.BRAND_OWNER, Role.COMMUNITY_MANAGER))
    for path in PAGES:
        assert 'id="stop-sheet"' in owner.get(path).content.decode(), path
        assert 'id="stop-sheet"' not in cm.get(path).content.decode(), path


def test_no_buttons_for_an_item_nobody_may_touch() -> None:
    assert not Answers().any
