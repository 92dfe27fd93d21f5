"""Stop and resume: every scope, one spelling, only the brand, and what comes after."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from clients.approvals.models import Hold, Verdict
from clients.channels.actions import connect_channel
from clients.channels.memory.connector import MemoryConnector
from clients.channels.port import Outbound, Sent
from clients.gate.actions import approve_item, perform_item, resume, stop, submit_item
from clients.items.models import Item
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.ids import uuid7
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World, at


def digest(item: Item) -> str:
    assert item.version is not None
    return item.version.digest


def test_a_brake_holds_its_scope_however_its_value_is_spelled(world: World) -> None:
    world.charter(6)
    other = connect_channel(actor=world.owner, kind="memory", name="Deux")
    cm = world.people[Role.COMMUNITY_MANAGER].pk
    manager = world.actor(Role.AGENCY_MANAGER)
    for value in (str(world.wall.pk), str(world.wall.pk).upper(), world.wall.pk.hex, f"{{{world.wall.pk}}}"):
        hold = stop(world.owner, scope="channel", value=value)
        held = world.submitted("Tenu.")
        free = world.submitted("Libre.", channels=(str(other.pk),))
        assert (world.state_of(held), world.state_of(free)) == ("held", "cleared")
        resume(world.owner, hold_id=hold.pk)
    for scope, value in (("person", str(cm)), ("kind", "publish"), ("all", "")):
        hold = stop(world.approver, scope=scope, value=value)
        assert world.state_of(world.submitted("Tenu.")) == "held"
        resume(world.owner, hold_id=hold.pk)
    stop(world.owner, scope="person", value=cm.hex.upper())
    assert world.state_of(world.submitted("Libre.", by=manager)) == "cleared"
    mine = world.draft("De la personne arrêtée.")
    assert submit_item(manager, item_id=mine.pk, seen_digest=digest(mine)).state == "held"
    one = world.draft("Un.", by=manager)
    stop(world.owner, scope="item", value=str(one.pk))
    assert submit_item(manager, item_id=one.pk, seen_digest=digest(one)).state == "held"
    assert world.on_the_wall() == []


def test_a_brake_on_nothing_is_refused(world: World) -> None:
    nobody = str(uuid7())
    for scope, value, code in (
        ("everything", "", "unknown_scope"),
        ("all", "x", "scope_value"),
        ("channel", "", "scope_value"),
        ("channel", "no id", "scope_value"),
        ("kind", "shout", "unknown_kind"),
        ("channel", nobody, "unknown_channel"),
        ("person", nobody, "unknown_person"),
        ("item", nobody, "unknown_item"),
    ):
        with pytest.raises(Invalid, match=code):
            stop(world.owner, scope=scope, value=value)
    with brand_scope(world.brand):
        assert not Hold.objects.exists()
    stop(world.owner, reason="r" * 900)


def test_only_the_brand_stops_and_only_its_heads_resume_after_a_step_up(world: World) -> None:
    for role in set(Role) - {Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER}:
        with pytest.raises(Refused):
            stop(world.actor(role))
    hold = stop(world.approver)
    assert stop(world.owner).pk == hold.pk
    for actor in (world.approver, world.actor(Role.AGENCY_OWNER), world.actor(Role.BRAND_OWNER, stepped_up=False)):
        with pytest.raises(Refused):
            resume(actor, hold_id=hold.pk)
    resume(world.actor(Role.BRAND_MANAGER), hold_id=hold.pk)
    with pytest.raises(Conflict, match="already_lifted"):
        resume(world.owner, hold_id=hold.pk)
    with pytest.raises(Missing):
        resume(world.owner, hold_id=uuid7())


def test_the_same_person_can_say_yes_again_after_a_brake_and_only_then(world: World) -> None:
    with time_machine.travel(at("2026-11-23T10:00+01:00"), tick=False) as clock:
        item = world.submitted("Encore.", not_before=timezone.now() + timedelta(minutes=5))
        approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))
        for again in range(1, 3):
            hold = stop(world.owner)
            clock.shift(timedelta(minutes=10))
            world.run_outbox()
            assert world.state_of(item) == "held"
            with pytest.raises(Conflict, match="already_said"):
                approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))
            resume(world.owner, hold_id=hold.pk)
            clock.shift(1)
            world.run_outbox()
            assert world.state_of(item) == "held"
            assert approve_item(world.approver, item_id=item.pk, seen_digest=digest(item)).state == "cleared"
            with brand_scope(world.brand):
                assert Verdict.objects.count() == again + 1
        clock.shift(1)
        world.run_outbox()
        assert world.on_the_wall() == ["Encore."]


def test_the_brand_performs_after_a_brake_what_was_meant_for_before(world: World) -> None:
    with time_machine.travel(at("2026-11-23T10:00+01:00"), tick=False) as clock:
        world.charter(1)
        item = world.submitted("À vous.", not_before=timezone.now() + timedelta(minutes=5))
        hold = stop(world.owner)
        clock.shift(timedelta(minutes=10))
        resume(world.owner, hold_id=hold.pk)
        clock.shift(1)
        performed = perform_item(world.actor(Role.BRAND_MANAGER), item_id=item.pk, seen_digest=digest(item))
        assert performed.state == "cleared"
        clock.shift(1)
        world.run_outbox()
        assert world.on_the_wall() == ["À vous."]


def test_what_expires_while_it_is_held_expires(world: World) -> None:
    with time_machine.travel(at("2026-11-23T10:00+01:00"), tick=False) as clock:
        stop(world.owner)
        world.charter(6)
        item = world.submitted("Vite.", not_after=timezone.now() + timedelta(minutes=5))
        assert world.state_of(item) == "held"
        clock.shift(timedelta(minutes=6))
        world.run_outbox("gate.expire")
        assert world.state_of(item) == "expired"


def test_a_stop_waits_for_the_act_that_is_leaving_and_for_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick, calling = MemoryConnector.send, threading.Event()

    def slow(self: MemoryConnector, outbound: Outbound, until: float) -> Sent:
        calling.set()
        time.sleep(0.5)
        return quick(self, outbound, until)

    monkeypatch.setattr(MemoryConnector, "send", slow)
    world.charter(6)
    first, second = world.submitted("Un."), world.submitted("Deux.")
    sender = threading.Thread(target=_run_and_close, args=(world,))
    sender.start()
    assert calling.wait(5)
    began = time.monotonic()
    stop(world.owner)
    waited = time.monotonic() - began
    seen = world.on_the_wall()
    sender.join()
    assert waited > 0.2
    assert len(seen) == 1
    assert world.on_the_wall() == seen
    assert sorted((world.state_of(first), world.state_of(second))) == ["held", "sent"]


def _run_and_close(world: World) -> None:
    try:
        world.run_outbox("gate.send")
    finally:
        connections.close_all()


def test_a_stop_is_more_patient_than_a_session(world: World) -> None:
    from django.db import connection

    from clients.outbox.brake import let_leave, press

    for take in (let_leave, press):
        with brand_scope(world.brand), connection.cursor() as cursor:
            take(world.brand)
            cursor.execute("SHOW lock_timeout")
            row: Any = cursor.fetchone()
            assert row[0] == "45s"
