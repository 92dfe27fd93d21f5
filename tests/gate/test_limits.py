"""What may happen only so often, with two senders at the same moment: the last place goes to one."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from clients.approvals.actions import propose_standing, sign_standing
from clients.approvals.models import StandingApproval
from clients.approvals.rules import Template
from clients.autonomy.vocabulary import ActionKind
from clients.channels.actions import connect_channel
from clients.channels.memory.connector import MemoryConnector
from clients.channels.port import Outbound, SendFailed, Sent
from clients.gate.actions import begin_performing, confirm_performed, send_dispatch
from clients.gate.models import Dispatch, Receipt
from clients.items.models import Item
from clients.outbox.registry import Later
from tenants.walls.scope import brand_scope
from tests.world import World


@pytest.fixture(autouse=True)
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long enough for the other sender to ask meanwhile."""
    quick = MemoryConnector.send

    def slow(self: MemoryConnector, outbound: Outbound, until: float) -> Sent:
        time.sleep(0.2)
        return quick(self, outbound, until)

    monkeypatch.setattr(MemoryConnector, "send", slow)


def at_once(*acts: Callable[[], Any]) -> list[BaseException]:
    """Run them side by side; the errors that escaped, `Later` left out."""
    errors: list[BaseException] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            act()
        except Later:
            pass
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def sender(world: World, item: Item) -> Callable[[], None]:
    with brand_scope(world.brand):
        pk = Dispatch.objects.get(item=item, state="pending").pk
    return lambda: send_dispatch(world.brand, dispatch_id=pk)


def states(world: World, *items: Item) -> list[str]:
    return sorted(world.state_of(item) for item in items)


def test_the_last_place_under_a_daily_cap(world: World) -> None:
    world.charter(6, daily_cap=2)
    items = [world.submitted(f"{n}.") for n in range(4)]
    assert at_once(*[sender(world, item) for item in items]) == []
    assert states(world, *items) == ["sent", "sent", "waiting", "waiting"]
    assert len(world.on_the_wall()) == 2


def test_the_last_use_of_a_standing_approval(world: World) -> None:
    world.charter(3)
    row = propose_standing(
        world.cm, title="H", template=Template("", "publish", "routine", (), "Ouvert {x}", uses_left=1)
    )
    sign_standing(world.approver, standing_id=row.pk, seen_digest=row.digest)
    items = [world.submitted(f"Ouvert {n}") for n in ("lundi", "mardi")]
    assert at_once(*[sender(world, item) for item in items]) == []
    assert states(world, *items) == ["sent", "waiting"]
    with brand_scope(world.brand):
        assert StandingApproval.objects.get().uses_left == 0
        assert Receipt.objects.get().basis == "standing"


def test_what_may_have_left_takes_a_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(self: MemoryConnector, outbound: Outbound, until: float) -> Sent:
        raise SendFailed("gone", permanent=True, maybe_sent=True)

    world.charter(6, daily_cap=1)
    item, other = world.submitted("Un."), world.submitted("Deux.")
    with monkeypatch.context() as line:
        line.setattr(MemoryConnector, "send", lost)
        sender(world, item)()
    sender(world, other)()
    assert (world.state_of(item), world.state_of(other)) == ("uncertain", "waiting")


def test_a_call_that_has_begun_takes_a_place_and_waits_for_a_post_of_the_same_item(world: World) -> None:
    phone = str(connect_channel(actor=world.owner, kind="phone", name="Téléphone").pk)
    world.charter(6, daily_cap=2)
    item = world.submitted("Merci.", kind=ActionKind.ANSWER, channels=(str(world.wall.pk), phone), recipient="jo")
    with brand_scope(world.brand):
        post, call = (Dispatch.objects.get(item=item, channel_id=c).pk for c in (world.wall.pk, phone))
    cm = world.cm
    assert (
        at_once(
            lambda: send_dispatch(world.brand, dispatch_id=post),
            lambda: (time.sleep(0.1), begin_performing(cm, dispatch_id=call)),
        )
        == []
    )
    assert world.state_of(world.submitted("Trois.")) == "waiting"
    confirm_performed(world.cm, dispatch_id=call, done=True)
    assert (world.state_of(item), len(world.on_the_wall())) == ("sent", 1)
