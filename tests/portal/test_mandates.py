"""Mandates on the charter page: offered by exact short name, each step by who may, and what they amount to today."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation

from clients.autonomy.vocabulary import MandateState
from clients.mandates.actions import activate_mandate, offer_mandate
from clients.mandates.models import Mandate
from portal.wording.mandates import BY_STATE, STEPS_DONE, mandate_sentence
from tenants.models import Agency
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World, at


@pytest.fixture
def agency(world: World) -> Agency:
    return Agency.objects.create(name="Atelier Nord", slug="atelier-nord")


def mandates(world: World) -> list[Mandate]:
    with brand_scope(world.brand):
        return list(Mandate.objects.order_by("created_at"))


def step(client: Client, mandate: Mandate, name: str) -> int:
    return client.post(f"/charter/{mandate.pk}/mandate/{name}").status_code


@pytest.mark.parametrize("role", list(Role))
def test_only_the_owner_offers_and_nobody_else_learns_which_agencies_there_are(
    world: World, agency: Agency, browse: Browse, role: Role
) -> None:
    client = browse(world.people[role], world.brand)
    form = {"agency": "Atelier-Nord ", "starts_on": "2026-12-01", "ends_on": "2027-11-30", "notice_days": "60"}
    owner = role is Role.BRAND_OWNER
    if role is not Role.DEPARTMENT_CONTACT:
        assert ('action="/charter/offer"' in client.get("/charter/").content.decode()) is owner
    assert client.post("/charter/offer", {"agency": "nobody"}).status_code == (422 if owner else 403)
    assert client.post("/charter/offer", form).status_code == (303 if owner else 403)
    new = mandates(world)[1:]
    assert len(new) == owner
    if owner:
        found = (new[0].agency_id, new[0].starts_on, new[0].ends_on, new[0].notice_days, new[0].state)
        assert found == (agency.pk, date(2026, 12, 1), date(2027, 11, 30), 60, "offered")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"agency": "atelier"}, "agency"),
        ({"agency": "at%\x00elier"}, "agency"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"notice_days": "x"}, "notice_days"),
        ({"notice_days": "999"}, "notice_days"),
    ],
)
def test_a_wrong_field_of_an_offer_is_named(
    world: World, agency: Agency, browse: Browse, wrong: dict[str, str], field: str
) -> None:
    answer = browse(world.people[Role.BRAND_OWNER], world.brand).post(
        "/charter/offer", {"agency": "atelier-nord"} | wrong
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', page)
    assert page.count('class="field-error"') == 1
    assert agency.name not in page
    assert len(mandates(world)) == 1


def test_a_second_live_mandate_of_one_agency_is_refused(world: World, browse: Browse) -> None:
    owner = browse(world.people[Role.BRAND_OWNER], world.brand)
    answer = owner.post("/charter/offer", {"agency": world.agency.slug})
    assert answer.status_code == 409 and "already has a mandate" in answer.content.decode()


def test_each_step_by_who_may_and_only_after_proof(world: World, browse: Browse) -> None:
    mandate = world.mandate
    plain = browse(world.people[Role.BRAND_OWNER], world.brand)
    proved = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True)
    manager = browse(world.people[Role.BRAND_MANAGER], world.brand, proved=True)
    agency = browse(world.people[Role.AGENCY_MANAGER], world.brand, proved=True)
    assert step(agency, mandate, "suspend") == 403
    assert step(manager, mandate, "suspend") == 303
    page = plain.get("/charter/").content.decode()
    assert "It rests" in page and "suspended" in page
    assert step(manager, mandate, "resume") == 403
    early = plain.post(f"/charter/{mandate.pk}/mandate/resume")
    assert early.status_code == 303 and "/account/reauthenticate/" in early["Location"]
    assert mandates(world)[0].state == "suspended"
    assert step(proved, mandate, "resume") == 303
    assert step(proved, mandate, "activate") == 409
    assert step(proved, mandate, "nonsense") == 404
    assert "/account/reauthenticate/" in plain.post(f"/charter/{mandate.pk}/mandate/end")["Location"]
    assert step(proved, mandate, "end") == 303
    assert mandates(world)[0].state == "ended"
    assert browse(world.people[Role.AGENCY_OWNER], world.brand).get("/charter/").status_code == 404


def test_the_agencys_owner_resigns(world: World, browse: Browse) -> None:
    manager = browse(world.people[Role.AGENCY_MANAGER], world.brand)
    owner = browse(world.people[Role.AGENCY_OWNER], world.brand)
    path = f"/charter/{world.mandate.pk}/mandate/resign"
    assert path not in manager.get("/charter/").content.decode()
    assert manager.post(path).status_code == 403
    assert path in owner.get("/charter/").content.decode()
    assert owner.post(path).status_code == 303
    assert mandates(world)[0].state == "ended"


def test_what_a_mandate_amounts_to_goes_by_the_brands_day(world: World, agency: Agency, browse: Browse) -> None:
    """23:30 in London is the next day in Paris, where the brand lives."""
    with time_machine.travel(at("2026-11-21T23:30+00:00"), tick=True):
        assert timezone.now().date() == date(2026, 11, 21)
        later = offer_mandate(actor=world.owner, agency_id=agency.pk, starts_on=date(2026, 11, 22))
        activate_mandate(actor=world.owner, mandate_id=later.pk)
        page = browse(world.people[Role.BRAND_MANAGER], world.brand).get("/charter/").content.decode()
        assert "first day is still to come" not in page
    with time_machine.travel(at("2026-11-21T22:30+00:00"), tick=True):
        page = browse(world.people[Role.BRAND_MANAGER], world.brand).get("/charter/").content.decode()
        assert "first day is still to come" in page


def test_a_mandate_past_its_last_day_says_so(world: World, agency: Agency, browse: Browse) -> None:
    short = offer_mandate(
        actor=world.owner,
        agency_id=agency.pk,
        starts_on=date(2026, 1, 1),
        ends_on=timezone.localdate() - timedelta(days=2),
    )
    activate_mandate(actor=world.owner, mandate_id=short.pk)
    page = browse(world.people[Role.BRAND_OWNER], world.brand).get("/charter/").content.decode()
    assert "Its last day is past" in page
    assert f"/charter/{short.pk}/mandate/end" in page


def test_nothing_of_another_brand(world: World, other: World, browse: Browse) -> None:
    client = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True)
    for name in STEPS_DONE:
        assert step(client, other.mandate, name) in {403, 404}
    assert mandates(other)[0].state == "active"
    _count, page = queries_of(client, "/charter/")
    assert str(other.mandate.pk) not in page


def test_every_state_has_its_sentence() -> None:
    assert set(BY_STATE) == set(MandateState) - {MandateState.NONE}
    with translation.override("en"):
        assert "first day" in mandate_sentence("active", MandateState.OFFERED)
        assert "last day" in mandate_sentence("active", MandateState.ENDED)
        assert "has ended" in mandate_sentence("ended", MandateState.ENDED)
