"""One after the other until somebody takes it: through the outbox, over restarts, by page and by link."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clients.audit.models import Entry
from clients.briefings.actions import publish_briefing
from clients.crisis.actions import (
    call_next,
    declare_crisis,
    dismiss_crisis,
    letter_of,
    pass_call,
    propose_crisis,
    take_by_link,
    take_crisis,
)
from clients.crisis.contacts import Reachable, address_in, in_order, number_in
from clients.crisis.models import Crisis, CrisisCall
from clients.crisis.rules import MOST_ROUNDS, CallState
from clients.crisis.steps.moving import CALL
from clients.disclosure.rules import InfoClass
from clients.outbox.models import OutboxRow
from tenants.errors import Conflict, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.crisis.workers import worker
from tests.world import SECTIONS, World

MINUTES = timedelta(minutes=20)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def crisis(world: World) -> Crisis:
    return propose_crisis(world.cm, text="Un rappel")


def line(world: World) -> list[str]:
    with brand_scope(world.brand):
        return list(CrisisCall.objects.order_by("place").values_list("state", flat=True))


def called_now(world: World) -> CrisisCall:
    with brand_scope(world.brand):
        call: CrisisCall = CrisisCall.objects.get(state=CallState.CALLED)
        return call


def test_the_line_is_walked_and_begins_anew_a_few_times(
    world: World, crisis: Crisis, clock: time_machine.Traveller
) -> None:
    seen = [line(world)]
    for _ in range(2 * MOST_ROUNDS + 1):
        world.run_outbox(CALL)
        seen.append(line(world))
        clock.shift(MINUTES + timedelta(seconds=10))
    waiting, called, passed = CallState.WAITING, CallState.CALLED, CallState.PASSED
    assert seen[:4] == [[waiting, waiting], [called, waiting], [passed, called], [called, waiting]]
    assert seen[-1] == [passed, passed]
    with brand_scope(world.brand):
        assert not OutboxRow.objects.filter(kind=CALL, done_at=None).exists()
        assert Entry.objects.filter(verb="crisis.called").count() == 2 * MOST_ROUNDS


def test_nobody_is_passed_before_their_time(world: World, crisis: Crisis, clock: time_machine.Traveller) -> None:
    world.run_outbox(CALL)
    clock.shift(MINUTES - timedelta(seconds=30))
    world.run_outbox(CALL)
    assert call_next(worker(world), crisis_id=crisis.pk) is None  # asked out of turn
    assert line(world) == [CallState.CALLED, CallState.WAITING]
    clock.shift(timedelta(seconds=31))
    world.run_outbox(CALL)
    assert line(world) == [CallState.PASSED, CallState.CALLED]


def test_a_row_that_is_performed_twice_calls_nobody_twice(world: World, crisis: Crisis) -> None:
    for _ in range(3):
        call_next(worker(world), crisis_id=crisis.pk)
    assert line(world) == [CallState.CALLED, CallState.WAITING]


def test_who_takes_it_ends_the_calling(world: World, crisis: Crisis, clock: time_machine.Traveller) -> None:
    world.run_outbox(CALL)
    for role in (Role.AUDITOR, Role.DEPARTMENT_CONTACT):
        with pytest.raises(Refused, match="not_allowed"):
            take_crisis(world.actor(role), crisis_id=crisis.pk)
    take_crisis(world.approver, crisis_id=crisis.pk)
    with pytest.raises(Conflict, match="already_taken"):
        take_crisis(world.owner, crisis_id=crisis.pk)
    clock.shift(10 * MINUTES)
    world.run_outbox(CALL)
    assert line(world) == [CallState.SPARED, CallState.SPARED]
    with brand_scope(world.brand):
        assert Crisis.objects.get().taken_by_name == world.approver.name


def test_a_link_takes_it_once_and_only_this_one(world: World, other: World, crisis: Crisis) -> None:
    world.run_outbox(CALL)
    found = letter_of(world.brand, call_id=called_now(world).pk)
    assert found is not None
    call, token = found
    with brand_scope(world.brand):
        assert token not in str(list(CrisisCall.objects.values()))
    assert take_by_link(other.brand, token=token) is None
    assert take_by_link(world.brand, token=token[:-1]) is None
    assert take_by_link(world.brand, token="") is None
    assert line(world)[0] == CallState.CALLED
    taken = take_by_link(world.brand, token=token)
    assert taken is not None and (taken.taken_by, taken.taken_by_name) == (None, call.name)
    assert line(world) == [CallState.TAKEN, CallState.SPARED]
    with pytest.raises(Conflict, match="already_taken"):
        take_by_link(world.brand, token=token)


def test_a_link_gives_no_right(world: World, crisis: Crisis) -> None:
    world.run_outbox(CALL)
    found = letter_of(world.brand, call_id=called_now(world).pk)
    assert found is not None
    take_by_link(world.brand, token=found[1])
    with brand_scope(world.brand):
        assert Crisis.objects.get().state == "proposed"


def test_a_letter_is_not_written_too_late(world: World, crisis: Crisis) -> None:
    world.run_outbox(CALL)
    call = called_now(world)
    dismiss_crisis(world.owner, crisis_id=crisis.pk, text="non")
    assert letter_of(world.brand, call_id=call.pk) is None
    assert line(world) == [CallState.SPARED, CallState.SPARED]


def test_who_was_not_reached_is_passed_at_once(world: World, other: World, crisis: Crisis) -> None:
    world.run_outbox(CALL)
    call = called_now(world)
    with pytest.raises(Refused, match="not_allowed"):
        pass_call(world.actor(Role.AUDITOR), call_id=call.pk)
    with pytest.raises(Missing):
        pass_call(other.owner, call_id=call.pk)
    pass_call(world.cm, call_id=call.pk)
    assert line(world) == [CallState.PASSED, CallState.CALLED]
    with pytest.raises(Conflict):
        pass_call(world.cm, call_id=call.pk)


def test_declaring_what_was_proposed_begins_no_second_line(world: World, crisis: Crisis) -> None:
    world.run_outbox(CALL)
    declare_crisis(world.owner, crisis_id=crisis.pk, text="oui")
    world.run_outbox(CALL)
    assert line(world) == [CallState.CALLED, CallState.WAITING]


def test_the_order_is_topic_duty_and_nobody_twice() -> None:
    named = [
        Reachable("Général", "g@m.example"),
        Reachable("Adjointe qualité", "+33 6 12 34 56 78", "qualité"),
        Reachable("Qualité", "q@m.example", "Qualité"),
        Reachable("Qualité de nuit", "n@m.example", "qualité", on_duty=False),
        Reachable("Qualité encore", "Q@M.example", "qualité"),
    ]
    heads = [Reachable("Patronne", "p@m.example"), Reachable("Général", "g@m.example")]
    names = [one.name for one in in_order(named, heads, "qualité")]
    assert names == ["Adjointe qualité", "Qualité", "Général", "Patronne", "Qualité de nuit"]
    assert [one.name for one in in_order([], heads, "")] == ["Patronne", "Général"]


@pytest.mark.parametrize(
    ("contact", "address", "number"),
    [
        ("Anne.Roy@maison.example, 06 12 34 56 78", "anne.roy@maison.example", "0612345678"),
        ("+33 (0)6 12-34-56-78", "", "+330612345678"),
        ("ext. 12", "", ""),
        ("a1234567890@m.example", "a1234567890@m.example", ""),
    ],
)
def test_what_a_contact_says(contact: str, address: str, number: str) -> None:
    assert (address_in(contact), number_in(contact)) == (address, number)


@pytest.mark.parametrize(("section", "seen"), [(InfoClass.SHARED, ["Mme Qualité", "M. Garde"]), (InfoClass.BRAND, [])])
def test_the_briefing_says_whom_by_topic_and_its_class_who_sees_them(
    world: World, section: InfoClass, seen: list[str]
) -> None:
    lines = [
        {"topic": "presse", "name": "Mme Presse", "contact": "p@maison.example", "hours": "1-7 00:00-00:01"},
        {"topic": "qualité", "name": "Mme Qualité", "contact": "q@maison.example", "hours": "always"},
        {"topic": "qualité", "name": "M. Garde", "contact": "06 12 34 56 78", "hours": "always"},
    ]
    publish_briefing(
        actor=world.owner,
        after=1,
        sections=SECTIONS | {"escalation": lines},
        calendar={},
        classes={"escalation": section},
    )
    crisis = propose_crisis(world.cm, text="x", topic="Qualité")
    with brand_scope(world.brand):
        names = list(CrisisCall.objects.order_by("place").values_list("name", flat=True))
        agency = list(CrisisCall.objects.filter(crisis=crisis).readable_by(world.cm).values_list("name", flat=True))
    heads = [world.people[role].name for role in (Role.BRAND_OWNER, Role.BRAND_MANAGER)]
    assert names == ["Mme Qualité", "M. Garde", *heads, "Mme Presse"]
    assert [name for name in agency if name != "Mme Presse"] == seen
