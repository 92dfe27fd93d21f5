"""Rows of work: asked for twice is once, done at least once, later when too early, given up with a trace, and never lost."""

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerLost

from clients.outbox import actions, registry
from clients.outbox.actions import LAST_ATTEMPT, cancel, enqueue, perform
from clients.outbox.management.commands import relay as relay_module
from clients.outbox.management.commands.relay import Command
from clients.outbox.models import OutboxRow
from clients.outbox.registry import Later, handles
from clients.outbox.tasks import perform_row
from tenants import pending as pending_module
from tenants.actions import change_state
from tenants.errors import Missing
from tenants.ids import uuid7
from tenants.models import Pending
from tenants.pending import HOLD, PAUSE, Listener, claim, claim_due, give_back_endless, wake_relay, wake_relay_for
from tenants.vocabulary import BrandState
from tenants.walls.scope import BrandRef, brand_scope
from tests.database import forget_inherited

ALL = 1000
"""A share of the workers that keeps no row back."""


def put(brand: BrandRef, key: str = "one", *, in_seconds: float = 0, **payload: Any) -> UUID:
    with brand_scope(brand):
        return enqueue("test.work", payload, key=key, due_at=timezone.now() + timedelta(seconds=in_seconds))


def row(brand: BrandRef, pk: UUID) -> OutboxRow:
    with brand_scope(brand):
        return OutboxRow.objects.get(pk=pk)


def make_due(brand: BrandRef, pk: UUID) -> None:
    with brand_scope(brand):
        OutboxRow.objects.filter(pk=pk).update(due_at=timezone.now())


def raising(error: Exception) -> Any:
    def act() -> None:
        raise error

    return act


def with_act(act: Any) -> Any:
    """A handler with an act that no JSON can hold."""
    registry._handlers["test.work"] = lambda brand, payload: act()


def test_asking_twice_is_asking_once_and_moves_the_moment(brand: BrandRef, handler: list[Any]) -> None:
    first = put(brand, in_seconds=3600, n=1)
    assert put(brand, n=2) == first
    other = put(brand, "two")
    assert other != first
    perform(brand, first)
    assert handler == [{"n": 2}]
    assert put(brand) not in (first, other)  # the first is done: this is another piece of work


def test_a_row_is_done_once_and_not_before_its_moment(brand: BrandRef, handler: list[Any]) -> None:
    pk, later = put(brand), put(brand, "later", in_seconds=60)
    for _ in range(3):
        perform(brand, pk)
        perform(brand, later)
    assert len(handler) == 1
    assert row(brand, pk).done_at is not None
    perform(brand, uuid7())


def test_what_is_cancelled_is_not_done(brand: BrandRef, handler: list[Any]) -> None:
    pk = put(brand)
    with brand_scope(brand):
        cancel("test.work", key="one")
        cancel("test.work", key="never asked")
    perform(brand, pk)
    assert handler == []
    assert not Pending.objects.exists()


def test_nothing_is_written_when_the_transaction_is_taken_back(brand: BrandRef, handler: list[Any]) -> None:
    with pytest.raises(RuntimeError), brand_scope(brand):
        enqueue("test.work", {}, key="one")
        raise RuntimeError
    assert not Pending.objects.exists()


def test_a_handler_that_is_too_early_comes_back_and_that_is_no_failure(brand: BrandRef, handler: list[Any]) -> None:
    pk = put(brand)
    with_act(raising(Later(timezone.now() + timedelta(hours=1))))
    for _ in range(LAST_ATTEMPT + 2):
        make_due(brand, pk)
        perform(brand, pk)
    with_act(raising(RuntimeError()))
    make_due(brand, pk)
    perform(brand, pk)
    assert (row(brand, pk).done_at, row(brand, pk).last_error) == (None, "RuntimeError")


