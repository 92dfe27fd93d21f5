"""The network `memory`: class A, and foreign enough that our rollback does not touch it."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection

from clients.channels.delivery import Port
from clients.channels.memory.connector import CONNECTOR
from clients.channels.port import Outbound, SendFailed
from clients.channels.queries import memory_wall
from clients.channels.registry import connector_for
from tenants.brandref import BrandRef
from tenants.walls.scope import brand_scope, durable
from tests.channels.contract import Effects, SendingContract


@pytest.fixture
def port() -> Port:
    return connector_for("memory")


@pytest.fixture
def brand(real_brands: tuple[BrandRef, BrandRef]) -> BrandRef:
    return real_brands[0]


@pytest.fixture
def outbound(outbound: Outbound, brand: BrandRef) -> Outbound:
    return replace(outbound, brand_id=brand.id)


@pytest.fixture
def effects(brand: BrandRef, outbound: Outbound) -> Effects:
    def count() -> int:
        with brand_scope(brand):
            return memory_wall(outbound.channel_id).count()

    return count


@pytest.fixture(autouse=True)
def _no_connection_is_left_behind() -> Iterator[None]:
    yield
    for thread in threading.enumerate():
        if thread.name == "channel-call":
            thread.join(5)
            assert not thread.is_alive()


class TestContract(SendingContract):
    kind = "memory"
    only_records = True


def test_a_crash_of_ours_after_the_call_leaves_the_post_and_a_repeat_finds_it(
    port: Port, outbound: Outbound, brand: BrandRef, effects: Effects
) -> None:
    class CrashError(Exception):
        """The worker dies after the call and before its commit."""

    def crashing() -> None:
        with durable(brand):
            port.send(outbound)
            raise CrashError

    with pytest.raises(CrashError):
        crashing()
    assert effects() == 1
    found = port.find(outbound)
    assert found is not None and port.send(outbound) == found
    assert effects() == 1


def test_it_sees_nothing_of_our_open_transaction_and_waits_for_none_of_its_locks(
    port: Port, outbound: Outbound, brand: BrandRef, effects: Effects
) -> None:
    with durable(brand):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM channels_channel FOR UPDATE")
        assert port.send(outbound).remote_id
    assert effects() == 1


def test_many_at_once_with_one_key_make_one_post(port: Port, outbound: Outbound, effects: Effects) -> None:
    answers = []
    crowd = [threading.Thread(target=lambda: answers.append(port.send(outbound))) for _ in range(12)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert effects() == 1 and len(answers) == 12 and len(set(answers)) == 1


def test_a_key_belongs_to_one_channel(port: Port, outbound: Outbound, brand: BrandRef) -> None:
    first, second = port.send(outbound), port.send(replace(outbound, channel_id=uuid4()))
    assert first.remote_id != second.remote_id


def test_the_wall_of_one_brand_shows_nothing_of_another(
    port: Port, outbound: Outbound, real_brands: tuple[BrandRef, BrandRef]
) -> None:
    port.send(outbound)
    with brand_scope(real_brands[1]):
        assert not memory_wall().exists()


def test_nothing_appears_after_the_deadline(outbound: Outbound, effects: Effects) -> None:
    with pytest.raises(SendFailed, match="deadline") as late:
        CONNECTOR.send(outbound, time.monotonic() - 1)
    assert not late.value.maybe_sent and effects() == 0


def test_called_past_its_port_inside_our_transaction_it_refuses(
    outbound: Outbound, brand: BrandRef, effects: Effects
) -> None:
    with durable(brand), pytest.raises(RuntimeError, match="called_inside_a_transaction"):
        CONNECTOR.send(outbound, 0)
    assert effects() == 0
