"""On an item's page: what became of each dispatch, calls begun and confirmed, doubts cleared up, failures tried again."""

import re

import pytest

from clients.autonomy.vocabulary import ActionKind
from clients.channels.actions import connect_channel
from clients.channels.memory.connector import MemoryConnector
from clients.channels.port import SendFailed
from clients.gate.models import Dispatch
from clients.gate.words import DispatchState
from clients.items.models import Item
from portal.wording.states import DISPATCH_STATES
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.world import World

UNKNOWN = SendFailed("deadline", permanent=True, maybe_sent=True)
HOPELESS = SendFailed("sender_refused", permanent=True, maybe_sent=False)


def sent_with(world: World, monkeypatch: pytest.MonkeyPatch, failure: SendFailed) -> Item:
    """An item whose sending met this failure."""

    def send(*_: object) -> None:
        raise failure

    world.charter(6)
    item = world.submitted("Bonjour", title="Titre")
    with monkeypatch.context() as network:
        network.setattr(MemoryConnector, "send", send)
        world.run_outbox("gate.send", rounds=1)
    return item


def call(world: World) -> Item:
    phone = connect_channel(actor=world.owner, kind="phone", name="Téléphone")
    world.charter(6)
    return world.submitted("Rappeler Jo.", title="Appel", kind=ActionKind.PHONE_CALL, channels=(str(phone.pk),))


def act_url(world: World, item: Item) -> str:
    with brand_scope(world.brand):
        return f"/items/{item.pk}/acts/{Dispatch.objects.get(item=item).pk}"


def test_a_call_is_begun_and_confirmed_by_those_who_may(world: World, browse: Browse) -> None:
    item = call(world)
    url = act_url(world, item)
    cm, analyst = (browse(world.people[r], world.brand) for r in (Role.COMMUNITY_MANAGER, Role.ANALYST))
    assert url not in analyst.get(f"/items/{item.pk}/").content.decode()
    assert analyst.post(url, {"step": "begin"}).status_code == 403
    assert 'value="begin"' in cm.get(f"/items/{item.pk}/").content.decode()
    assert cm.post(url, {"step": "begin"}).status_code == 303
    page = cm.get(f"/items/{item.pk}/").content.decode()
    assert "It took place" in page and "under way" in page
    for wrong in ({"step": "confirm"}, {"step": "confirm", "done": "perhaps"}, {"step": "x", "done": "yes"}):
        assert cm.post(url, wrong).status_code == 422
    assert world.state_of(item) == "sending"
    assert cm.post(url, {"step": "confirm", "done": "yes", "note": "Jo rappelle demain."}).status_code == 303
    assert "Jo rappelle demain." in cm.get(f"/items/{item.pk}/").content.decode()
    assert world.state_of(item) == "sent"
    assert "went out" in cm.get(f"/items/{item.pk}/").content.decode()
    assert cm.post(url, {"step": "confirm", "done": "no"}).status_code == 409


def test_a_call_that_did_not_take_place_can_be_tried_again(world: World, browse: Browse) -> None:
    item = call(world)
    url, cm = act_url(world, item), browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    cm.post(url, {"step": "begin"})
    cm.post(url, {"step": "confirm", "done": "no"})
    page = cm.get(f"/items/{item.pk}/").content.decode()
    assert "A person said that it did not take place." in page and "Try again" in page
    digest = re.search(r'name="digest" value="(\w+)"', page)[1]  # type: ignore[index]
    assert cm.post(f"/items/{item.pk}/submit", {"digest": digest}).status_code == 303
    assert 'value="begin"' in cm.get(f"/items/{item.pk}/").content.decode()


def test_whom_a_stop_meets_is_told_not_to_start(world: World, browse: Browse) -> None:
    item = call(world)
    cm = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    browse(world.people[Role.APPROVER], world.brand).post("/stops/stop", {"scope": "all"})
    answer = cm.post(act_url(world, item), {"step": "begin"}, follow=True)
    assert "You may start" not in answer.content.decode()
    assert "held" in answer.content.decode()
    assert world.state_of(item) == "held"


@pytest.mark.parametrize(("done", "state"), [("yes", "sent"), ("no", "failed")])
def test_a_doubt_is_cleared_up(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch, done: str, state: str
) -> None:
    item = sent_with(world, monkeypatch, UNKNOWN)
    assert world.state_of(item) == "uncertain"
    url = act_url(world, item)
    page = browse(world.people[Role.COMMUNITY_MANAGER], world.brand).get(f"/items/{item.pk}/").content.decode()
    assert "nobody knows yet" in page and "The channel did not answer in time." in page and "It did go out" in page
    assert (
        browse(world.people[Role.AUDITOR], world.brand).post(url, {"step": "resolve", "done": done}).status_code == 403
    )
    manager = browse(world.people[Role.BRAND_MANAGER], world.brand)
    assert manager.post(url, {"step": "resolve", "done": done}).status_code == 303
    assert world.state_of(item) == state


def test_a_failure_says_why_and_is_tried_again(world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    item = sent_with(world, monkeypatch, HOPELESS)
    cm = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    page = cm.get(f"/items/{item.pk}/").content.decode()
    assert "did not go out" in page and "The server refuses the sender’s address." in page and "Try again" in page
    assert "Try again" not in browse(world.people[Role.ANALYST], world.brand).get(f"/items/{item.pk}/").content.decode()
    assert item.version is not None
    assert cm.post(f"/items/{item.pk}/submit", {"digest": item.version.digest}).status_code == 303
    world.run_outbox("gate.send")
    assert (world.state_of(item), world.on_the_wall()) == ("sent", ["Bonjour"])


def test_another_brands_act_is_nothing_here(world: World, other: World, browse: Browse) -> None:
    theirs = call(other)
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    assert client.post(act_url(other, theirs), {"step": "begin"}).status_code == 404
    assert other.state_of(theirs) == "cleared"


def test_every_state_of_an_act_has_its_word() -> None:
    assert {str(state) for state in DispatchState} == set(DISPATCH_STATES)
