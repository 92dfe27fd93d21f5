"""Standing approvals on screen: proposed by either side, read whole, signed by somebody else of the brand, tried, ended."""

import re

import pytest

from clients.approvals.actions import propose_standing
from clients.approvals.models import StandingApproval
from clients.approvals.rules import Template
from clients.people.actor import Actor
from portal.brand.standing import slotted
from portal.wording.standing import words_missing
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World

TEXT = "Aujourd’hui : {plat}, à {prix} euros."
FORM = {
    "title": "Plat du jour",
    "template": TEXT,
    "kind": "publish",
    "sensitivity": "routine",
    "link_hosts": "menu.example",
}


def proposed(world: World, by: Actor, title: str = "Plat du jour", **changes: object) -> StandingApproval:
    values = {"id": "", "kind": "publish", "sensitivity": "routine", "channels": (), "text": TEXT} | changes
    return propose_standing(by, title=title, template=Template(**values))  # type: ignore[arg-type]


def state_of(world: World, row: StandingApproval) -> str:
    with brand_scope(world.brand):
        return StandingApproval.objects.get(pk=row.pk).state


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.COMMUNITY_MANAGER, 303),
        (Role.AGENCY_MANAGER, 303),
        (Role.BRAND_MANAGER, 303),
        (Role.APPROVER, 303),
        (Role.ANALYST, 403),
        (Role.AUDITOR, 403),
        (Role.DEPARTMENT_CONTACT, 403),
    ],
)
def test_both_sides_propose(world: World, browse: Browse, role: Role, status: int) -> None:
    client = browse(world.people[role], world.brand)
    assert client.get("/asking/standing").status_code == (200 if status == 303 else 403)
    answer = client.post("/asking/standing", FORM | {"channels": str(world.wall.pk), "uses_left": "5"})
    assert answer.status_code == status
    with brand_scope(world.brand):
        assert StandingApproval.objects.count() == (1 if status == 303 else 0)
    if status == 303:
        page = client.get(answer["Location"]).content.decode()
        assert '<mark class="slot">{plat}</mark>' in page
        assert "menu.example" in page and "Le mur" in page and "5 uses left" in page and "no picture" in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"template": "{tout}"}, "template"),
        ({"kind": "delete"}, "kind"),
        ({"sensitivity": "x"}, "sensitivity"),
        ({"until": "demain"}, "until"),
        ({"uses_left": "0"}, "uses_left"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_typed_is_lost(
    world: World, browse: Browse, wrong: dict[str, str], field: str
) -> None:
    answer = browse(world.people[Role.COMMUNITY_MANAGER], world.brand).post("/asking/standing", FORM | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', page)
    assert "menu.example" in page
    with brand_scope(world.brand):
        assert not StandingApproval.objects.exists()


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.BRAND_OWNER, True),
        (Role.APPROVER, True),
        (Role.BRAND_MANAGER, False),  # who proposed it
        (Role.AGENCY_OWNER, False),
        (Role.COMMUNITY_MANAGER, False),
        (Role.AUDITOR, False),
    ],
)
def test_somebody_else_of_the_brand_signs_what_stands_on_the_page(
    world: World, browse: Browse, role: Role, may: bool
) -> None:
    row = proposed(world, world.actor(Role.BRAND_MANAGER))
    client = browse(world.people[role], world.brand)
    path = f"/asking/standing/{row.pk}/"
    page = client.get(path).content.decode()
    assert (f"{path}sign" in page) is may
    assert ("You proposed this" in page) is (role is Role.BRAND_MANAGER)
    assert (f'value="{row.digest}"' in page) is may
    assert client.post(f"{path}sign", {"digest": "0" * 64}).status_code == (
        409 if may else 403 if role is not Role.BRAND_MANAGER else 409
    )
    assert client.post(f"{path}sign", {"digest": row.digest}).status_code == (303 if may else 403)
    assert state_of(world, row) == ("signed" if may else "proposed")


def test_the_brand_ends_it_and_the_agency_does_not(world: World, browse: Browse) -> None:
    row = proposed(world, world.cm)
    path = f"/asking/standing/{row.pk}/end"
    assert browse(world.people[Role.AGENCY_OWNER], world.brand).post(path).status_code == 403
    assert state_of(world, row) == "proposed"
    approver = browse(world.people[Role.APPROVER], world.brand)
    assert approver.post(path).status_code == 303
    assert state_of(world, row) == "ended"
    assert approver.post(path).status_code == 409


