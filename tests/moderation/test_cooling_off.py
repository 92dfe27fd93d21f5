"""The gate sleeps on it: before the morning and after it, with a second person and without, urgent, ours, changed meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from clients.autonomy.vocabulary import ActionKind, EntryPoint, Reason
from clients.briefings.actions import agree_briefing, propose_briefing, publish_briefing
from clients.briefings.calendar import Calendar
from clients.briefings.office import DEFAULT, calendar_of
from clients.briefings.queries import briefing_in_force, number_in_force
from clients.gate.actions import approve_with_edit, send_dispatch, submit_item
from clients.gate.actions.reasking import ask_cooled_again
from clients.gate.cooling import EARLIEST, morning_after
from clients.gate.models import DecisionRecord, Dispatch, Receipt
from clients.gate.replay import replay
from clients.items.actions import create_item
from clients.items.content import Content, digest_of
from clients.items.models import Item
from clients.moderation.actions import ask_acts
from clients.moderation.models import Act
from clients.outbox.registry import Later
from clients.people.actor import process_of
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.moderation.conftest import approve, case_of, comment, manager, paris, state_of, work
from tests.world import World

Clock = Any
"""What `time_machine.travel` gives: it moves to a moment."""
FRIDAY, SATURDAY, MONDAY = paris("2026-11-20T15:00"), paris("2026-11-21T11:00"), paris("2026-11-23T09:00")


@pytest.fixture(autouse=True)
def friday(request: pytest.FixtureRequest) -> Iterator[Clock]:
    with time_machine.travel(FRIDAY) as clock:
        request.getfixturevalue("world")
        yield clock


def reasons(world: World, act: Act) -> set[str]:
    with brand_scope(world.brand):
        return set(DecisionRecord.objects.filter(item_id=act.item_id).order_by("-at", "-id")[0].reasons)


def hidden_and_deleting(world: World, by: str = "manager", rule: str = "1") -> tuple[Act, Act]:
    actor = world.cm if by == "cm" else manager(world)
    hide, delete = ask_acts(actor, mention_id=comment(world).pk, acts=["hide", "delete"], rule=rule)
    return hide, delete


def test_the_brand_hides_at_once_and_deletes_on_the_next_working_morning(world: World, friday: Clock) -> None:
    hide, delete = hidden_and_deleting(world)
    assert (state_of(world, hide), state_of(world, delete)) == ("cleared", "waiting")
    assert {Reason.COOLING_OFF, Reason.SECOND_PERSON_MISSING} <= reasons(world, delete)
    approve(world, delete)
    assert state_of(world, delete) == "held"
    assert Reason.COOLING_OFF in reasons(world, delete)
    friday.move_to(SATURDAY)
    work(world)
    assert (state_of(world, hide), state_of(world, delete)) == ("sent", "held")
    friday.move_to(MONDAY - timedelta(minutes=5))
    work(world)
    assert state_of(world, delete) == "held"
    friday.move_to(MONDAY)
    work(world)
    assert state_of(world, delete) == "sent"
    world.run_outbox("moderation.follow")
    assert case_of(world, delete).state == "gone"
    with brand_scope(world.brand):
        assert Receipt.objects.filter(item_id=delete.item_id).count() == 1
        assert all(replay(kept).same for kept in DecisionRecord.objects.filter(item_id=delete.item_id))


def test_after_the_morning_without_a_second_person_it_still_waits(world: World, friday: Clock) -> None:
    _hide, delete = hidden_and_deleting(world)
    friday.move_to(MONDAY + timedelta(hours=1))
    work(world)
    assert state_of(world, delete) == "waiting"
    approve(world, delete)
    assert state_of(world, delete) == "cleared"
    work(world)
    assert state_of(world, delete) == "sent"


def test_for_the_agency_the_brands_approval_is_the_second_person(world: World, friday: Clock) -> None:
    world.charter(6)
    hide, delete = hidden_and_deleting(world, by="cm")
    assert (state_of(world, hide), state_of(world, delete)) == ("cleared", "waiting")
    assert {Reason.IRREVERSIBLE_CEILING, Reason.COOLING_OFF} <= reasons(world, delete)
    approve(world, delete)
    assert state_of(world, delete) == "held"
    friday.move_to(MONDAY)
    work(world)
    assert state_of(world, delete) == "sent"


def test_an_urgent_rule_needs_no_night_and_of_the_brand_no_second_person(world: World) -> None:
    (delete,) = ask_acts(manager(world), mention_id=comment(world).pk, acts=["delete"], rule="2")
    work(world)
    assert state_of(world, delete) == "sent"
    (theirs,) = ask_acts(world.cm, mention_id=comment(world, "Encore").pk, acts=["delete"], rule="2")
    assert state_of(world, theirs) == "waiting"
    approve(world, theirs)
    work(world)
    assert state_of(world, theirs) == "sent"


def test_a_rule_that_is_gone_by_the_morning_lets_nothing_out(world: World, friday: Clock) -> None:
    _hide, delete = hidden_and_deleting(world)
    approve(world, delete)
    agree_on_rules(world, [{"number": "2", "rule": "Pas de menaces.", "urgent": "danger"}])
    friday.move_to(MONDAY)
    work(world)
    assert state_of(world, delete) == "refused"
    assert Reason.RULE_NOT_CITED in reasons(world, delete)


def agree_on_rules(world: World, rules: list[dict[str, str]]) -> None:
    """Other house rules, agreed to by both sides."""
    with brand_scope(world.brand):
        number = number_in_force()
    made = propose_briefing(actor=world.cm, base=number, changes={"house_rules": rules}).proposal
    assert made is not None
    agree_briefing(actor=world.actor(Role.AGENCY_MANAGER), proposal_id=made.pk, seen_digest=made.digest)
    agree_briefing(actor=world.owner, proposal_id=made.pk, seen_digest=made.digest)


@pytest.mark.parametrize("kind", [ActionKind.HIDE, ActionKind.DELETE, ActionKind.BAN])
def test_without_a_rule_of_the_briefing_nothing_is_taken_away_on_any_path(world: World, kind: ActionKind) -> None:
    for rule in ("", "9"):
        content = Content(
            kind=kind, channels=(str(world.wall.pk),), text="", target="comment-1", recipient="@z@x.example", rule=rule
        )
        item = create_item(manager(world), content=content)
        assert item.version is not None
        done = submit_item(manager(world), item_id=item.pk, seen_digest=item.version.digest)
        assert done.state == "refused"


def test_a_worker_and_a_direct_call_are_told_the_same(world: World, friday: Clock) -> None:
    """A dispatch that somebody forged past the gate's own answer does not leave, and the morning cannot be called for."""
    _hide, delete = hidden_and_deleting(world)
    approve(world, delete)
    with brand_scope(world.brand):
        item = Item.objects.get(pk=delete.item_id)
        Item.objects.filter(pk=item.pk).update(state="cleared")
        assert item.version_id is not None
        forged = Dispatch.objects.create(
            item=item, version_id=item.version_id, channel_id=world.wall.pk, due_at=datetime.now(UTC)
        )
    send_dispatch(world.brand, dispatch_id=forged.pk)
    assert state_of(world, delete) == "held"
    with pytest.raises(Later):
        ask_cooled_again(process_of(world.brand, EntryPoint.WORKER, "worker"), item_id=item.pk)
    with brand_scope(world.brand):
        assert not Receipt.objects.filter(item_id=item.pk).exists()