def test_a_moment_that_did_not_move_gives_the_lease_back(brand: BrandRef, handler: list[Any]) -> None:
    """The worker's clock may be a little behind the database's: the row must not sleep until the lease is over."""
    pk = put(brand)
    assert claim_due() == [(brand.id, pk)]
    with_act(raising(Later(row(brand, pk).due_at)))
    perform(brand, pk)
    assert Pending.objects.get(row_id=pk).leased_until is None


def test_a_failure_is_tried_again_with_growing_pauses_and_given_up_with_a_trace(
    brand: BrandRef, handler: list[Any]
) -> None:
    pk = put(brand)
    with_act(raising(ValueError("never told")))
    pauses: list[timedelta] = []
    for attempt in range(1, LAST_ATTEMPT + 1):
        make_due(brand, pk)
        before = timezone.now()
        perform(brand, pk)
        found = row(brand, pk)
        assert (found.attempts, found.last_error) == (attempt, "ValueError")
        if attempt < LAST_ATTEMPT:
            pauses.append(timedelta(seconds=round((found.due_at - before).total_seconds())))
    assert pauses == sorted(pauses)
    assert timedelta(seconds=9) < pauses[0] < timedelta(minutes=1) < pauses[-1] <= timedelta(hours=1, seconds=5)
    assert row(brand, pk).done_at is not None
    assert not Pending.objects.exists()


def test_an_unknown_kind_waits_for_the_release_that_knows_it(brand: BrandRef) -> None:
    with brand_scope(brand):
        pk = enqueue("test.unknown", {}, key="one")
    perform(brand, pk)
    assert (row(brand, pk).done_at, row(brand, pk).last_error) == (None, "KeyError")


def test_a_handler_may_ask_for_its_own_work_again(brand: BrandRef, handler: list[Any]) -> None:
    pk = put(brand)
    with_act(lambda: put(brand, in_seconds=3600))
    perform(brand, pk)
    found = row(brand, pk)
    assert found.done_at is None
    assert found.due_at > timezone.now() + timedelta(minutes=50)


def test_a_handler_runs_outside_any_transaction(brand: BrandRef, handler: list[Any]) -> None:
    seen: list[bool] = []
    pk = put(brand)
    with_act(lambda: seen.append(transaction.get_connection().in_atomic_block))
    perform(brand, pk)
    assert seen == [False]


def test_two_handlers_for_one_kind_are_a_mistake(handler: list[Any]) -> None:
    with pytest.raises(RuntimeError, match="two handlers"):
        handles("test.work")(lambda brand, payload: None)


def test_two_workers_on_one_row_do_not_break_each_other(brand: BrandRef, handler: list[Any]) -> None:
    pk, barrier = put(brand), threading.Barrier(2)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            barrier.wait(5)
            perform(brand, pk)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert 1 <= len(handler) <= 2  # at least once; handlers bear being called again
    assert row(brand, pk).done_at is not None


# --- The hub's index and the relay --------------------------------------------------------------------------------------


def pending() -> list[tuple[UUID, datetime, datetime | None]]:
    return list(Pending.objects.values_list("row_id", "due_at", "leased_until"))


def test_the_hubs_index_follows_every_change(brand: BrandRef, handler: list[Any]) -> None:
    pk = put(brand, in_seconds=60)
    assert pending() == [(pk, row(brand, pk).due_at, None)]
    put(brand)
    assert pending() == [(pk, row(brand, pk).due_at, None)]
    perform(brand, pk)
    assert pending() == []


def test_a_claim_is_ones_own_until_the_lease_is_over(brand: BrandRef, handler: list[Any]) -> None:
    pks = {put(brand, str(n)) for n in range(3)}
    put(brand, "later", in_seconds=60)
    assert {pk for _, pk in claim_due(share=ALL)} == pks
    assert claim_due() == []
    Pending.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert {pk for _, pk in claim_due(limit=2, share=ALL)} < pks
    assert len(claim_due(share=ALL)) == 1


