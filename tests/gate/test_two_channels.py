"""One item on two channels, both under one daily cap: its dispatches leave beside each other and never wait in a circle."""

import threading
import time
from typing import Any

import pytest
from django.db import connections

from clients.channels.actions import connect_channel
from clients.channels.memory.connector import MemoryConnector
from clients.channels.models import MemoryPost
from clients.channels.port import Outbound, SendFailed, Sent
from clients.gate.actions import confirm_performed, resolve_uncertain, send_dispatch
from clients.gate.models import Dispatch
from clients.outbox.registry import Later
from tenants.errors import Conflict
from tenants.walls.scope import brand_scope
from tests.world import World


def test_two_channels_under_one_cap_leave_side_by_side(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = MemoryConnector.send
    calling = threading.Event()

    def slow(self: MemoryConnector, outbound: Outbound, until: float) -> Sent:
        calling.set()
        time.sleep(0.4)
        return quick(self, outbound, until)

    monkeypatch.setattr(MemoryConnector, "send", slow)
    world.charter(6, daily_cap=9)
    other = connect_channel(actor=world.owner, kind="memory", name="Deux")
    item = world.submitted("Deux fois.", channels=(str(world.wall.pk), str(other.pk)))
    with brand_scope(world.brand):
        first, second = Dispatch.objects.filter(item=item).values_list("id", flat=True)
    errors: list[Any] = []

    def send(dispatch_id: Any) -> None:
        try:
            send_dispatch(world.brand, dispatch_id=dispatch_id)
        except Later:
            pass
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(pk,)) for pk in (first, second)]
    threads[0].start()
    assert calling.wait(5)
    threads[1].start()
    for thread in threads:
        thread.join()
    world.run_outbox()
    assert errors == []
    assert world.state_of(item) == "sent"
    with brand_scope(world.brand):
        assert MemoryPost.objects.count() == 2


def test_confirming_what_a_worker_is_sending_does_not_wait_for_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick, calling = MemoryConnector.send, threading.Event()

    def slow(self: MemoryConnector, outbound: Outbound, until: float) -> Sent:
        calling.set()
        time.sleep(0.4)
        return quick(self, outbound, until)

    monkeypatch.setattr(MemoryConnector, "send", slow)
    world.charter(6)
    item = world.submitted("Pas à la main.")
    with brand_scope(world.brand):
        dispatch = Dispatch.objects.get(item=item)
    errors: list[Any] = []

    def send() -> None:
        try:
            send_dispatch(world.brand, dispatch_id=dispatch.pk)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=send)
    thread.start()
    assert calling.wait(5)
    for confirm in (confirm_performed, resolve_uncertain):
        with pytest.raises(Conflict):
            confirm(world.cm, dispatch_id=dispatch.pk, done=True)
    thread.join()
    assert (errors, world.state_of(item)) == ([], "sent")


def test_an_act_of_which_nobody_knows_counts_under_its_cap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(self: MemoryConnector, outbound: Outbound, until: float) -> Sent:
        raise SendFailed("line_cut", permanent=True, maybe_sent=True)

    quick = MemoryConnector.send
    monkeypatch.setattr(MemoryConnector, "send", lost)
    world.charter(6, daily_cap=1)
    first = world.submitted("Parti ?")
    world.run_outbox("gate.send")
    assert world.state_of(first) == "uncertain"
    monkeypatch.setattr(MemoryConnector, "send", quick)
    second = world.submitted("Le deuxième du jour.")
    world.run_outbox("gate.send")
    assert (world.state_of(second), world.on_the_wall()) == ("waiting", [])
