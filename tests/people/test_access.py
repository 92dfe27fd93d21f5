"""From a person to an actor: only with a live membership in this very brand, and only as what they are now."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.people.access import actor_for, actor_of, require, require_process, require_side, require_step_up
from clients.people.actor import Actor, process_of
from clients.people.rules import MAY, Verb
from tenants.errors import Missing, Refused
from tenants.models import Membership, Person
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import BrandRef, brand_scope
from tests.people.acting import acting

Make = Callable[..., Membership]


def test_a_member_is_an_actor_of_their_side(brand_a: BrandRef, member: Make) -> None:
    place = member(brand_a, Role.COMMUNITY_MANAGER)
    actor = actor_for(place.person, brand_a, EntryPoint.API, request_id="r1")
    assert (actor.brand, actor.person_id, actor.name) == (brand_a, place.person.pk, place.person.name)
    assert (actor.side, actor.role, actor.agency_id) == (Side.AGENCY, Role.COMMUNITY_MANAGER, place.agency_id)
    assert (actor.via, actor.request_id, actor.stepped_up_at) == (EntryPoint.API, "r1", None)
    assert actor.is_agency
    assert not actor.is_brand


def test_the_answer_is_the_same_from_the_hub_the_brand_and_another_brand(
    brand_a: BrandRef, brand_b: BrandRef, member: Make
) -> None:
    person = member(brand_a, Role.APPROVER).person
    member(brand_b, Role.AUDITOR, person)
    outside = actor_for(person, brand_a, EntryPoint.PAGE)
    with brand_scope(brand_a):
        inside = actor_for(person, brand_a, EntryPoint.PAGE)
    with brand_scope(brand_b):
        from_b = actor_of(person.pk, brand_a, EntryPoint.PAGE)
    assert outside == inside == from_b
    assert outside.role is Role.APPROVER
    assert actor_for(person, brand_b, EntryPoint.PAGE).role is Role.AUDITOR


@pytest.mark.parametrize("inside", [False, True])
def test_nobody_without_a_live_membership_gets_in(
    brand_a: BrandRef, brand_b: BrandRef, member: Make, person_factory: Callable[..., Person], inside: bool
) -> None:
    ended, elsewhere, stranger = member(brand_a, Role.BRAND_OWNER), member(brand_b, Role.BRAND_OWNER), person_factory()
    Membership.objects.filter(pk=ended.pk).update(ended_at=timezone.now())
    closed = member(brand_a, Role.BRAND_OWNER).person
    Person.objects.filter(pk=closed.pk).update(is_active=False)
    operator = person_factory(is_operator=True)
    for person in (ended.person, elsewhere.person, stranger, closed, operator):
        with pytest.raises(Missing, match="brand"):
            if inside:
                with brand_scope(brand_a):
                    actor_for(person, brand_a, EntryPoint.PAGE)
            else:
                actor_for(person, brand_a, EntryPoint.PAGE)
    with pytest.raises(Missing, match="person"):
        actor_of(stranger.pk, brand_a, EntryPoint.WORKER)


def test_who_comes_back_is_who_they_are_now(brand_a: BrandRef, member: Make) -> None:
    before = member(brand_a, Role.BRAND_OWNER)
    Membership.objects.filter(pk=before.pk).update(ended_at=timezone.now())
    member(brand_a, Role.ANALYST, before.person)
    assert actor_for(before.person, brand_a, EntryPoint.PAGE).role is Role.ANALYST
    with brand_scope(brand_a):
        assert actor_for(before.person, brand_a, EntryPoint.PAGE).role is Role.ANALYST


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("role", list(Role))
def test_require_is_the_table(brand_of_nobody: BrandRef, role: Role, verb: Verb) -> None:
    side = Side.BRAND if role in ROLES_OF[Side.BRAND] else Side.AGENCY
    actor = Actor(brand_of_nobody, brand_of_nobody.id, "x", side, role, EntryPoint.PAGE)
    if role in MAY[verb]:
        require(actor, verb)
    else:
        with pytest.raises(Refused) as refused:
            require(actor, verb)
        assert (refused.value.code, refused.value.facts) == ("not_allowed", {"verb": str(verb)})


@pytest.mark.parametrize("via", list(EntryPoint))
def test_a_process_satisfies_nobodys_step(brand_of_nobody: BrandRef, via: EntryPoint) -> None:
    process = process_of(brand_of_nobody, via, "worker")
    for verb in Verb:
        with pytest.raises(Refused, match="not_allowed"):
            require(process, verb)
    for side in Side:
        with pytest.raises(Refused, match="wrong_side"):
            require_side(process, side)
    with pytest.raises(Refused, match="step_up_required"):
        require_step_up(process, timezone.now())


@pytest.mark.parametrize("via", list(EntryPoint))
def test_what_is_the_houses_own_to_do_no_person_does(brand_of_nobody: BrandRef, via: EntryPoint) -> None:
    process = process_of(brand_of_nobody, via, "worker")
    require_process(process)
    require_process(process, via)
    other = next(one for one in EntryPoint if one is not via)
    with pytest.raises(Refused, match="not_allowed"):
        require_process(process, other)
    for side, role in ((Side.BRAND, Role.BRAND_OWNER), (Side.AGENCY, Role.AGENCY_OWNER)):
        person = Actor(brand_of_nobody, brand_of_nobody.id, "x", side, role, via)
        for asked in (None, via):
            with pytest.raises(Refused, match="not_allowed"):
                require_process(person, asked)


def test_an_actor_is_whole_or_not_at_all(brand_of_nobody: BrandRef) -> None:
    someone = brand_of_nobody.id
    for person, side, role in (
        (someone, Side.BRAND, None),
        (someone, None, Role.BRAND_OWNER),
        (someone, Side.BRAND, Role.AGENCY_OWNER),
        (someone, Side.AGENCY, Role.BRAND_OWNER),
        (None, Side.BRAND, Role.BRAND_OWNER),
    ):
        with pytest.raises(ValueError, match=r"side_without_|role_of_other_side"):
            Actor(brand_of_nobody, person, "x", side, role, EntryPoint.PAGE)


def test_step_up_is_asked_for_after_ten_minutes(brand_a: BrandRef) -> None:
    actor = acting(brand_a, Role.BRAND_OWNER)
    assert actor.stepped_up_at is not None
    require_step_up(actor, actor.stepped_up_at + timedelta(minutes=10))
    with pytest.raises(Refused, match="step_up_required"):
        require_step_up(actor, actor.stepped_up_at + timedelta(minutes=10, seconds=1))
    with pytest.raises(Refused, match="step_up_required"):
        require_step_up(acting(brand_a, Role.BRAND_OWNER, stepped_up=False), timezone.now())


def test_an_actor_costs_one_query(brand_a: BrandRef, member: Make, django_assert_num_queries: object) -> None:
    person = member(brand_a, Role.APPROVER).person
    with django_assert_num_queries(1):  # type: ignore[operator]
        actor_for(person, brand_a, EntryPoint.PAGE)
    with brand_scope(brand_a), django_assert_num_queries(1):  # type: ignore[operator]
        actor_for(person, brand_a, EntryPoint.PAGE)


@pytest.fixture
def brand_of_nobody() -> BrandRef:
    """A brand as a value, for what needs no database."""
    from uuid import UUID

    return BrandRef(UUID(int=1), "b_000000000000", "r", "Nobody", "nobody", "active", "UTC", "en")