def test_a_lease_that_a_clock_ahead_of_ours_gave_is_over(brand: BrandRef, handler: list[Any]) -> None:
    honest, endless = put(brand, "honest"), put(brand, "endless")
    claim_due(share=ALL)
    Pending.objects.filter(row_id=endless).update(leased_until=timezone.now() + timedelta(days=1))
    assert give_back_endless() == 1
    assert claim_due(share=ALL) == [(brand.id, endless)]
    assert Pending.objects.get(row_id=honest).leased_until is not None


def test_two_relays_share_and_do_not_wait_for_each_other(brand: BrandRef, handler: list[Any]) -> None:
    pks = {put(brand, str(n)) for n in range(4)}
    mine: list[UUID] = []

    def other_relay() -> None:
        mine.extend(pk for _, pk in claim_due(limit=2, share=ALL))
        connections.close_all()

    with transaction.atomic():
        first = {pk for _, pk in claim_due(limit=2, share=ALL)}
        thread = threading.Thread(target=other_relay)
        thread.start()
        thread.join(5)
        assert not thread.is_alive()
    assert first | set(mine) == pks
    assert not first & set(mine)


def test_asking_for_claimed_work_at_another_moment_frees_it(brand: BrandRef, handler: list[Any]) -> None:
    pk = put(brand)
    claim_due()
    put(brand)
    assert claim_due() == [(brand.id, pk)]


def test_nothing_is_lost_when_the_worker_dies_between_claim_and_work(brand: BrandRef, handler: list[Any]) -> None:
    pk = put(brand)
    claim_due()
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            forget_inherited()
            with_act(lambda: os.kill(os.getpid(), signal.SIGKILL))
            perform(brand, pk)
        finally:
            os._exit(3)  # whatever happens: a child must not go on with the tests behind this one
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (row(brand, pk).done_at, row(brand, pk).attempts) == (None, 1)
    assert claim_due() == []
    Pending.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert claim_due() == [(brand.id, pk)]
    perform(brand, pk)
    assert len(handler) == 1
    assert pending() == []


