"""What was kept long enough goes, and nothing else: by each rule, in its time, with a line each run."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clients.audit.actions import record
from clients.audit.models import Entry, Private
from clients.autonomy.vocabulary import EntryPoint
from clients.community.actions import add_member, date_retention, hold_member, run_retention, set_retention
from clients.community.retention import over, rules
from clients.community.rules import DEFAULTS, About, Stored
from clients.custody.models import Conversation, Turn
from clients.items.actions import read_import
from clients.items.models import ItemImport
from clients.outbox.actions import enqueue
from clients.outbox.models import OutboxRow
from clients.people.access import actor_for
from clients.people.actions import come_in
from clients.people.actor import Actor, process_of
from clients.people.coming import Origin, Proof
from tenants.errors import Invalid, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.custody.conftest import begin
from tests.world import World

DAY = timedelta(days=1)


def worker(world: World) -> Actor:
    return process_of(world.brand, EntryPoint.WORKER, "community")


def aged_import(world: World, days: int, text: str = "Un mot") -> ItemImport:
    table = read_import(world.cm, data=f"text\n{text}\n".encode(), name="plan.csv")
    with brand_scope(world.brand):
        ItemImport.objects.filter(pk=table.pk).update(created_at=timezone.now() - days * DAY)
    return table


def cells(world: World, table: ItemImport) -> Any:
    with brand_scope(world.brand):
        return ItemImport.objects.get(pk=table.pk).rows


def test_what_is_over_goes_and_what_is_not_stays(world: World, other: World) -> None:
    old, young, theirs = aged_import(world, 181), aged_import(world, 179), aged_import(other, 181)
    assert run_retention(worker(world))["imports"] == 1
    assert (cells(world, old), bool(cells(world, young)), bool(cells(other, theirs))) == ([], True, True)
    assert run_retention(worker(world))["imports"] == 0


def test_the_preview_says_what_the_run_does(world: World) -> None:
    for days in (100, 181, 400):
        aged_import(world, days)
    with brand_scope(world.brand):
        rule = next(rule for rule in rules() if rule.kind is Stored.IMPORTS)
        now = timezone.now()
        assert [len(over(rule, now + days * DAY)) for days in (0, 79, 81)] == [2, 2, 3]
    assert run_retention(worker(world))["imports"] == 2


def test_network_addresses_of_the_log_go_with_the_line_of_an_erasure(world: World) -> None:
    with durable(world.brand):
        lines = [record(world.owner, "test.line", None, private={"ip": "192.0.2.7"}) for _ in range(2)]
    with brand_scope(world.brand):
        before = Private.objects.count()
    later = timezone.now() + timedelta(days=91)
    with brand_scope(world.brand):
        rule = next(rule for rule in rules() if rule.kind is Stored.ORIGINS)
        assert set(over(rule, later)) == {line.pk for line in lines}
        assert over(rule, later - 2 * DAY) == []
    with time_machine.travel(later):
        assert run_retention(worker(world))["origins"] == 2
    with brand_scope(world.brand):
        erased = Entry.objects.get(verb="log.erased")
        assert erased.facts["basis"] == "retention"
        assert [seq for first, last in erased.facts["seqs"] for seq in range(first, last + 1)] == [e.seq for e in lines]
        # The two, and beside them the new lines of the run itself.
        assert Private.objects.filter(pk__in=[line.pk for line in lines]).count() == 0 < before


def test_where_people_came_from_goes_in_its_time_and_the_line_stays(world: World, other: World) -> None:
    """The lines of real comings: one that is due, one that is not yet, one of the brand next door."""
    now = timezone.now()
    for there, days in ((world, 91), (world, 89), (other, 91)):
        with time_machine.travel(now - days * DAY, tick=False):
            comes(there, f"{days}")
    with time_machine.travel(now - 92 * DAY, tick=False), durable(world.brand):
        record(world.owner, "test.line", None, private={"note": "no address"})
    with brand_scope(world.brand):
        rule = next(rule for rule in rules() if rule.kind is Stored.ORIGINS)
        old, young = Entry.objects.filter(verb="session.entered").order_by("at")
        assert over(rule, now) == [old.pk]
        assert over(rule, now + 2 * DAY) == [old.pk, young.pk]
    assert run_retention(worker(world))["origins"] == 1
    assert run_retention(worker(world))["origins"] == 0
    with brand_scope(world.brand):
        assert not Private.objects.filter(pk=old.pk).exists()
        assert Private.objects.get(pk=young.pk).data["ip"] == "192.0.2.7"
        assert Private.objects.filter(pk=Entry.objects.get(verb="test.line").pk).exists()
        assert Entry.objects.get(verb="log.erased").facts["seqs"] == [[old.seq, old.seq]]
        assert (old.person_id, old.facts["how"]) == (world.owner.person_id, ["password"])
    with brand_scope(other.brand):
        assert Private.objects.filter(data__ip="192.0.2.7").count() == 1


def comes(world: World, session: str) -> None:
    person = world.people[Role.BRAND_OWNER]
    actor = actor_for(person, world.brand, EntryPoint.PAGE, session=session)
    come_in(actor, origin=Origin("m", "192.0.2.7", "Firefox"), signed_in=[Proof("password", timezone.now())])


def test_whoever_is_held_back_keeps_what_names_them(world: World) -> None:
    member = add_member(world.owner, about=About("Léa Zorglub"))
    named, another = aged_import(world, 200, "Merci Léa Zorglub"), aged_import(world, 200, "Merci Tom")
    hold_member(world.owner, member_id=member.pk, because="Litige")
    assert run_retention(worker(world))["imports"] == 1
    assert cells(world, named) and not cells(world, another)


def test_every_run_is_a_line_and_writes_down_the_next(world: World) -> None:
    date_retention(worker(world))
    date_retention(worker(world))
    assert world.run_outbox("community.retention", rounds=1) == 1
    with brand_scope(world.brand):
        line = Entry.objects.get(verb="retention.run")
        assert set(line.facts["counts"]) == set(map(str, DEFAULTS))
        row = OutboxRow.objects.get(kind="community.retention", done_at=None)
        assert timedelta(hours=23) < row.due_at - timezone.now() < timedelta(hours=25)


def test_the_brands_own_days_and_none(world: World) -> None:
    with durable(world.brand):
        row_id = enqueue("test.done", {}, key="1")
        OutboxRow.objects.filter(pk=row_id).update(done_at=timezone.now() - 40 * DAY)
    assert run_retention(worker(world))["queue"] == 0
    set_retention(world.owner, kind="queue", days=30, on=False)
    assert run_retention(worker(world))["queue"] == 0
    set_retention(world.owner, kind="queue", days=30, on=True)
    assert run_retention(worker(world))["queue"] == 1


@pytest.mark.parametrize(("days", "kind"), [(6, "queue"), (3651, "queue"), (None, "queue"), (30, "planet")])
def test_rules_within_bounds(world: World, days: int | None, kind: str) -> None:
    with pytest.raises(Invalid):
        set_retention(world.owner, kind=kind, days=days, on=True)


def test_only_a_worker_runs_it_and_only_the_owner_sets_it(world: World) -> None:
    with pytest.raises(Refused):
        run_retention(world.owner)
    with pytest.raises(Refused, match="step_up"):
        set_retention(world.actor(Role.BRAND_OWNER, stepped_up=False), kind="queue", days=30, on=True)
    with pytest.raises(Refused, match="not_allowed"):
        set_retention(world.actor(Role.BRAND_MANAGER), kind="queue", days=30, on=True)


def test_words_of_conversations_go_once_they_are_closed_so_long(world: World, other: World) -> None:
    def said(where: World, closed: int | None) -> Turn:
        one = begin(where, words="SECRET", title="SECRET", member_name="Léa")
        with brand_scope(where.brand):
            if closed is not None:
                past = timezone.now() - closed * DAY
                Conversation.objects.filter(pk=one.pk).update(state="closed", closed_at=past)
            return Turn.objects.select_related("conversation").get(conversation=one)

    old, older, young, open_ = (said(world, closed) for closed in (731, 1096, 729, None))
    theirs = said(other, 2000)
    counts = run_retention(worker(world))
    assert (counts["turns"], counts["conversations"]) == (2, 1)
    for where, turn, text, title in (
        (world, old, "", "SECRET"),
        (world, older, "", ""),
        (world, young, "SECRET", "SECRET"),
        (world, open_, "SECRET", "SECRET"),
        (other, theirs, "SECRET", "SECRET"),
    ):
        with brand_scope(where.brand):
            now = Turn.objects.select_related("conversation").get(pk=turn.pk)
            assert (now.text, now.conversation.title) == (text, title)
    assert run_retention(worker(world))["turns"] == 0
