"""Another role, or none: every pair of roles allowed and refused, and a brand that is never without an owner."""

from collections.abc import Callable
from uuid import UUID

import pytest

from clients.autonomy.vocabulary import EntryPoint
from clients.people.access import actor_for
from clients.people.actions import change_role, end_membership, invite_agency_person
from clients.people.actor import Actor, process_of
from clients.people.rules import MAY_GIVE, may_end, may_give
from clients.people.steps import end_agency_people
from tenants.errors import Conflict, Invalid, Missing, Refused, RelaisError
from tenants.models import Agency, HubEntry, Invitation, Membership, Person
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import BrandRef, durable
from tests.people.acting import acting, again, holds, live, said

NONE = frozenset[Role]()
AGENCY = ROLES_OF[Side.AGENCY]


def of(actor: Actor) -> UUID:
    assert actor.person_id is not None
    return actor.person_id


@pytest.mark.parametrize("ended", list(Role))
@pytest.mark.parametrize("role", list(Role))
def test_who_ends_whom(brand_a: BrandRef, role: Role, ended: Role) -> None:
    acting(brand_a, Role.BRAND_OWNER)  # so that nobody here is the last one
    by, other = acting(brand_a, role), acting(brand_a, ended)
    if may_end(role, ended):
        end_membership(actor=by, person_id=of(other))
        assert of(other) not in live(brand_a)
        assert said(brand_a) == ["membership_ended"]
    else:
        with pytest.raises(Refused, match="not_allowed"):
            end_membership(actor=by, person_id=of(other))
        assert of(other) in live(brand_a)
        assert said(brand_a) == []


@pytest.mark.parametrize("after", list(Role))
@pytest.mark.parametrize("before", list(Role))
@pytest.mark.parametrize("role", [Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER, Role.AGENCY_OWNER, Role.ANALYST])
def test_who_changes_whose_role(brand_a: BrandRef, role: Role, before: Role, after: Role) -> None:
    acting(brand_a, Role.BRAND_OWNER)
    by, other = acting(brand_a, role), acting(brand_a, before)
    if may_give(role, before) and may_give(role, after):
        change_role(actor=by, person_id=of(other), role=after)
        assert live(brand_a)[of(other)] == after
    else:
        with pytest.raises(RelaisError):
            change_role(actor=by, person_id=of(other), role=after)
        assert live(brand_a)[of(other)] == before


def test_nobody_raises_themselves(brand_a: BrandRef) -> None:
    for role in Role:
        by = acting(brand_a, role)
        for wanted in sorted(set(Role) - MAY_GIVE.get(role, NONE)):
            with pytest.raises(RelaisError):
                change_role(actor=by, person_id=of(by), role=wanted)
        assert live(brand_a)[of(by)] == role


def test_an_ended_membership_bites_on_the_next_request(brand_a: BrandRef, member: Callable[..., Membership]) -> None:
    person = member(brand_a, Role.APPROVER).person
    assert actor_for(person, brand_a, EntryPoint.PAGE).role is Role.APPROVER
    end_membership(actor=acting(brand_a, Role.BRAND_OWNER), person_id=person.pk)
    with pytest.raises(Missing):
        actor_for(person, brand_a, EntryPoint.PAGE)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.BRAND_OWNER}))
def test_everybody_may_leave(brand_a: BrandRef, role: Role) -> None:
    by = acting(brand_a, role)
    end_membership(actor=by, person_id=of(by))
    assert live(brand_a) == {}
    with pytest.raises(Refused, match="not_allowed"):  # once is enough: they stand nowhere now
        end_membership(actor=by, person_id=of(by))


def test_the_last_owner_stays_owner(brand_a: BrandRef, brand_b: BrandRef) -> None:
    owner = acting(brand_a, Role.BRAND_OWNER)
    acting(brand_b, Role.BRAND_OWNER)
    for act in (
        lambda: end_membership(actor=owner, person_id=of(owner)),
        lambda: change_role(actor=owner, person_id=of(owner), role=Role.BRAND_MANAGER),
    ):
        with pytest.raises(Conflict, match="last_owner"):
            act()
    assert live(brand_a) == {of(owner): Role.BRAND_OWNER}
    change_role(actor=owner, person_id=of(owner), role=Role.BRAND_OWNER)  # no change is no loss


def test_an_owner_whose_account_is_closed_does_not_count(brand_a: BrandRef) -> None:
    owner, second = acting(brand_a, Role.BRAND_OWNER), acting(brand_a, Role.BRAND_OWNER)
    Person.objects.filter(pk=of(second)).update(is_active=False)
    with pytest.raises(Conflict, match="last_owner"):
        end_membership(actor=owner, person_id=of(owner))


