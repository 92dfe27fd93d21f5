"""What the hub's log says of a brand's people reaches the brand's own: ends of its sessions, and failures by the hour."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clients.audit.models import Entry, Private
from clients.autonomy.vocabulary import EntryPoint
from clients.people.access import actor_for
from clients.people.actions import come_in, hear_hub
from clients.people.actor import Actor, process_of
from clients.people.coming import Origin, Proof
from tenants.errors import Refused
from tenants.hub_log import note
from tenants.models import Person
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope, hub_scope
from tests.conftest import make_member

NOON = datetime.fromisoformat("2026-11-24T12:10:00+00:00")
HOUR = timedelta(hours=1)


def hear(brand: BrandRef) -> int:
    return hear_hub(process_of(brand, EntryPoint.WORKER, "hub"))


def comes(person: Person, brand: BrandRef, session: str) -> Actor:
    actor = actor_for(person, brand, EntryPoint.PAGE, session=session)
    come_in(actor, origin=Origin("m", "192.0.2.1", "Firefox"), signed_in=[Proof("password", timezone.now())])
    return actor


def on_the_hub(verb: str, person: Person | None, **facts: Any) -> None:
    with hub_scope():
        note(verb, person_id=person.pk if person else None, **facts)


def lines(brand: BrandRef, *verbs: str) -> list[Entry]:
    with brand_scope(brand):
        return list(Entry.objects.filter(verb__in=verbs).order_by("seq"))


@pytest.fixture
def person(brand_a: BrandRef) -> Person:
    return make_member(brand_a, Role.BRAND_OWNER).person


@pytest.mark.parametrize(
    ("verb", "facts", "told"),
    [
        ("signed_out", {"session": "s1"}, [("session.left", "s1", "signed_out")]),
        ("session_ended", {"session": "s1"}, [("session.ended", "s1", "elsewhere")]),
        ("session_ended", {"session": "s1", "why": "idle"}, [("session.ended", "s1", "idle")]),
        ("sessions_ended", {"sessions": ["s1", "s3"], "why": "command"}, [("session.ended", "s1", "command")]),
        ("session_ended", {}, []),  # written before lines named their session
        ("signed_out", {"session": "s9"}, []),  # which never came in here
        ("signed_in", {"session": "s1"}, []),
    ],
)
def test_the_end_of_a_session(
    brand_a: BrandRef, person: Person, verb: str, facts: dict[str, Any], told: list[Any]
) -> None:
    for session in ("s1", "s2"):
        comes(person, brand_a, session)
    on_the_hub(verb, person, **facts)
    for expected in (len(told), 0):
        assert hear(brand_a) == expected
    found = lines(brand_a, "session.left", "session.ended")
    assert [(line.verb, line.facts["session"], line.facts["why"]) for line in found] == told
    assert {line.person_id for line in found} <= {person.pk}


def test_everybodys_sessions_ended_by_an_operator(brand_a: BrandRef, brand_b: BrandRef, person: Person) -> None:
    theirs = make_member(brand_b, Role.BRAND_OWNER).person
    comes(person, brand_a, "s1")
    comes(theirs, brand_b, "s2")
    on_the_hub("sessions_ended", None, count=2, why="command")
    comes(person, brand_a, "s3")  # who signed in again at once
    assert (hear(brand_a), hear(brand_b)) == (1, 1)
    assert [line.facts["session"] for line in lines(brand_a, "session.ended")] == ["s1"]


def test_nothing_of_whoever_has_no_place_here(brand_a: BrandRef, brand_b: BrandRef, person: Person) -> None:
    comes(person, brand_a, "s1")
    on_the_hub("signed_out", person, session="s1")
    on_the_hub("sign_in_failed", None)
    assert hear(brand_b) == 0
    with time_machine.travel(timezone.now() + 2 * HOUR):
        assert hear(brand_b) == 0


def test_failures_are_one_line_for_each_hour_that_is_over(brand_a: BrandRef, person: Person) -> None:
    make_member(brand_a, Role.APPROVER)
    for minutes in (0, 1, 2, 55):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            on_the_hub("sign_in_failed", person, ip=f"192.0.2.{minutes % 2}")
    with time_machine.travel(NOON + timedelta(minutes=2), tick=False):
        on_the_hub("locked_out", person, ip="192.0.2.9")
        assert hear(brand_a) == 0  # the hour is not over
    with time_machine.travel(NOON + HOUR, tick=False):
        assert (hear(brand_a), hear(brand_a)) == (1, 0)
    with time_machine.travel(NOON + 2 * HOUR, tick=False):
        assert (hear(brand_a), hear(brand_a)) == (1, 0)
        first, second = lines(brand_a, "sign_in.failed")
    assert (first.facts["count"], first.facts["locked"], second.facts["count"]) == (3, 1, 1)
    assert first.person_id is None and first.facts["person"] == str(person.pk)
    with brand_scope(brand_a):
        private = Private.objects.get(pk=first.pk).data
    assert private["ip"] == ["192.0.2.0", "192.0.2.1", "192.0.2.9"] and private["whose"] == person.name


def test_many_failures_are_no_flood(brand_a: BrandRef, person: Person) -> None:
    with time_machine.travel(NOON, tick=False):
        for n in range(200):
            on_the_hub("sign_in_failed", person, ip=f"198.51.100.{n}")
    with time_machine.travel(NOON + HOUR, tick=False):
        assert hear(brand_a) == 1
        (line,) = lines(brand_a, "sign_in.failed")
    with brand_scope(brand_a):
        assert (line.facts["count"], len(Private.objects.get(pk=line.pk).data["ip"])) == (200, 5)


def test_what_was_missed_is_found_for_two_days(brand_a: BrandRef, person: Person) -> None:
    with time_machine.travel(NOON, tick=False):
        on_the_hub("sign_in_failed", person)
    with time_machine.travel(NOON + timedelta(days=2, minutes=1), tick=False):
        assert hear(brand_a) == 0
    with time_machine.travel(NOON + timedelta(days=1, hours=23), tick=False):
        assert hear(brand_a) == 1


def test_only_a_process_hears_and_only_a_session_comes_in(brand_a: BrandRef, person: Person) -> None:
    actor = actor_for(person, brand_a, EntryPoint.PAGE, session="s1")
    with pytest.raises(Refused):
        hear_hub(actor)
    for nobody in (actor_for(person, brand_a, EntryPoint.PAGE), process_of(brand_a, EntryPoint.WORKER, "hub")):
        with pytest.raises(Refused):
            come_in(nobody, origin=Origin("m", "", ""), signed_in=[])
    come_in(actor, origin=Origin("m", "", ""), signed_in=[])
    (line,) = lines(brand_a, "session.entered")
    with brand_scope(brand_a):
        assert Private.objects.get(pk=line.pk).data == {"name": person.name}


def test_as_many_questions_for_one_and_three(brand_a: BrandRef, person: Person, django_assert_num_queries: Any) -> None:
    for n in range(3):
        comes(person, brand_a, f"s{n}")
    on_the_hub("signed_out", person, session="s0")
    assert hear(brand_a) == 1
    for known in (1, 3):
        for n in range(known):
            on_the_hub("signed_out", person, session=f"s{n}")
        assert hear(brand_a) == (0 if known == 1 else 2)
        with django_assert_num_queries(4):
            assert hear(brand_a) == 0