def test_who_makes_a_deletion_of_anothers_act_has_asked_for_it(world: World, friday: Clock) -> None:
    """An approver's own wording: the yes to it is no second person's, and the night begins anew."""
    (hide,) = ask_acts(world.cm, mention_id=comment(world).pk, acts=["hide"], rule="1")
    friday.move_to(MONDAY)
    with brand_scope(world.brand):
        item = Item.objects.select_related("version").get(pk=hide.item_id)
    assert item.version is not None
    content = item.version.exact_content()
    changed = Content.from_data(content.as_data() | {"kind": "delete"})
    approve_with_edit(manager(world), item_id=item.pk, seen_digest=item.version.digest, content=changed)
    assert state_of(world, hide) == "waiting"
    assert Reason.COOLING_OFF in reasons(world, hide)
    approve(world, hide)
    assert state_of(world, hide) == "held"


def test_a_post_of_ours_is_deleted_as_before_but_a_thing_that_we_hid_is_not_ours(world: World) -> None:
    item = world.submitted("Une annonce", by=manager(world))
    work(world)
    with brand_scope(world.brand):
        ours = Dispatch.objects.get(item=item).remote_id
    away = world.submitted("", by=manager(world), kind=ActionKind.DELETE, target=ours)
    work(world)
    assert world.state_of(away) == "sent"
    hide, delete = hidden_and_deleting(world)
    work(world)
    with brand_scope(world.brand):
        Dispatch.objects.filter(item=hide.item_id).update(remote_id=case_of(world, hide).target)
    approve(world, delete)
    assert state_of(world, delete) == "held"


