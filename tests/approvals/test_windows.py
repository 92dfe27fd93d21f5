"""Veto windows: silence counts for one content, once a notice was delivered, in the brand's hours, never through a brake."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clients.approvals.actions import set_policy
from clients.approvals.models import Notice, VetoWindow
from clients.gate.actions import (
    approve_item,
    approve_with_edit,
    notice_bounced,
    notice_delivered,
    resume,
    stop,
    submit_item,
    veto_item,
)
from clients.items.actions import edit_item
from clients.items.models import Item
from tenants.errors import Refused
from tenants.models import Membership
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World, at

MONDAY = "2026-11-23T10:00+01:00"
WINDOW: dict[str, Any] = {"needs": [], "decide_minutes": None, "on_lapse": "hold", "veto_minutes": 60}


def digest(item: Item) -> str:
    assert item.version is not None
    return item.version.digest


def notices(world: World, item: Item) -> list[Notice]:
    with brand_scope(world.brand):
        return list(Notice.objects.filter(item_id=item.pk, kind="veto", state="queued").order_by("at", "id"))


def deliver(world: World, item: Item) -> None:
    for notice in notices(world, item):
        notice_delivered(world.brand, notice_id=notice.pk)


def window_of(world: World, item: Item) -> str:
    with brand_scope(world.brand):
        version = Item.objects.select_related("version").get(pk=item.pk).version
        assert version is not None
        return str(VetoWindow.objects.get(item_id=item.pk, digest=version.digest).state)


@pytest.fixture
def clock(world: World) -> Any:
    """Monday morning, an hour's window, and level 4."""
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        set_policy(world.owner, **WINDOW)
        world.charter(4)
        yield clock


def test_silence_counts_from_the_first_delivery(world: World, clock: Any) -> None:
    item = world.submitted()
    clock.shift(timedelta(hours=5))
    world.run_outbox("gate.window")
    assert world.state_of(item) == "submitted"
    first, *others = notices(world, item)
    notice_delivered(world.brand, notice_id=first.pk)
    assert world.state_of(item) == "in_veto"
    clock.shift(timedelta(minutes=30))
    notice_delivered(world.brand, notice_id=others[0].pk)
    clock.shift(timedelta(minutes=29))
    world.run_outbox("gate.window")
    assert world.state_of(item) == "in_veto"
    clock.shift(timedelta(minutes=1))
    world.run_outbox("gate.window")
    assert world.state_of(item) == "cleared"


def test_a_yes_ends_the_wait_and_a_no_ends_the_matter(world: World, clock: Any) -> None:
    yes, no = world.submitted("Un."), world.submitted("Deux.")
    for item in (yes, no):
        deliver(world, item)
    approve_item(world.approver, item_id=yes.pk, seen_digest=digest(yes))
    with pytest.raises(Refused):
        veto_item(world.actor(Role.AGENCY_OWNER), item_id=no.pk)
    veto_item(world.approver, item_id=no.pk)
    clock.shift(timedelta(hours=2))
    world.run_outbox("gate.window")
    assert (world.state_of(yes), world.state_of(no)) == ("cleared", "vetoed")


def test_when_no_notice_arrives_the_item_waits_for_a_yes(world: World, clock: Any) -> None:
    item = world.submitted()
    *most, last = notices(world, item)
    for notice in most:
        notice_bounced(world.brand, notice_id=notice.pk)
    assert world.state_of(item) == "submitted"
    notice_bounced(world.brand, notice_id=last.pk)
    assert world.state_of(item) == "waiting"
    clock.shift(timedelta(days=9))
    world.run_outbox("gate.window")
    assert world.state_of(item) == "waiting"


def test_notices_of_which_nothing_is_ever_heard_keep_nothing_waiting_for_ever(world: World, clock: Any) -> None:
    item = world.submitted()
    clock.shift(timedelta(hours=24))
    world.run_outbox("gate.window")
    assert world.state_of(item) == "waiting"
    deliver(world, item)
    assert world.state_of(item) == "waiting"