def test_a_commit_wakes_the_relay_and_a_broken_call_does_not_undo_it(
    brand: BrandRef, handler: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Listener() as listener:
        put(brand, in_seconds=3600)
        assert list(listener._connection.notifies(timeout=5, stop_after=1))
        monkeypatch.setattr(actions, "wake_relay", raising(ConnectionError()))
        pk = put(brand, "two")
    assert row(brand, pk).done_at is None


def test_the_relay_draws_breath_beside_a_row_that_another_holds(brand: BrandRef, handler: list[Any]) -> None:
    put(brand)
    with Listener() as listener:
        assert list(listener._connection.notifies(timeout=0.1)) == []
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute("SELECT FROM tenants_pending FOR UPDATE")
            began = time.monotonic()
            listener.sleep_until_due(timezone.now())
    assert time.monotonic() - began >= PAUSE


@pytest.mark.parametrize("state", [BrandState.SUSPENDED, BrandState.CLOSING])
def test_the_task_of_a_brand_that_is_not_served_fails(brand: BrandRef, handler: list[Any], state: BrandState) -> None:
    pk = put(brand)
    change_state(brand, state)
    with pytest.raises(Missing):
        perform_row(str(brand.id), str(pk))
    with pytest.raises(Missing):
        perform_row(str(uuid7()), str(pk))
    assert handler == []


def test_the_task_of_a_served_brand_does_its_row(brand: BrandRef, handler: list[Any]) -> None:
    perform_row(str(brand.id), str(put(brand)))
    assert len(handler) == 1


def test_what_the_broker_does_not_take_goes_back_at_once(
    brand: BrandRef, handler: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pks = {put(brand, str(n)) for n in range(3)}
    taken: list[str] = []

    def publish(ids: tuple[str, str], **_options: Any) -> None:
        if taken:
            raise BrokerLost
        taken.append(ids[1])

    monkeypatch.setattr(perform_row, "apply_async", publish)
    with pytest.raises(BrokerLost):
        Command().hand_on(claim_due(share=ALL))
    assert {pk for _, pk in claim_due(share=ALL)} == pks - {UUID(taken[0])}


# --- Brands in turn -------------------------------------------------------------------------------------------------------


def brands_of(rows: list[tuple[UUID, UUID]]) -> list[UUID]:
    return [brand_id for brand_id, _ in rows]


def test_no_brand_gets_more_than_its_share_until_a_row_of_it_ends(brand: BrandRef, handler: list[Any]) -> None:
    for n in range(5):
        put(brand, str(n))
    first = claim_due(share=2)
    assert len(first) == 2
    assert claim_due(share=2) == []
    perform(*first_of(brand, first))
    assert len(claim_due(share=2)) == 1


def first_of(brand: BrandRef, rows: list[tuple[UUID, UUID]]) -> tuple[BrandRef, UUID]:
    return brand, rows[0][1]


def test_brands_are_served_in_turn_whoever_was_first(
    real_brands: tuple[BrandRef, BrandRef], handler: list[Any]
) -> None:
    early, late = real_brands
    for n in range(6):
        put(early, str(n), in_seconds=-60)
    for n in range(3):
        put(late, str(n))
    assert brands_of(claim_due(limit=4, share=ALL)) == [early.id, late.id, early.id, late.id]


def test_a_brand_behind_a_flood_of_another_is_found(
    real_brands: tuple[BrandRef, BrandRef], handler: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    flood, other = real_brands
    monkeypatch.setattr(pending_module, "WINDOW", 3)
    for n in range(8):
        put(flood, str(n), in_seconds=-60)
    put(other)
    assert sorted(brands_of(claim_due(share=2))) == sorted([flood.id, flood.id, other.id])
    put(other, "two")
    assert brands_of(claim_due(share=2)) == [other.id]


def test_all_hands_together_hold_no_more_than_they_may(brand: BrandRef, handler: list[Any]) -> None:
    for n in range(6):
        put(brand, str(n))
    found = claim(share=ALL, ahead=4)
    assert (len(found.rows), found.crowded) == (4, True)
    again = claim(share=ALL, ahead=4)
    assert (again.rows, again.crowded) == ([], True)
    assert not claim(share=ALL, ahead=10).crowded


def test_what_waits_for_its_brands_turn_does_not_keep_the_relay_awake(brand: BrandRef, handler: list[Any]) -> None:
    for n in range(3):
        put(brand, str(n))
    with Listener() as listener:
        found = claim(share=1)
        list(listener._connection.notifies(timeout=0.1))
        began = time.monotonic()
        listener.sleep_until_due(found.at, at_most=0.5)
        assert time.monotonic() - began >= 0.5
        perform(*first_of(brand, found.rows))
        wake_relay_for(brand.id)
        assert list(listener._connection.notifies(timeout=5, stop_after=1))


def test_who_is_free_takes_the_next_row_without_a_message(brand: BrandRef, handler: list[Any]) -> None:
    for n in range(5):
        put(brand, str(n), n=n)
    [(_, first)] = claim_due(limit=1)
    perform_row(str(brand.id), str(first))
    assert [payload["n"] for payload in handler] == [0, 1, 2, 3, 4]


def test_a_row_of_a_dead_worker_keeps_its_brand_for_a_call_and_itself_for_its_lease(
    brand: BrandRef, handler: list[Any]
) -> None:
    pks = [put(brand, str(n)) for n in range(2)]
    [(_, first)] = claim_due(share=1)
    with_act(raising(KeyboardInterrupt()))  # type: ignore[arg-type]
    with pytest.raises(KeyboardInterrupt):
        perform(brand, first)
    assert claim_due(share=1) == []
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE tenants_pending SET begun_at = begun_at - %s WHERE begun_at IS NOT NULL", [HOLD])
    assert [pk for _, pk in claim_due(share=1)] == [pk for pk in pks if pk != first]


def test_a_row_that_ends_wakes_nobody_when_nothing_waits(brand: BrandRef, handler: list[Any]) -> None:
    pk = put(brand)
    with Listener() as listener:
        perform_row(str(brand.id), str(pk))
        assert list(listener._connection.notifies(timeout=0.2)) == []


def test_the_relay_sleeps_to_the_end_of_a_lease(brand: BrandRef, handler: list[Any]) -> None:
    pk = put(brand)
    found = claim(lease=timedelta(seconds=0.3))
    with Listener() as listener:
        began = time.monotonic()
        listener.sleep_until_due(found.at)
    assert 0.1 < time.monotonic() - began < 10
    assert claim_due() == [(brand.id, pk)]


def test_a_row_that_has_begun_is_leased_for_the_work(brand: BrandRef, handler: list[Any]) -> None:
    pk = put(brand)
    seen: list[timedelta] = []
    with_act(lambda: seen.append(Pending.objects.get(row_id=pk).leased_until - timezone.now()))  # type: ignore[operator]
    claim_due()
    perform(brand, pk)
    assert timedelta(seconds=80) < seen[0] <= timedelta(seconds=91)


# --- Without a broker -----------------------------------------------------------------------------------------------------


def relay_until(happened: Callable[[], bool]) -> Command:
    """The relay's loop in a thread of this process until something has happened."""
    relay = Command()

    def loop() -> None:
        relay.relay()
        connections.close_all()

    thread = threading.Thread(target=loop)
    thread.start()
    until = time.monotonic() + 15
    while not happened() and time.monotonic() < until:
        time.sleep(0.02)
    relay.running = False
    wake_relay()
    thread.join(10)
    relay.hands.finish(10)
    assert not thread.is_alive()
    return relay


def test_without_a_broker_the_relay_performs_what_is_due(brand: BrandRef, handler: list[Any]) -> None:
    for n in range(12):
        put(brand, str(n), in_seconds=n / 20)
    relay = relay_until(lambda: not Pending.objects.exists())
    assert len(handler) == 12
    assert not relay.hands.busy


def test_a_lost_broker_is_replaced_and_taken_back(
    brand: BrandRef, handler: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lost at the first message, back when three rows are done: then workers are woken again."""
    published: list[str] = []

    def publish(ids: tuple[str, str], **_options: Any) -> None:
        if len(handler) < 3:
            raise BrokerLost
        published.append(ids[1])

    monkeypatch.setattr(relay_module, "no_broker", lambda: False)
    monkeypatch.setattr(Command, "broker_is_back", lambda relay: _back(relay, len(handler) >= 3))
    monkeypatch.setattr(perform_row, "apply_async", publish)
    for n in range(3):
        put(brand, str(n))
    put(brand, "later", in_seconds=1.5)
    relay_until(lambda: bool(published))
    assert (len(handler), len(published)) == (3, 1)


def test_what_a_lost_broker_held_is_claimed_anew_unless_a_worker_has_begun(brand: BrandRef, handler: list[Any]) -> None:
    begun, waiting = put(brand, "begun"), put(brand, "waiting")
    relay = Command()
    relay.handed.extend(claim_due())
    with_act(lambda: relay.lose_broker(BrokerLost()))
    perform(brand, begun)
    assert relay.away
    assert Pending.objects.get(row_id=waiting).leased_until is None
    relay.handed.extend(claim_due())
    with_act(lambda: (relay.lose_broker(BrokerLost()), begun_leases.extend(pending())))
    begun_leases: list[Any] = []
    perform(brand, waiting)
    assert begun_leases[0][2] > timezone.now() + timedelta(seconds=60)


def _back(relay: Command, back: bool) -> bool:
    relay.away = not back
    return back


def test_a_brand_that_is_not_served_stops_no_hand(real_brands: tuple[BrandRef, BrandRef], handler: list[Any]) -> None:
    closed, other = real_brands
    pk = put(closed, in_seconds=-60)
    change_state(closed, BrandState.SUSPENDED)
    put(other)
    relay_until(lambda: not Pending.objects.exclude(row_id=pk).exists())
    assert len(handler) == 1
    assert list(Pending.objects.values_list("row_id", flat=True)) == [pk]
