"""Calls that fail: tried again with patience, given up in words, and never taken for unsent when nobody knows."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import OperationalError
from django.utils import timezone
from PIL import Image

from clients.channels.actions import connect_channel
from clients.channels.memory.connector import MemoryConnector
from clients.channels.port import Outbound, SendFailed, Sent
from clients.gate.actions import approve_item, resolve_uncertain, sending, submit_item, veto_item
from clients.gate.actions.failing import MOST_ATTEMPTS
from clients.gate.actions.marking import mark
from clients.gate.models import Dispatch, Receipt
from clients.items.actions import add_media, edit_item
from clients.items.content import MediaRef
from clients.items.models import Item
from clients.outbox.models import OutboxRow
from tenants.errors import Conflict, Invalid
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World, at

MONDAY = "2026-11-23T10:00+01:00"
REFUSED = SendFailed("line_down", permanent=False, maybe_sent=False)
HOPELESS = SendFailed("text_not_taken", permanent=True, maybe_sent=False)
UNKNOWN = SendFailed("deadline", permanent=False, maybe_sent=True)

Network = Callable[..., None]


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    """`network(*plan)`: what each further call meets: an error, an answer, 'lost' (it arrives, the answer does not), or None."""
    real = MemoryConnector.send

    def behave(*plan: Any, only: str = "") -> None:
        left = list(plan)

        def send(self: MemoryConnector, outbound: Outbound, until: float) -> Sent:
            step = left.pop(0) if left and only in ("", str(outbound.channel_id)) else None
            if isinstance(step, SendFailed):
                raise step
            if isinstance(step, Sent):
                return step
            sent = real(self, outbound, until)
            if step == "lost":
                raise UNKNOWN
            return sent

        monkeypatch.setattr(MemoryConnector, "send", send)

    return behave


def digest(item: Item) -> str:
    assert item.version is not None
    return item.version.digest


def dispatches(world: World, item: Item) -> dict[str, str]:
    with brand_scope(world.brand):
        live = Dispatch.objects.filter(item=item).exclude(state="cancelled")
        return {str(d.channel_id): d.state for d in live}


def receipts(world: World) -> list[Receipt]:
    with brand_scope(world.brand):
        return list(Receipt.objects.select_related("decision").order_by("sent_at"))


def test_a_temporary_failure_is_tried_again_later_and_until_then_the_brand_can_say_no(
    world: World, network: Network
) -> None:
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        world.charter(6)
        network(REFUSED, REFUSED, REFUSED)
        item, unwanted = world.submitted("Patience."), world.submitted("Non.")
        world.run_outbox("gate.send", rounds=1)
        assert (world.state_of(item), world.state_of(unwanted)) == ("cleared", "cleared")
        veto_item(world.approver, item_id=unwanted.pk)
        world.run_outbox("gate.send")
        assert world.on_the_wall() == []
        clock.shift(21)
        world.run_outbox("gate.send", rounds=1)
        assert world.state_of(item) == "cleared"
        clock.shift(21)
        assert world.run_outbox("gate.send") == 0  # the pause has doubled
        clock.shift(21)
        world.run_outbox("gate.send")
        assert (world.state_of(item), world.state_of(unwanted)) == ("sent", "vetoed")
        assert world.on_the_wall() == ["Patience."]


def test_it_gives_up_at_last_and_a_person_may_try_again(world: World, network: Network) -> None:
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        world.charter(6)
        network(*[REFUSED] * MOST_ATTEMPTS)
        item = world.submitted("Encore.")
        for _ in range(MOST_ATTEMPTS):
            assert world.state_of(item) == "cleared"
            world.run_outbox("gate.send", rounds=1)
            clock.shift(timedelta(hours=1))
        assert world.state_of(item) == "failed"
        submit_item(world.cm, item_id=item.pk, seen_digest=digest(item))
        world.run_outbox("gate.send")
        assert (world.state_of(item), len(receipts(world))) == ("sent", 1)


def test_a_hopeless_failure_is_one_at_once(world: World, network: Network) -> None:
    world.charter(6)
    network(HOPELESS)
    item = world.submitted()
    world.run_outbox("gate.send")
    assert (world.state_of(item), receipts(world)) == ("failed", [])


@pytest.mark.parametrize("then", [REFUSED, HOPELESS])
def test_what_may_have_left_is_not_taken_for_unsent_when_the_next_try_fails_cleanly(
    world: World, network: Network, then: SendFailed
) -> None:
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        world.charter(6)
        network("lost", then)
        item = world.submitted("Une fois.")
        world.run_outbox("gate.send", rounds=1)
        assert world.state_of(item) == "sending"
        clock.shift(60)
        world.run_outbox("gate.send", rounds=1)
        if then.permanent:
            assert world.state_of(item) == "uncertain"
            (doubtful,) = dispatches(world, item)
            with brand_scope(world.brand):
                pk = Dispatch.objects.get(channel_id=doubtful).pk
            resolve_uncertain(world.cm, dispatch_id=pk, done=True)
        else:
            assert world.state_of(item) == "sending"
            with pytest.raises(Conflict):
                edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=world.content("Deux."))
            clock.shift(timedelta(hours=1))
            world.run_outbox("gate.send")
        assert (world.state_of(item), world.on_the_wall(), len(receipts(world))) == ("sent", ["Une fois."], 1)


def test_a_line_that_never_answers_ends_in_doubt_and_not_in_a_circle(world: World, network: Network) -> None:
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        world.charter(6)
        network(*[UNKNOWN] * 20)
        item = world.submitted()
        for _ in range(MOST_ATTEMPTS):
            world.run_outbox("gate.send", rounds=1)
            clock.shift(timedelta(hours=1))
        assert world.state_of(item) == "uncertain"


def test_an_error_before_the_call_leaves_no_doubt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.charter(6)
    item = world.submitted("Une fois.")
    with monkeypatch.context() as broken:
        broken.setattr(sending, "let_leave", lambda brand: (_ for _ in ()).throw(OperationalError("lock timeout")))
        world.run_outbox("gate.send", rounds=1)
    assert (world.state_of(item), set(dispatches(world, item).values())) == ("cleared", {"pending"})
    with brand_scope(world.brand):
        OutboxRow.objects.filter(kind="gate.send").update(due_at=timezone.now())
    world.run_outbox("gate.send")
    assert world.on_the_wall() == ["Une fois."]


def test_a_long_answer_costs_no_receipt(world: World, network: Network) -> None:
    world.charter(6)
    network(Sent(remote_id="i\0" * 600, url="https://example.org/" + "u" * 2000))
    world.submitted()
    world.run_outbox("gate.send")
    (receipt,) = receipts(world)
    assert (len(receipt.remote_id), len(receipt.url)) == (500, 1000)


def test_a_receipt_names_who_did_it_and_not_only_who_wrote_it(world: World) -> None:
    world.charter(6)
    item = world.draft("D'une autre main.")
    submit_item(world.actor(Role.AGENCY_MANAGER), item_id=item.pk, seen_digest=digest(item))
    world.run_outbox("gate.send")
    (receipt,) = receipts(world)
    manager = world.people[Role.AGENCY_MANAGER]
    assert (receipt.person_id, receipt.person_name) == (manager.pk, manager.name)
    assert receipt.decision.question["digest"] == receipt.content_digest == digest(item)


@pytest.mark.parametrize("harm", ["altered", "missing"])
def test_a_picture_that_is_not_the_approved_one_does_not_go_out(
    world: World, settings: Any, tmp_path: Path, harm: str
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, format="PNG")
    world.charter(6)
    medium = add_media(world.cm, data=out.getvalue(), declared="image/png")
    item = world.submitted(media=(MediaRef(medium.digest, "Un carré"),))
    stored = tmp_path / str(world.brand.id) / str(medium.pk)
    kept = stored.read_bytes()
    stored.write_bytes(b"autre") if harm == "altered" else stored.unlink()
    world.run_outbox("gate.send")
    assert (world.state_of(item), world.on_the_wall()) == ("failed", [])
    with brand_scope(world.brand):
        assert Dispatch.objects.get(item=item).error == ("content_altered" if harm == "altered" else "media_missing")
    stored.write_bytes(kept)
    submit_item(world.cm, item_id=item.pk, seen_digest=digest(item))
    world.run_outbox("gate.send")
    assert (world.state_of(item), len(world.on_the_wall())) == ("sent", 1)


# --- Several channels ---------------------------------------------------------------------------------------------------


@pytest.fixture
def second(world: World) -> str:
    world.charter(6)
    return str(connect_channel(actor=world.owner, kind="memory", name="Deux").pk)


def both(world: World, second: str, text: str = "Deux fois.") -> Item:
    return world.submitted(text, channels=(str(world.wall.pk), second))


def test_a_retry_serves_only_the_channel_that_failed(world: World, network: Network, second: str) -> None:
    network(HOPELESS, only=second)
    item = both(world, second)
    world.run_outbox("gate.send")
    assert world.state_of(item) == "failed"
    assert dispatches(world, item) == {str(world.wall.pk): "sent", second: "failed"}
    submit_item(world.cm, item_id=item.pk, seen_digest=digest(item))
    world.run_outbox("gate.send")
    assert (world.state_of(item), len(receipts(world))) == ("sent", 2)
    assert world.on_the_wall() == ["Deux fois."]


def test_an_edit_between_reaches_only_the_channel_that_failed(world: World, network: Network, second: str) -> None:
    network(HOPELESS, only=second)
    item = both(world, second)
    world.run_outbox("gate.send")
    content = world.content("Plus court.", channels=(str(world.wall.pk), second))
    version = edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=content)
    submit_item(world.cm, item_id=item.pk, seen_digest=version.digest)
    world.run_outbox("gate.send")
    assert (world.state_of(item), world.on_the_wall()) == ("sent", ["Deux fois."])
    assert [r.content_digest for r in receipts(world)] == [digest(item), version.digest]
    assert all(r.decision.question["digest"] == r.content_digest for r in receipts(world))


def test_when_no_channel_is_left_to_serve_it_says_so(world: World, network: Network, second: str) -> None:
    network(HOPELESS, only=second)
    item = both(world, second)
    world.run_outbox("gate.send")
    version = edit_item(world.cm, item_id=item.pk, seen_digest=digest(item), content=world.content("Un seul."))
    with pytest.raises(Invalid, match="nothing_to_send"):
        submit_item(world.cm, item_id=item.pk, seen_digest=version.digest)
    assert world.state_of(item) == "draft"


def test_beside_a_channel_in_doubt_only_the_other_is_served(world: World, network: Network, second: str) -> None:
    """The one in doubt is never sent again by itself, whatever becomes of the item."""
    network(SendFailed("gone", permanent=True, maybe_sent=True), only=second)
    world.sign(
        {"channel": "", "kind": "", "sensitivity": "routine", "level": 6},
        {"channel": str(world.wall.pk), "kind": "publish", "sensitivity": "routine", "level": 6},
    )
    item = both(world, second)
    with brand_scope(world.brand):
        rows = {d.channel_id: d.pk for d in Dispatch.objects.filter(item=item)}
    sending.send_dispatch(world.brand, dispatch_id=next(pk for c, pk in rows.items() if str(c) == second))
    assert world.state_of(item) == "cleared"
    world.charter(2)
    world.run_outbox("gate.send")
    assert (world.state_of(item), world.on_the_wall()) == ("waiting", [])
    approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))
    world.run_outbox("gate.send")
    assert world.state_of(item) == "uncertain"
    assert dispatches(world, item) == {str(world.wall.pk): "sent", second: "uncertain"}
    assert len(receipts(world)) == 1


def test_a_marked_dispatch_whose_item_has_moved_on_does_not_leave(world: World, second: str) -> None:
    """Between its two transactions another channel's answer may have taken the item elsewhere."""
    item = both(world, second)
    with brand_scope(world.brand):
        one = Dispatch.objects.filter(item=item).order_by("id").first()
        assert one is not None
    from clients.autonomy.vocabulary import EntryPoint
    from clients.people.actor import process_of

    worker = process_of(world.brand, EntryPoint.WORKER, "worker")
    marked = mark(worker, one.pk)
    assert marked is not None
    world.charter(2)
    with brand_scope(world.brand):
        other = Dispatch.objects.exclude(pk=one.pk).get(item=item)
    sending.send_dispatch(world.brand, dispatch_id=other.pk)
    assert world.state_of(item) == "waiting"
    edit_item(
        world.cm,
        item_id=item.pk,
        seen_digest=digest(item),
        content=world.content("Autre.", channels=(str(world.wall.pk), second)),
    )
    world.charter(6)
    sending.leave(worker, marked)
    assert (world.state_of(item), receipts(world), dispatches(world, item)) == ("draft", [], {})