def attempt(world: World, browse: Browse, row: StandingApproval, **typed: str) -> str:
    values = {"text": "Aujourd’hui : tarte, à 12 euros.", "channel": str(world.wall.pk), "kind": "publish"}
    client = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    answer = client.post(f"/asking/standing/{row.pk}/try", values | {"sensitivity": "routine"} | typed)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": "Demain : tarte, à 12 euros."}, "“Aujourd’hui :”"),
        ({"text": "Aujourd’hui : www.tarte.example, à 12 euros."}, "a slot is filled wrongly"),
        ({"text": "Aujourd’hui : tarte\net café, à 12 euros."}, "a slot is filled wrongly"),
        ({"kind": "answer"}, "“answer” instead of “publication”"),
        ({"sensitivity": "crisis"}, "“crisis” instead of “routine”"),
        ({"link": "https://evil.example/"}, "another host than these: menu.example"),
        ({"title": "Promo"}, "There is a title, and none was approved."),
        ({"media": "on"}, "There is a picture, and none was approved."),
    ],
)
def test_trying_a_text_tells_what_does_not_fit_and_why(
    world: World, browse: Browse, typed: dict[str, str], sentence: str
) -> None:
    row = proposed(world, world.cm, link_hosts=("menu.example",))
    page = attempt(world, browse, row, **typed)
    assert "It does not match" in page
    assert sentence in page
    assert page.count("badge-no") == 1 and page.count(">fits<") == 8


def test_trying_a_text_that_matches_keeps_and_sends_nothing(world: World, browse: Browse) -> None:
    row = proposed(world, world.cm, channels=(str(world.wall.pk),), uses_left=1)
    page = attempt(world, browse, row)
    assert "It matches." in page and "As long as this is not signed" in page
    assert world.on_the_wall() == []
    with brand_scope(world.brand):
        assert StandingApproval.objects.get().uses_left == 1


def test_trying_without_a_channel_names_the_field(world: World, browse: Browse) -> None:
    row = proposed(world, world.cm)
    client = browse(world.people[Role.ANALYST], world.brand)
    answer = client.post(f"/asking/standing/{row.pk}/try", {"text": "x", "kind": "publish", "sensitivity": "routine"})
    assert answer.status_code == 422
    assert 'name="channel" aria-invalid="true"' in answer.content.decode()
    assert client.get(f"/asking/standing/{row.pk}/try").status_code == 200


def test_the_item_says_which_standing_approval_it_matched(world: World, browse: Browse) -> None:
    world.charter(3)
    row = proposed(world, world.cm)
    owner = browse(world.people[Role.BRAND_OWNER], world.brand)
    owner.post(f"/asking/standing/{row.pk}/sign", {"digest": row.digest})
    fits = world.submitted("Aujourd’hui : tarte, à 12 euros.")
    misses = world.submitted("Demain : tarte, à 12 euros.")
    assert world.state_of(fits) == "cleared"
    page = owner.get(f"/items/{fits.pk}/").content.decode()
    assert f'<a href="/asking/standing/{row.pk}/">Plat du jour</a>' in page
    assert (
        f"/asking/standing/{row.pk}/"
        not in owner.get(f"/items/{misses.pk}/").content.decode().split('id="why"')[1].split("</section>")[0]
    )


def test_same_queries_for_one_and_three_and_nothing_of_the_other_brand(
    world: World, other: World, browse: Browse
) -> None:
    theirs = proposed(other, other.cm, title="SECRET standing")
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    proposed(world, world.cm)
    one, page = queries_of(client, "/asking/")
    for n in (2, 3):
        proposed(world, world.cm, title=f"Plat {n}")
    three, full = queries_of(client, "/asking/")
    assert one == three
    assert "Plat 3" in full and "SECRET" not in page + full
    for method, step in (("get", ""), ("post", "try"), ("post", "sign"), ("post", "end")):
        answer = getattr(client, method)(
            f"/asking/standing/{theirs.pk}/{step}", {"digest": theirs.digest} if step else {}
        )
        assert answer.status_code == 404
    assert state_of(other, theirs) == "proposed"


def test_slots_and_missing_words() -> None:
    assert slotted("a {b} c{d}") == ((False, "a "), (True, "{b}"), (False, " c"), (True, "{d}"))
    assert slotted("") == ()
    assert words_missing("un {a} deux {b} trois", "un x deux y") == ["trois"]
    assert words_missing("un {a}", "un deux") == []
