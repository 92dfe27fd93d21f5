"""Warned before, called after: whom, in which order, how often, and what the letters do not say."""

from typing import Any

import time_machine
from django.core import mail

from clients.custody.rules import Holder, Step, TurnKind, Voice
from clients.disclosure.rules import InfoClass
from clients.service.models import ServiceCall
from clients.service.queries import calls_of
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.service.conftest import MONDAY, begun, clock, due, monday, says, steps, wishes
from tests.world import World, at

CONTACTS = [
    {"topic": "recalls", "name": "Claire", "contact": "06 12 34 56 78", "hours": "always"},
    {"topic": "recalls", "name": "Marc", "contact": "marc@aubier.example"},
    {"topic": "press", "name": "Sophie", "contact": "sophie@aubier.example"},
]


def called(world: World) -> list[str]:
    with brand_scope(world.brand):
        return list(ServiceCall.objects.order_by("place").values_list("name", flat=True))


def test_who_holds_it_is_warned_once_and_before(world: World) -> None:
    person = world.people[Role.COMMUNITY_MANAGER]
    with time_machine.travel(MONDAY, tick=False) as clocks:
        found = begun(world, holder=Holder(Side.AGENCY, person.pk))
        clocks.move_to(monday("10:30"))
        world.run_outbox("service.look", "service.warning")
        clocks.move_to(monday("10:45"))
        world.run_outbox("service.look", "service.warning")
    (letter,) = mail.outbox
    assert letter.to == [person.email]
    assert "horaires" not in letter.body
    assert clock(world, found, "acknowledge").warned_at == monday("10:30")


def test_of_what_nobody_holds_the_side_is_warned_and_not_the_other(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        begun(world)
        clocks.move_to(monday("10:30"))
        world.run_outbox("service.look", "service.warning")
    agency = {world.people[r].email for r in (Role.AGENCY_OWNER, Role.AGENCY_MANAGER, Role.COMMUNITY_MANAGER)}
    assert {letter.to[0] for letter in mail.outbox} == agency


def test_what_was_answered_meanwhile_is_warned_of_no_more(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        found = begun(world)
        clocks.move_to(monday("10:30"))
        world.run_outbox("service.look")
        says(world, found, Voice.AGENCY, TurnKind.ANSWER)
        world.run_outbox("service.warning")
    assert mail.outbox == []


def test_contacts_of_the_topic_come_first_each_with_their_time(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        wishes(world, {"acknowledge_within": "60", "answer_within": "300"}, escalation=CONTACTS)
        found = begun(world, topic="Recalls")
        for moment in ("10:00:01", "10:30:02", "11:00:03"):
            clocks.move_to(monday(moment))
            world.run_outbox("service.look", "service.call", "service.call_letter")
        assert called(world) == ["Claire", "Marc", "Sophie"]
        assert [letter.to[0] for letter in mail.outbox] == ["marc@aubier.example", "sophie@aubier.example"]
        assert not any("horaires" in letter.body or "http" in letter.body for letter in mail.outbox)
        says(world, found, Voice.BRAND, TurnKind.ACKNOWLEDGEMENT)
        clocks.move_to(monday("11:31"))
        world.run_outbox("service.look", "service.call")
        assert len(called(world)) == 3


def test_the_next_contact_has_working_time(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        wishes(world, {"acknowledge_within": "530", "answer_within": "3000"}, escalation=CONTACTS)
        begun(world)
        clocks.move_to(monday("17:50:01"))
        world.run_outbox("service.look", "service.call")
        clocks.move_to(at("2027-03-23T08:59+01:00"))
        assert "service.call" not in due(world)
        clocks.move_to(at("2027-03-23T09:21+01:00"))
        assert "service.call" in due(world)


def test_nobody_is_called_while_the_member_is_asked(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        wishes(world, {"acknowledge_within": "30", "answer_within": "60"}, escalation=CONTACTS)
        found = begun(world)
        clocks.move_to(monday("10:00:01"))
        world.run_outbox("service.look")
        says(world, found, Voice.AGENCY, TurnKind.QUESTION)
        world.run_outbox("service.call")
        assert called(world) == []


def test_an_agency_does_not_read_whom_the_briefing_keeps_for_the_brand(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        wishes(world, {"acknowledge_within": "30", "answer_within": "600"}, escalation=CONTACTS)
        found = begun(world)
        clocks.move_to(monday("09:30:01"))
        world.run_outbox("service.look", "service.call")
        row = clock(world, found, "acknowledge")
        with brand_scope(world.brand):
            assert ServiceCall.objects.get().info_class == InfoClass.BRAND
            assert calls_of(world.cm, [row]) == {}
            assert list(calls_of(world.owner, [row])) == [row.pk]


def test_a_snooze_stops_no_clock(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        found = begun(world)
        facts: dict[str, Any] = {"until": at("2027-03-25T09:00+01:00")}
        steps(world, found, Step.SNOOZE, **facts)
        clocks.move_to(monday("11:00:01"))
        world.run_outbox("service.look")
        assert clock(world, found, "acknowledge").told_at is not None
