"""A crisis as people see it: the banner, the page, the link of a letter, the rule, the review."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

import clients.crisis.tasks  # noqa: F401 - its handlers
from clients.crisis.actions import declare_crisis, end_crisis, letter_of, propose_crisis, write_crisis_note
from clients.crisis.actions.calling import LETTER
from clients.crisis.models import Crisis, CrisisCall, CrisisPolicy, CrisisReview
from clients.crisis.rules import CallState
from clients.crisis.steps import count, note_sources
from clients.crisis.steps.moving import CALL
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from clients.people.rules import MAY, Verb
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World

OWNER, CM, MANAGER = Role.BRAND_OWNER, Role.COMMUNITY_MANAGER, Role.BRAND_MANAGER
SAID = {"text": "Un lot est rappelé", "class": "shared"}


def crisis_of(world: World) -> Crisis:
    with brand_scope(world.brand):
        found: Crisis = Crisis.objects.get()
        return found


@pytest.mark.parametrize("role", list(Role))
def test_every_page_says_it_to_whoever_may_know(world: World, other: World, browse: Browse, role: Role) -> None:
    client = browse(world.people[role], world.brand)
    path = "/briefing/"
    assert b"crisis is in force" not in client.get(path).content
    declare_crisis(other.owner, text="SECRET")
    assert b"crisis is in force" not in client.get(path).content
    declare_crisis(world.owner, text="x")
    page = client.get(path).content
    assert (b"A crisis is in force" in page, b"Nobody has taken it yet" in page) == (
        (role in MAY[Verb.CRISIS_READ]),
    ) * 2
    client = browse(world.people[OWNER], world.brand)
    client.post(f"/crisis/{crisis_of(world).pk}/take")
    assert b"Nobody has taken it yet" not in client.get(path).content


def test_from_a_word_of_the_agency_to_the_end(world: World, browse: Browse) -> None:
    agency, brand = browse(world.people[CM], world.brand), browse(world.people[OWNER], world.brand, proved=True)
    assert agency.post("/crisis/", {**SAID, "step": "declare"}).status_code == 403
    assert agency.post("/crisis/", {**SAID, "step": "propose"}).status_code == 303
    here = f"/crisis/{crisis_of(world).pk}"
    page = agency.get("/crisis/").content.decode()
    assert "Is this a crisis?" in page and "It is none" not in page and SAID["text"] in page
    for step in ("declare", "dismiss", "end"):
        assert agency.post(f"{here}/decide/{step}", SAID).status_code == 403
    assert brand.post(f"{here}/decide/panic", SAID).status_code == 404
    assert brand.post(f"{here}/decide/declare", SAID).status_code == 303
    assert brand.post(f"{here}/decide/dismiss", SAID).status_code == 409
    assert agency.post(f"{here}/take").status_code == 303
    assert brand.post(f"{here}/take").status_code == 409
    assert brand.post(f"{here}/decide/end", SAID).status_code == 303
    assert "A crisis, over" in agency.get(f"{here}/").content.decode()


def test_what_was_typed_is_not_lost(world: World, browse: Browse) -> None:
    client = browse(world.people[OWNER], world.brand)
    propose_crisis(world.cm, text="x")
    here = f"/crisis/{crisis_of(world).pk}"
    answer = client.post(f"{here}/note", {"text": "y" * 4001, "class": "brand"})
    assert answer.status_code == 422 and "y" * 4001 in answer.content.decode()
    assert client.post(f"{here}/note", {"text": "\x07", "class": "brand"}).status_code == 422


def test_the_end_asks_the_brand_to_prove_who_it_is(world: World, browse: Browse) -> None:
    declare_crisis(world.owner, text="x")
    here = f"/crisis/{crisis_of(world).pk}"
    client = browse(world.people[MANAGER], world.brand)
    assert "Confirm that it is me" in client.get(f"{here}/").content.decode()
    client.post(f"{here}/decide/end", SAID)
    assert crisis_of(world).state == "in_force"
    proved = browse(world.people[MANAGER], world.brand, proved=True)
    assert "It is over" in proved.get(f"{here}/").content.decode()


def test_words_of_the_brand_stay_with_it(world: World, other: World, browse: Browse) -> None:
    crisis = declare_crisis(world.owner, text="NUR-WIR")
    write_crisis_note(world.owner, crisis_id=crisis.pk, text="ALLE-BEIDE", info_class=InfoClass.SHARED)
    declare_crisis(other.owner, text="SECRET")
    seen = {role: browse(world.people[role], world.brand).get("/crisis/").content.decode() for role in (OWNER, CM)}
    assert "NUR-WIR" in seen[OWNER] and "NUR-WIR" not in seen[CM]
    assert "ALLE-BEIDE" in seen[OWNER] and "ALLE-BEIDE" in seen[CM]
    assert world.people[OWNER].email in seen[OWNER] and world.people[OWNER].email not in seen[CM]
    assert "SECRET" not in seen[OWNER] + seen[CM]


def test_three_notes_cost_what_one_costs(world: World, other: World, browse: Browse) -> None:
    crisis = declare_crisis(world.owner, text="x", info_class=InfoClass.SHARED)
    client = browse(world.people[CM], world.brand)
    one, _ = queries_of(client, "/crisis/")
    for n in range(2):
        write_crisis_note(world.cm, crisis_id=crisis.pk, text=f"note {n}")
    three, page = queries_of(client, "/crisis/")
    assert (three, "note 1" in page) == (one, True)


def test_silence_is_drawn_as_unknown_not_as_nothing(world: World, browse: Browse) -> None:
    now = timezone.now()
    with brand_scope(world.brand):
        count(now - timedelta(hours=3), [], 7, 2)
        note_sources(now - timedelta(hours=2), 4, 0)
        note_sources(now, 4, 2)
    page = browse(world.people[CM], world.brand).get("/crisis/").content.decode()
    assert page.count('class="chart-seen') == 2
    assert page.count('class="chart-unknown') == 46
    assert "sources are silent" in page


def test_a_letter_calls_a_member_to_the_page_and_a_stranger_to_the_button(world: World, browse: Browse) -> None:
    propose_crisis(world.cm, text="GEHEIM-TEXT")
    with brand_scope(world.brand):
        CrisisCall.objects.filter(place=1).update(contact="dehors@maison.example", name="Mme Dehors")
    world.run_outbox(CALL, LETTER)
    [letter] = mail.outbox
    assert letter.to == ["dehors@maison.example"]
    assert "GEHEIM-TEXT" not in letter.body and "/c/#" in letter.body
    with brand_scope(world.brand):
        assert Disclosure.objects.filter(way="mail").count() == 1
    token = letter.body.split("/c/#")[1].split()[0]
    nobody = browse(None, world.brand)
    assert nobody.get("/c/").status_code == 200
    assert crisis_of(world).taken_at is None
    assert nobody.post("/c/", {"token": "x" + token}).status_code == 404
    assert nobody.post("/c/", {"token": token}).status_code == 200
    assert crisis_of(world).taken_by_name == "Mme Dehors"
    assert nobody.post("/c/", {"token": token}).status_code == 409
    assert nobody.get("/crisis/").status_code == 302


def test_a_member_is_led_to_the_page(world: World) -> None:
    declare_crisis(world.owner, text="x")
    world.run_outbox(CALL, LETTER)
    [letter] = mail.outbox
    assert "/crisis/" in letter.body and "#" not in letter.body.split("/crisis/")[1].split()[0]


def test_a_letter_written_again_closes_the_one_before(world: World, browse: Browse) -> None:
    propose_crisis(world.cm, text="x")
    world.run_outbox(CALL)
    with brand_scope(world.brand):
        call = CrisisCall.objects.get(state=CallState.CALLED)
    first, second = (letter_of(world.brand, call_id=call.pk) for _ in range(2))
    assert first and second
    nobody = browse(None, world.brand)
    assert nobody.post("/c/", {"token": first[1]}).status_code == 404
    assert nobody.post("/c/", {"token": second[1]}).status_code == 200


def test_the_rule_is_signed_by_the_brand(world: World, browse: Browse) -> None:
    form = {"after": "0", "by_itself": ["signal", "slow"], "call_minutes": "15"}
    for role, proved, status in ((CM, True, 403), (MANAGER, True, 303)):
        client = browse(world.people[role], world.brand, proved=proved)
        assert client.post("/crisis/rule", form).status_code == status
    with brand_scope(world.brand):
        rule = CrisisPolicy.objects.get()
    assert (rule.by_itself, rule.call_minutes) == (["signal", "slow"], 15)
    assert client.post("/crisis/rule", form).status_code == 409
    for wrong in ({"call_minutes": "4"}, {"call_minutes": "x"}, {"by_itself": ["panic"]}, {"call_minutes": ""}):
        assert client.post("/crisis/rule", form | {"after": "1"} | wrong).status_code == 422


def test_the_review_is_drafted_written_and_finished_by_the_brand(world: World, browse: Browse) -> None:
    crisis = declare_crisis(world.owner, text="x")
    here = f"/crisis/{crisis.pk}/review"
    agency, brand = browse(world.people[CM], world.brand), browse(world.people[OWNER], world.brand)
    assert agency.get(here).status_code == 404
    end_crisis(world.owner, crisis_id=crisis.pk, text="y")
    page = agency.get(here).content.decode()
    assert "Who decided what" in page and "In force for" in page
    assert brand.post(f"{here}/finish").status_code == 422
    assert agency.post(here, {"text": "Nous avons appris.", "seen": ""}).status_code == 303
    assert brand.post(here, {"text": "Autre", "seen": ""}).status_code == 409
    assert agency.post(f"{here}/finish").status_code == 403
    assert brand.post(f"{here}/finish").status_code == 303
    assert agency.post(here, {"text": "Encore", "seen": ""}).status_code == 409
    with brand_scope(world.brand):
        review = CrisisReview.objects.get()
    assert (review.text, review.finished_at is not None) == ("Nous avons appris.", True)
