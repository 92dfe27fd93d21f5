"""Readings from `named` upward are in the log before anything is shown, once in five minutes; no line, no words."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from clients.audit.models import Entry
from clients.briefings.access import open_sections
from clients.briefings.actions import publish_briefing
from clients.briefings.queries import briefing_in_force
from clients.disclosure import steps
from clients.disclosure.models import Disclosure
from clients.disclosure.queries import by_facts, readings_of
from clients.disclosure.rules import InfoClass
from clients.disclosure.steps import Reading, note_reads
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.disclosure.conftest import sitting
from tests.world import World

ONE = uuid4()


def reading(info_class: InfoClass = InfoClass.BRAND, revision: str = "1") -> Reading:
    return Reading("items.itemnote", ONE, revision, info_class)


def lines(world: World) -> list[dict[str, Any]]:
    with brand_scope(world.brand):
        return list(Entry.objects.filter(verb="read").order_by("at", "id").values_list("facts", flat=True))


def note(world: World, *readings: Reading, session: str = "s1", role: Role = Role.BRAND_OWNER) -> None:
    with brand_scope(world.brand):
        note_reads(sitting(world.actor(role), session), readings)


@pytest.mark.parametrize("info_class", list(InfoClass))
def test_what_is_open_to_all_costs_nothing(world: World, info_class: InfoClass, django_assert_num_queries: Any) -> None:
    actor = sitting(world.owner)
    with brand_scope(world.brand):
        Entry.objects.exists()
        with django_assert_num_queries(0 if info_class in {"public", "shared"} else 2):
            note_reads(actor, [reading(info_class)])
    assert len(lines(world)) == (0 if info_class in {"public", "shared"} else 1)


def test_once_in_five_minutes_for_a_person_a_session_and_a_revision(world: World) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        note(world, reading())
        note(world, reading())
        assert len(lines(world)) == 1
        note(world, reading(revision="2"))
        note(world, reading(), session="s2")
        note(world, reading(), role=Role.BRAND_MANAGER)
        assert len(lines(world)) == 4
        clock.shift(timedelta(minutes=5, seconds=1))
        note(world, reading())
        assert len(lines(world)) == 5


def test_without_a_session_each_reading_is_a_line(world: World) -> None:
    note(world, reading(), session="")
    note(world, reading(), session="")
    assert len(lines(world)) == 2


def test_the_line_has_ids_and_no_words(world: World) -> None:
    note(world, reading(), Reading("items.media", ONE, "abc", InfoClass.NAMED))
    (facts,) = lines(world)
    assert facts["session"] == "s1"
    assert [set(one) for one in facts["objects"]] == [{"kind", "id", "revision", "class"}] * 2
    with brand_scope(world.brand):
        assert [entry.person_id for entry in readings_of(ONE)] == [world.owner.person_id]
        assert not readings_of(uuid4()).exists()


def test_who_has_read_one_thing_is_asked_of_the_indexes(world: World) -> None:
    """However long the log is: no part of the question reads it from one end to the other."""
    with brand_scope(world.brand), connection.cursor() as cursor:
        # Only by conditions: walking a whole index in its order, which a nearly empty table invites to, is reading it all.
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        plan = readings_of(ONE, by_facts("link.opened", object=str(ONE))).explain()
        ledger = Disclosure.objects.filter(object_ids__contains=[str(ONE)]).order_by().explain()
    assert plan.count("audit_seen") == 2 and "audit_of_subject" in plan and "Seq Scan" not in plan, plan
    # In a log as short as this one's the ledger is joined the other way round: its own condition has an index, too.
    assert "disclosure_of_object" in ledger, ledger


def test_no_line_no_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail closed: while the log cannot be written, what it must tell of is not shown; what it need not is."""
    publish_briefing(actor=world.owner, after=1, sections={"tone": "kept"}, calendar={})

    def broken(*_args: object, **_facts: object) -> None:
        raise OSError("no room for another line")

    with brand_scope(world.brand):
        version = briefing_in_force()
        assert version is not None
        assert [one.value for one in open_sections(world.owner, version)] == ["kept"]
        monkeypatch.setattr(steps, "record", broken)
        with pytest.raises(OSError, match="no room"):
            open_sections(world.owner, version)
        assert open_sections(world.cm, version) == []
