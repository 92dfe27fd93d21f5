"""Calls and meetings: a person asks the gate right before, performs, and says so; the receipt follows the word."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind
from clients.channels.actions import connect_channel
from clients.gate.actions import (
    approve_item,
    begin_performing,
    confirm_performed,
    resolve_uncertain,
    resume,
    stop,
    submit_item,
    veto_item,
)
from clients.gate.models import Dispatch, Receipt
from clients.items.actions import edit_item
from clients.items.models import Item
from tenants.errors import Conflict, Missing, Refused
from tenants.ids import uuid7
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World, at


@pytest.fixture
def phone(world: World) -> str:
    world.charter(6)
    return str(connect_channel(actor=world.owner, kind="phone", name="Téléphone").pk)


def call(world: World, phone: str, **more: object) -> Item:
    return world.submitted("Rappeler Jo.", kind=ActionKind.PHONE_CALL, channels=(phone,), **more)


def dispatch_of(world: World, item: Item) -> Dispatch:
    with brand_scope(world.brand):
        return Dispatch.objects.exclude(state="cancelled").get(item=item)


def receipts(world: World) -> int:
    with brand_scope(world.brand):
        return Receipt.objects.count()


def digest(item: Item) -> str:
    assert item.version is not None
    return item.version.digest


@pytest.mark.parametrize(("done", "state", "count"), [(True, "sent", 1), (False, "failed", 0)])
def test_a_call_is_asked_for_performed_and_confirmed(
    world: World, phone: str, done: bool, state: str, count: int
) -> None:
    item = call(world, phone)
    world.run_outbox("gate.send")
    assert world.state_of(item) == "cleared"
    pk = dispatch_of(world, item).pk
    with pytest.raises(Conflict):
        confirm_performed(world.cm, dispatch_id=pk, done=True)
    for role in (Role.APPROVER, Role.ANALYST, Role.AUDITOR):
        with pytest.raises(Refused):
            begin_performing(world.actor(role), dispatch_id=pk)
    assert begin_performing(world.cm, dispatch_id=pk).state == "sending"
    with pytest.raises(Conflict):
        begin_performing(world.cm, dispatch_id=pk)
    with pytest.raises(Conflict):
        resolve_uncertain(world.cm, dispatch_id=pk, done=True)
    confirm_performed(world.cm, dispatch_id=pk, done=done)
    assert (world.state_of(item), receipts(world)) == (state, count)
    with pytest.raises(Conflict):
        confirm_performed(world.cm, dispatch_id=pk, done=True)
    with pytest.raises(Missing):
        begin_performing(world.cm, dispatch_id=uuid7())


def test_a_brake_holds_the_call_and_a_person_lets_it_go(world: World, phone: str) -> None:
    item = call(world, phone)
    hold = stop(world.owner)
    begin_performing(world.cm, dispatch_id=dispatch_of(world, item).pk)
    assert (world.state_of(item), receipts(world)) == ("held", 0)
    resume(world.owner, hold_id=hold.pk)
    approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))
    assert begin_performing(world.cm, dispatch_id=dispatch_of(world, item).pk).state == "sending"


def test_nobody_calls_before_the_moment_nor_after_the_window(world: World, phone: str) -> None:
    with time_machine.travel(at("2026-11-23T10:00+01:00"), tick=False) as clock:
        now = timezone.now()
        item = call(world, phone, not_before=now + timedelta(hours=1), not_after=now + timedelta(hours=2))
        pk = dispatch_of(world, item).pk
        with pytest.raises(Conflict, match="too_early"):
            begin_performing(world.cm, dispatch_id=pk)
        clock.shift(timedelta(hours=3))
        begin_performing(world.cm, dispatch_id=pk)
        assert world.state_of(item) == "expired"


def test_nobody_performs_what_was_edited_or_vetoed_since(world: World, phone: str) -> None:
    item, other = call(world, phone), call(world, phone)
    pk, vetoed = dispatch_of(world, item).pk, dispatch_of(world, other).pk
    content = world.content("Autre chose.", kind=ActionKind.PHONE_CALL, channels=(phone,))
    version = edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=content)
    veto_item(world.approver, item_id=other.pk)
    for dispatch in (pk, vetoed):
        with pytest.raises(Conflict):
            begin_performing(world.cm, dispatch_id=dispatch)
    assert (world.state_of(item), world.state_of(other)) == ("draft", "vetoed")
    submit_item(world.cm, item_id=item.pk, seen_digest=version.digest)
    begin_performing(world.cm, dispatch_id=dispatch_of(world, item).pk)
    assert world.state_of(item) == "sending"


def test_what_is_sent_by_itself_is_not_performed_by_hand(world: World, phone: str) -> None:
    item = world.submitted()
    with pytest.raises(Conflict, match="not_for_a_person"):
        begin_performing(world.cm, dispatch_id=dispatch_of(world, item).pk)


def test_a_post_that_goes_with_a_call_leaves_while_the_call_waits_and_the_call_can_still_be_vetoed(
    world: World, phone: str
) -> None:
    item = world.submitted("Merci.", kind=ActionKind.ANSWER, channels=(str(world.wall.pk), phone), recipient="jo")
    world.run_outbox("gate.send")
    assert (world.state_of(item), world.on_the_wall()) == ("cleared", ["Merci."])
    veto_item(world.approver, item_id=item.pk)
    assert (world.state_of(item), receipts(world)) == ("vetoed", 1)