def test_making_and_unmaking_an_owner_takes_a_fresh_proof(brand_a: BrandRef) -> None:
    stale = acting(brand_a, Role.BRAND_OWNER, stepped_up=False)
    owner, approver = acting(brand_a, Role.BRAND_OWNER), acting(brand_a, Role.APPROVER)
    for act in (
        lambda: change_role(actor=stale, person_id=of(approver), role=Role.BRAND_OWNER),
        lambda: change_role(actor=stale, person_id=of(approver), role=Role.BRAND_MANAGER),
        lambda: change_role(actor=stale, person_id=of(owner), role=Role.APPROVER),
        lambda: end_membership(actor=stale, person_id=of(owner)),
    ):
        with pytest.raises(Refused, match="step_up_required"):
            act()
    change_role(actor=stale, person_id=of(approver), role=Role.AUDITOR)
    end_membership(actor=stale, person_id=of(approver))


def test_a_role_of_the_other_side_is_never_given(brand_a: BrandRef) -> None:
    owner, approver = acting(brand_a, Role.BRAND_OWNER), acting(brand_a, Role.APPROVER)
    with pytest.raises((Refused, Invalid)):
        change_role(actor=owner, person_id=of(approver), role=Role.COMMUNITY_MANAGER)
    assert live(brand_a)[of(approver)] == Role.APPROVER


def test_agencies_do_not_see_each_others_people(brand_a: BrandRef) -> None:
    rival = Agency.objects.create(name="Rival", slug="rival")
    by, theirs = acting(brand_a, Role.AGENCY_OWNER), acting(brand_a, Role.ANALYST, agency=rival)
    with pytest.raises(Missing, match="membership"):
        end_membership(actor=by, person_id=of(theirs))
    with pytest.raises(Missing, match="membership"):
        change_role(actor=by, person_id=of(theirs), role=Role.COMMUNITY_MANAGER)
    end_membership(actor=acting(brand_a, Role.BRAND_OWNER), person_id=of(theirs))


def test_a_place_in_one_brand_is_out_of_reach_from_another(
    brand_a: BrandRef, brand_b: BrandRef, member: Callable[..., Membership]
) -> None:
    person = member(brand_a, Role.APPROVER).person
    member(brand_b, Role.APPROVER, person)
    only_a = member(brand_a, Role.AUDITOR).person
    owner_of_b = acting(brand_b, Role.BRAND_OWNER)
    end_membership(actor=owner_of_b, person_id=person.pk)
    assert again(person, brand_a).role is Role.APPROVER
    with pytest.raises(Missing, match="membership"):
        end_membership(actor=owner_of_b, person_id=only_a.pk)
    with pytest.raises(Missing, match="membership"):
        change_role(actor=owner_of_b, person_id=only_a.pk, role=Role.APPROVER)
    assert said(brand_a) == []


def test_a_process_ends_nobody(brand_a: BrandRef) -> None:
    other = acting(brand_a, Role.ANALYST)
    for via in EntryPoint:
        with pytest.raises(Refused, match="not_allowed"):
            end_membership(actor=process_of(brand_a, via, "worker"), person_id=of(other))


def test_the_end_of_a_mandate_ends_the_agencys_places_and_invitations(brand_a: BrandRef, brand_b: BrandRef) -> None:
    owner = acting(brand_a, Role.BRAND_OWNER)
    rival = acting(brand_a, Role.ANALYST, agency=Agency.objects.create(name="Rival", slug="rival"))
    heads = [acting(brand_a, Role.AGENCY_OWNER), acting(brand_a, Role.COMMUNITY_MANAGER)]
    elsewhere = acting(brand_b, Role.COMMUNITY_MANAGER)
    invite_agency_person(actor=heads[0], email="lou@example.org", role=Role.ANALYST, holds_mandate=holds)
    assert heads[0].agency_id is not None
    with durable(brand_a):
        ended = end_agency_people(owner, heads[0].agency_id)
    assert set(ended) == {of(one) for one in heads}
    assert set(live(brand_a)) == {of(owner), of(rival)}
    assert of(elsewhere) in live(brand_b)
    assert Invitation.objects.get().revoked_at is not None
    assert said(brand_a) == ["person_invited", "membership_ended", "membership_ended"]


def test_what_happened_stands_in_the_hubs_log_too(brand_a: BrandRef) -> None:
    owner, other = acting(brand_a, Role.BRAND_OWNER), acting(brand_a, Role.APPROVER)
    change_role(actor=owner, person_id=of(other), role=Role.AUDITOR)
    end_membership(actor=owner, person_id=of(other))
    log = HubEntry.objects.filter(person_id=of(other), brand_id=brand_a.id).order_by("at", "id")
    assert list(log.values_list("verb", "facts")) == [
        ("role_changed", {"before": "approver", "after": "auditor"}),
        ("membership_ended", {"role": "auditor"}),
    ]