def test_a_reader_who_left_is_not_waited_for(world: World, clock: Any) -> None:
    item = world.submitted()
    gone, *others = notices(world, item)
    Membership.objects.filter(person_id=gone.person_id).update(ended_at=timezone.now())
    for notice in others:
        notice_bounced(world.brand, notice_id=notice.pk)
    assert world.state_of(item) == "waiting"


def test_one_that_arrives_is_enough(world: World, clock: Any) -> None:
    item = world.submitted()
    first, *others = notices(world, item)
    for notice in others:
        notice_bounced(world.brand, notice_id=notice.pk)
    notice_delivered(world.brand, notice_id=first.pk)
    assert world.state_of(item) == "in_veto"


def test_an_edit_and_back_again_begins_anew(world: World, clock: Any) -> None:
    item = world.submitted("Un.")
    deliver(world, item)
    version = edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=world.content("Deux."))
    version = edit_item(world.cm, item_id=item.pk, seen_digest=version.digest, content=world.content("Un."))
    assert version.digest == digest(item)
    submit_item(world.cm, item_id=item.pk, seen_digest=version.digest)
    assert (world.state_of(item), window_of(world, item)) == ("submitted", "undelivered")
    clock.shift(timedelta(hours=2))
    world.run_outbox("gate.window")
    assert world.state_of(item) == "submitted"
    deliver(world, item)
    clock.shift(timedelta(hours=1))
    world.run_outbox("gate.window")
    assert world.state_of(item) == "cleared"


def test_silence_of_before_an_edit_does_not_count_after_it(world: World, clock: Any) -> None:
    content = world.content("Un.", not_before=timezone.now() + timedelta(days=1))
    item = world.submitted("Un.", not_before=content.not_before)
    deliver(world, item)
    clock.shift(timedelta(hours=1))
    world.run_outbox("gate.window")
    assert world.state_of(item) == "cleared"
    version = edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=world.content("Deux."))
    version = edit_item(world.cm, item_id=item.pk, seen_digest=version.digest, content=content)
    assert version.digest == digest(item)
    submit_item(world.cm, item_id=item.pk, seen_digest=version.digest)
    assert world.state_of(item) == "submitted"


def test_an_approvers_own_wording_gets_a_window_of_its_own_when_others_must_agree(world: World, clock: Any) -> None:
    set_policy(world.owner, **WINDOW | {"needs": [world.people[Role.BRAND_MANAGER].pk]})
    item = world.submitted("Salut")
    deliver(world, item)
    assert world.state_of(item) == "in_veto"
    approve_with_edit(world.approver, item_id=item.pk, seen_digest=digest(item), content=world.content("Bonjour"))
    assert (world.state_of(item), window_of(world, item)) == ("submitted", "undelivered")
    deliver(world, item)
    clock.shift(timedelta(hours=1))
    world.run_outbox("gate.window")
    assert world.state_of(item) == "cleared"


def test_a_brake_in_the_window_voids_the_silence(world: World, clock: Any) -> None:
    item = world.submitted(not_before=timezone.now() + timedelta(days=1))
    deliver(world, item)
    hold = stop(world.owner)
    clock.shift(timedelta(hours=1))
    world.run_outbox("gate.window")
    assert world.state_of(item) == "held"
    resume(world.owner, hold_id=hold.pk)
    world.run_outbox("gate.resume")
    assert (world.state_of(item), window_of(world, item)) == ("submitted", "undelivered")
    assert len(notices(world, item)) == 3
    deliver(world, item)
    assert world.state_of(item) == "in_veto"


def test_a_level_lowered_in_the_window_leaves_no_silence(world: World, clock: Any) -> None:
    item = world.submitted()
    deliver(world, item)
    world.charter(2)
    clock.shift(timedelta(hours=1))
    world.run_outbox("gate.window")
    assert (world.state_of(item), window_of(world, item)) == ("waiting", "none")


def test_a_late_delivery_of_an_older_content_opens_nothing(world: World, clock: Any) -> None:
    item = world.submitted("Un.")
    old = notices(world, item)
    version = edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=world.content("Deux."))
    submit_item(world.cm, item_id=item.pk, seen_digest=version.digest)
    for notice in old:
        notice_delivered(world.brand, notice_id=notice.pk)
    assert (world.state_of(item), window_of(world, item)) == ("submitted", "undelivered")
