"""Publishing and acknowledging a briefing: allowed and refused from one set-up, and nothing of it seen from another brand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import Error, transaction
from django.utils import timezone

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.briefings.access import access_briefing
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.briefings.models import Acknowledgement, BriefingVersion
from clients.briefings.queries import (
    briefing_in_force,
    briefing_versions,
    calendar_in_force,
    has_acknowledged,
    number_in_force,
    office_in_force,
    people_yet_to_read,
    readers_of,
)
from clients.people.access import actor_for
from clients.people.actor import Actor, process_of
from clients.people.rules import MAY, Verb
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.models import Membership, Person
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope

SECTIONS = {"tone": "Warm.", "house_rules": ["Be kind"]}
Make = Callable[..., Membership]


def actor(brand: BrandRef, member: Make, role: Role, person: Person | None = None, *, proved: bool = True) -> Actor:
    stepped_up_at = timezone.now() if proved else None
    return actor_for(member(brand, role, person).person, brand, EntryPoint.PAGE, stepped_up_at=stepped_up_at)


@pytest.fixture
def owner(brand_a: BrandRef, member: Make) -> Actor:
    return actor(brand_a, member, Role.BRAND_OWNER)


def publish(by: Actor, after: int = 0, **changes: Any) -> BriefingVersion:
    return publish_briefing(actor=by, after=after, sections=SECTIONS | changes, calendar={}, note="why")


@pytest.mark.parametrize("role", list(Role))
def test_who_may_publish(brand_a: BrandRef, member: Make, role: Role) -> None:
    by = actor(brand_a, member, role)
    if role in MAY[Verb.BRIEFING_WRITE]:
        assert publish(by).number == 1
    else:
        with pytest.raises(Refused, match="not_allowed"):
            publish(by)
        with brand_scope(brand_a):
            assert briefing_in_force() is None


@pytest.mark.parametrize("role", sorted(MAY[Verb.BRIEFING_WRITE]))
def test_a_session_alone_publishes_nothing(brand_a: BrandRef, member: Make, role: Role) -> None:
    with pytest.raises(Refused, match="step_up_required"):
        publish(actor(brand_a, member, role, proved=False))
    with brand_scope(brand_a):
        assert number_in_force() == 0
        assert not Entry.objects.filter(verb="briefing_published").exists()


@pytest.mark.parametrize("role", list(Role))
def test_who_may_acknowledge(brand_a: BrandRef, member: Make, owner: Actor, role: Role) -> None:
    publish(owner)
    by = actor(brand_a, member, role)
    if role in MAY[Verb.BRIEFING_ACKNOWLEDGE]:
        acknowledge_briefing(actor=by, number=1)
    else:
        with pytest.raises(Refused, match="not_allowed"):
            acknowledge_briefing(actor=by, number=1)
    with brand_scope(brand_a):
        assert has_acknowledged(by.person_id) is (role in MAY[Verb.BRIEFING_ACKNOWLEDGE])


def test_a_process_neither_writes_nor_reads_for_anybody(brand_a: BrandRef, owner: Actor) -> None:
    process = process_of(brand_a, EntryPoint.COMMAND, "command")
    with pytest.raises(Refused):
        publish(process)
    publish(owner)
    with pytest.raises(Refused):
        acknowledge_briefing(actor=process, number=1)


def test_before_the_first_version_nobody_has_read_and_the_default_hours_hold(brand_a: BrandRef, owner: Actor) -> None:
    with brand_scope(brand_a):
        assert (briefing_in_force(), number_in_force()) == (None, 0)
        assert not has_acknowledged(owner.person_id)
        calendar = calendar_in_force(datetime(2026, 7, 1, tzinfo=UTC))
    assert calendar.time_zone == "Europe/Paris"
    friday = datetime(2026, 7, 10, 15, tzinfo=UTC)  # 17:00 in Paris; Tuesday the 14th is a holiday
    assert calendar.after(friday, timedelta(hours=11)) == datetime(2026, 7, 15, 8, tzinfo=UTC)


def test_the_newest_version_is_in_force_and_must_be_read_anew(brand_a: BrandRef, member: Make, owner: Actor) -> None:
    cm = actor(brand_a, member, Role.COMMUNITY_MANAGER)
    first = publish(owner)
    acknowledge_briefing(actor=cm, number=1)
    second = publish(owner, after=1, tone="Cool.")
    with brand_scope(brand_a):
        assert [version.number for version in briefing_versions()] == [2, 1]
        assert briefing_in_force() == second
        assert not has_acknowledged(cm.person_id)
        assert [read.person_id for read in readers_of(first)] == [cm.person_id]
        assert {person.person_id for person in people_yet_to_read(second)} == {cm.person_id, owner.person_id}
        assert people_yet_to_read(first).get().person_id == owner.person_id
        assert first.digest != second.digest
    with pytest.raises(Conflict, match="stale_version"):
        acknowledge_briefing(actor=cm, number=1)


def test_hours_in_force_are_the_brands_own(brand_a: BrandRef, owner: Actor) -> None:
    hours = [[[0, 1440]]] + [[]] * 6
    publish_briefing(actor=owner, after=0, sections=SECTIONS, calendar={"time_zone": "Asia/Tokyo", "hours": hours})
    with brand_scope(brand_a):
        assert office_in_force()["time_zone"] == "Asia/Tokyo"
        assert calendar_in_force().hours == (((0, 1440),), (), (), (), (), (), ())


def test_writing_on_an_older_version_is_a_conflict_that_changes_nothing(brand_a: BrandRef, owner: Actor) -> None:
    publish(owner)
    for after in (0, 2):
        with pytest.raises(Conflict) as stale:
            publish(owner, after=after)
        assert (stale.value.code, stale.value.facts["in_force"]) == ("stale_version", 1)
    with brand_scope(brand_a):
        assert number_in_force() == 1


def test_bad_input_changes_nothing(brand_a: BrandRef, owner: Actor) -> None:
    with pytest.raises(Invalid, match="unknown_section"):
        publish(owner, colour="red")
    with pytest.raises(Invalid, match="no_working_hours"):
        publish_briefing(actor=owner, after=0, sections=SECTIONS, calendar={"hours": [[]] * 7})
    with brand_scope(brand_a):
        assert not BriefingVersion.objects.exists()
        assert not Entry.objects.exists()


def test_acknowledging_twice_is_acknowledging_once(brand_a: BrandRef, member: Make, owner: Actor) -> None:
    publish(owner)
    cm = actor(brand_a, member, Role.COMMUNITY_MANAGER)
    assert acknowledge_briefing(actor=cm, number=1) == acknowledge_briefing(actor=cm, number=1)
    with brand_scope(brand_a):
        assert list(Entry.objects.order_by("at").values_list("verb", "side")) == [
            ("briefing_published", "brand"),
            ("briefing_acknowledged", "agency"),
        ]
    with pytest.raises(Missing):
        acknowledge_briefing(actor=cm, number=9)


@pytest.mark.parametrize("model", [BriefingVersion, Acknowledgement])
def test_rows_are_never_changed(brand_a: BrandRef, owner: Actor, model: Any) -> None:
    publish(owner)
    acknowledge_briefing(actor=owner, number=1)
    with brand_scope(brand_a):
        with pytest.raises(Error), transaction.atomic():
            model.objects.update(id=owner.person_id)
        with pytest.raises(Error), transaction.atomic():
            model.objects.all().delete()


def test_another_brand_sees_nothing(brand_a: BrandRef, brand_b: BrandRef, member: Make, owner: Actor) -> None:
    person = member(brand_a, Role.COMMUNITY_MANAGER).person
    here, there = actor_for(person, brand_a, EntryPoint.PAGE), actor(brand_b, member, Role.COMMUNITY_MANAGER, person)
    publish(owner)
    acknowledge_briefing(actor=here, number=1)
    with brand_scope(brand_b):
        assert briefing_in_force() is None
        assert not has_acknowledged(person.pk)
        with pytest.raises(Missing):
            access_briefing(there, 1)
    with pytest.raises(Missing):
        acknowledge_briefing(actor=there, number=1)


def test_lists_take_one_query_however_many_rows(
    brand_a: BrandRef, member: Make, owner: Actor, django_assert_num_queries: Any
) -> None:
    for written in range(3):
        publish(owner, after=written)
        member(brand_a, Role.APPROVER)
        with brand_scope(brand_a):
            version = briefing_in_force()
            assert version is not None
            with django_assert_num_queries(1):
                list(people_yet_to_read(version))
            with django_assert_num_queries(1):
                list(briefing_versions())
            with django_assert_num_queries(1):
                has_acknowledged(owner.person_id)
            with django_assert_num_queries(1):
                calendar_in_force(timezone.now())
