"""Writing down what happened here, while others write: each thing once, and as strictly as it is kept by then."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections

from clients.audit.actions import record
from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.community.models import Member
from clients.crm.actions import note_talks, timeline
from clients.crm.models import TimelineEntry
from clients.custody.models import Conversation
from clients.disclosure.rules import InfoClass
from clients.people.actor import process_of
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.conftest import make_person
from tests.crm.conftest import bring, connected, member, said
from tests.custody.conftest import begin
from tests.world import World, make_world

WAITS = """SELECT count(*) FROM pg_locks WHERE NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


@pytest.fixture
def world(real_brands: tuple[BrandRef, BrandRef]) -> World:
    return make_world(real_brands[0], make_person)


def with_talk(world: World) -> Conversation:
    """A contact with whom a conversation was begun."""
    lea, system = member(world, email="lea@example.org"), connected(world, by_email="link")
    bring(world, system, said(system, "7", name="Léa Martin", email="lea@example.org"))
    return begin(world, member=lea.pk, info_class=InfoClass.SHARED)


@contextmanager
def running(act: Callable[[], Any]) -> Iterator[list[Any]]:
    """In a connection of its own; what it returned, once it has."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(act())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield found
    finally:
        thread.join(60)


def until_somebody_waits() -> None:
    """Somebody stands at a lock that another one holds."""
    with connection.cursor() as cursor:
        for _ in range(2_000):
            cursor.execute(WAITS)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")


def house(world: World) -> int:
    return note_talks(process_of(world.brand, EntryPoint.WORKER, "test"))


def entries(world: World) -> list[tuple[str, str]]:
    with brand_scope(world.brand):
        return list(TimelineEntry.objects.filter(here=True).order_by("ref").values_list("kind", "info_class"))


def test_two_runs_at_once_write_and_count_each_thing_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with_talk(world)
    written, go_on = threading.Event(), threading.Event()

    def slow(*args: Any, **kwargs: Any) -> None:
        written.set()
        assert go_on.wait(60)
        record(*args, **kwargs)

    monkeypatch.setattr(timeline, "record", slow)
    with running(lambda: house(world)) as first:
        assert written.wait(60)
        with running(lambda: house(world)) as second:
            until_somebody_waits()
            go_on.set()
    assert (first, second) == ([1], [0])
    assert entries(world) == [("conversation_opened", "shared")]
    with brand_scope(world.brand):
        assert Entry.objects.filter(verb="crm.talks_noted").count() == 1


@pytest.mark.parametrize("model", [Conversation, Member])
def test_what_somebody_is_changing_is_noted_the_next_time_as_it_is_then(world: World, model: Any) -> None:
    talk = with_talk(world)
    of = talk.pk if model is Conversation else talk.member
    changed, go_on = threading.Event(), threading.Event()

    def change() -> None:
        with durable(world.brand):
            assert model.objects.select_for_update().get(pk=of)
            Conversation.objects.filter(pk=talk.pk).update(info_class=InfoClass.BRAND)
            changed.set()
            assert go_on.wait(60)

    with running(change):
        assert changed.wait(60)
        assert house(world) == 0
        assert entries(world) == [], "nothing is written by the class that it had"
        go_on.set()
    assert house(world) == 1
    assert entries(world) == [("conversation_opened", "brand")]
