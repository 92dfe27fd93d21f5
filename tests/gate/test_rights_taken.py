"""A right taken away bites at once, against a job that is already running; and nobody acts by the right of another."""

import threading
import time
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connections

from clients.approvals.actions import end_standing, propose_standing, sign_standing
from clients.approvals.rules import Template
from clients.autonomy.vocabulary import EntryPoint
from clients.briefings.actions import acknowledge_briefing
from clients.channels.memory.connector import MemoryConnector
from clients.channels.port import Outbound, SendFailed, Sent
from clients.gate.actions import resolve_uncertain, send_dispatch, submit_item, withdraw_item
from clients.gate.models import Dispatch
from clients.items.actions import edit_item
from clients.items.models import Item
from clients.mandates.actions import activate_mandate, offer_mandate, propose_charter, sign_charter, suspend_mandate
from clients.people.access import actor_for
from clients.people.actions import change_role, end_membership
from clients.people.actor import Actor
from tenants.errors import Refused
from tenants.models import Agency
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.conftest import make_member
from tests.world import World

Taking = Callable[[World], object]


def end_every_standing(world: World) -> None:
    with brand_scope(world.brand):
        ids = list(world.extra["standing"])
    for standing_id in ids:
        end_standing(world.owner, standing_id=standing_id)


TAKING: dict[str, Taking] = {
    "standing": end_every_standing,
    "membership": lambda w: end_membership(actor=w.owner, person_id=w.people[Role.COMMUNITY_MANAGER].pk),
    "role": lambda w: change_role(
        actor=w.actor(Role.AGENCY_OWNER), person_id=w.people[Role.COMMUNITY_MANAGER].pk, role=Role.ANALYST
    ),
    "mandate": lambda w: suspend_mandate(actor=w.owner, mandate_id=w.mandate.pk),
}


@pytest.fixture
def covered(world: World) -> Item:
    """An item that goes out by a standing approval, at level 3."""
    world.charter(3)
    template = Template("", "publish", "routine", (), "Pain du jour : {pain}.")
    row = propose_standing(world.cm, title="Le pain", template=template)
    sign_standing(world.approver, standing_id=row.pk, seen_digest=row.digest)
    world.extra["standing"] = [row.pk]
    return world.submitted("Pain du jour : seigle.")


@pytest.mark.parametrize("what", TAKING)
def test_taking_a_right_waits_for_what_leaves_by_it(
    world: World, covered: Item, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it returns, nothing leaves any more: not even what a worker had asked for a moment before."""
    quick, calling, order = MemoryConnector.send, threading.Event(), list[str]()

    def slow(self: MemoryConnector, outbound: Outbound, until: float) -> Sent:
        calling.set()
        time.sleep(0.5)
        sent = quick(self, outbound, until)
        order.append("left")
        return sent

    monkeypatch.setattr(MemoryConnector, "send", slow)
    with brand_scope(world.brand):
        dispatch_id = Dispatch.objects.get(item=covered).pk

    def send() -> None:
        try:
            send_dispatch(world.brand, dispatch_id=dispatch_id)
        finally:
            connections.close_all()

    worker = threading.Thread(target=send)
    worker.start()
    assert calling.wait(5)
    TAKING[what](world)
    order.append("taken")
    worker.join()
    assert order == ["left", "taken"]


@pytest.mark.parametrize("what", TAKING)
def test_what_has_not_left_stays(world: World, covered: Item, what: str) -> None:
    TAKING[what](world)
    world.run_outbox("gate.send")
    assert world.state_of(covered) in {"waiting", "refused"}
    assert world.on_the_wall() == []


# --- Two agencies in one brand -----------------------------------------------------------------------------------------


@pytest.fixture
def rival(world: World) -> Actor:
    """Somebody of another agency, whom the brand trusts with everything."""
    agency = Agency.objects.create(slug="agence-rivale", name="Agence Rivale")
    person = make_member(world.brand, Role.COMMUNITY_MANAGER, None, agency).person
    mandate = offer_mandate(actor=world.owner, agency_id=agency.pk, starts_on=date(2026, 1, 1))
    activate_mandate(actor=world.owner, mandate_id=mandate.pk)
    grants = [{"channel": "", "kind": "", "sensitivity": "routine", "level": 6}]
    version = propose_charter(actor=world.owner, mandate_id=mandate.pk, base=0, grants=grants)
    sign_charter(actor=world.owner, charter_id=version.pk, digest=version.digest)
    actor = actor_for(person, world.brand, EntryPoint.PAGE)
    acknowledge_briefing(actor=actor, number=1)
    return actor


def test_an_agency_moves_nothing_of_another_agency(world: World, rival: Actor) -> None:
    draft, waiting = world.draft("Brouillon d’Inès"), world.submitted("En attente, d’Inès")
    assert draft.version is not None
    assert waiting.version is not None
    seen, mine = waiting.version.digest, world.content("Ce que veut l’autre")
    for meddling in (
        lambda: submit_item(rival, item_id=draft.pk, seen_digest=draft.version.digest),
        lambda: edit_item(rival, item_id=waiting.pk, seen_digest=seen, content=mine),
        lambda: withdraw_item(rival, item_id=waiting.pk),
    ):
        with pytest.raises(Refused) as refused:
            meddling()
        assert refused.value.code == "other_sides_item"
    assert (world.state_of(draft), world.state_of(waiting)) == ("draft", "waiting")


def test_an_agencys_own_people_stand_in_for_each_other(world: World, rival: Actor) -> None:
    item = world.draft("Inès est en congé.")
    assert item.version is not None
    submit_item(world.actor(Role.AGENCY_MANAGER), item_id=item.pk, seen_digest=item.version.digest)
    assert world.state_of(item) == "waiting"


def test_the_agency_does_not_say_of_the_brands_act_that_it_may_be_repeated(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(self: MemoryConnector, outbound: Outbound, until: float) -> Sent:
        raise SendFailed("line_cut", permanent=True, maybe_sent=True)

    monkeypatch.setattr(MemoryConnector, "send", lost)
    item = world.submitted("De la marque.", by=world.owner)
    world.run_outbox("gate.send")
    with brand_scope(world.brand):
        dispatch = Dispatch.objects.get(item=item)
    with pytest.raises(Refused):
        resolve_uncertain(world.cm, dispatch_id=dispatch.pk, done=False)
    resolve_uncertain(world.owner, dispatch_id=dispatch.pk, done=False)
    assert item.version is not None
    with pytest.raises(Refused):
        submit_item(world.cm, item_id=item.pk, seen_digest=item.version.digest)
    assert world.state_of(item) == "failed"