def test_content_without_a_rule_has_the_digest_it_always_had(world: World) -> None:
    data = world.content("Bonjour").as_data()
    assert "rule" not in data
    assert digest_of(Content.from_data(data).as_data()) == digest_of(data)
    cited = world.content("Bonjour", rule="3")
    assert Content.from_data(cited.as_data()) == cited
    assert digest_of(cited.as_data()) != digest_of(data)


NAIVE = datetime(2026, 1, 1), datetime(2026, 12, 20)  # noqa: DTZ001  Hypothesis wants them so
AROUND_THE_CLOCK = Calendar("Europe/Paris", tuple(((0, 1440),) for _ in range(7)))
OFFICE = calendar_of(DEFAULT, 2026)


@given(st.datetimes(*NAIVE), st.sampled_from((OFFICE, AROUND_THE_CLOCK)))
def test_a_morning_is_on_a_later_working_day_and_never_in_the_night(wall: datetime, calendar: Calendar) -> None:
    asked = wall.replace(tzinfo=UTC)
    morning = morning_after(asked, calendar)
    zone = ZoneInfo(calendar.time_zone)
    here, there = asked.astimezone(zone), morning.astimezone(zone)
    assert there.date() > here.date()
    assert there.time() >= EARLIEST
    assert calendar.is_open(morning)
    days_between = (there.date() - here.date()).days
    skipped = [here.date() + timedelta(days=n) for n in range(1, days_between)]
    noons = [datetime(d.year, d.month, d.day, 12, tzinfo=zone) for d in skipped]
    assert not any(calendar.is_open(noon) for noon in noons)


def test_mornings_over_a_weekend_and_the_night_before() -> None:
    assert morning_after(FRIDAY, OFFICE) == MONDAY
    assert morning_after(paris("2026-11-23T03:00"), OFFICE) == paris("2026-11-24T09:00")


def test_publishing_other_hours_moves_the_morning(world: World, friday: Clock) -> None:
    _hide, delete = hidden_and_deleting(world)
    approve(world, delete)
    with brand_scope(world.brand):
        now = briefing_in_force()
    assert now is not None
    friday.move_to(FRIDAY + timedelta(minutes=1))
    late = now.calendar | {"hours": [[]] + [[[600, 1080]]] * 4 + [[], []]}
    publish_briefing(actor=world.owner, after=now.number, sections=now.sections, calendar=late)
    friday.move_to(MONDAY)
    work(world)
    assert state_of(world, delete) == "held"
    friday.move_to(paris("2026-11-24T10:00"))
    work(world)
    assert state_of(world, delete) == "sent"
