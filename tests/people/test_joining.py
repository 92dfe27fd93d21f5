"""Coming in: with the right link, as the right person, into the right brand, once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.people.access import actor_for
from clients.people.actions import (
    accept_as_new_person,
    accept_invitation,
    assign_agency_person,
    change_role,
    end_membership,
    invite_agency_person,
    invite_brand_person,
    let_return,
)
from clients.people.actor import Actor
from clients.people.queries import people_shown_the_door
from clients.people.steps import end_agency_people
from tenants import invitations
from tenants.actions import change_state
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.models import Agency, AgencyMember, HubEntry, Invitation, Membership, Person
from tenants.vocabulary import BrandState, Role, Side
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.people.acting import acting, again, holds, holds_none, live, said, token_of

pytestmark = pytest.mark.django_db
ADDRESS = "lou@example.org"
PASSWORD = "a long and quiet evening"
People = Callable[..., Person]


@pytest.fixture
def owner(brand_a: BrandRef) -> Actor:
    return acting(brand_a, Role.BRAND_OWNER)


@pytest.fixture
def token(brand_a: BrandRef, owner: Actor) -> str:
    """The link in the mailbox of `ADDRESS`, into the first brand as an approver."""
    return token_of(brand_a, invite_brand_person(actor=owner, email=ADDRESS, role=Role.APPROVER))


def accept(person: Person, token: str) -> Actor:
    return accept_invitation(person=person, token=token, via=EntryPoint.MAIL_LINK, holds_mandate=holds)


def accept_anew(token: str, **changes: Any) -> Actor:
    values = {"name": "Lou Petit", "password": PASSWORD, "language": "fr"} | changes
    return accept_as_new_person(token=token, via=EntryPoint.MAIL_LINK, holds_mandate=holds, **values)


def test_somebody_with_an_account_comes_in(brand_a: BrandRef, token: str, person_factory: People) -> None:
    lou = person_factory(email=ADDRESS)
    actor = accept(lou, token)
    assert (actor.person_id, actor.side, actor.role, actor.brand) == (lou.pk, Side.BRAND, Role.APPROVER, brand_a)
    assert live(brand_a)[lou.pk] == Role.APPROVER
    assert said(brand_a) == ["person_invited", "invitation_accepted"]
    assert set(HubEntry.objects.filter(person_id=lou.pk).values_list("verb", "brand_id")) == {
        ("membership_begun", brand_a.id)
    }


def test_somebody_new_gets_an_account_with_the_invited_address(brand_a: BrandRef, token: str) -> None:
    actor = accept_anew(token)
    lou = Person.objects.get(email=ADDRESS)
    assert (lou.pk, lou.name, lou.language) == (actor.person_id, "Lou Petit", "fr")
    assert lou.check_password(PASSWORD)
    assert not lou.is_operator
    assert set(HubEntry.objects.filter(person_id=lou.pk).values_list("verb", flat=True)) == {
        "person_made",
        "membership_begun",
    }


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": "  "}, "name_empty", "name"),
        ({"password": "short"}, "password_weak", "password"),
        ({"password": "lou@example.org"}, "password_weak", "password"),
        ({"password": "qwerty123456"}, "password_weak", "password"),
    ],
)
def test_a_weak_password_makes_no_account(
    brand_a: BrandRef, token: str, changes: dict[str, Any], code: str, field: str
) -> None:
    before = live(brand_a)
    with pytest.raises(Invalid) as refused:
        accept_anew(token, **changes)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not Person.objects.filter(email=ADDRESS).exists()
    assert live(brand_a) == before
    assert accept_anew(token).role is Role.APPROVER  # the link is still good


def test_an_account_is_not_taken_over_by_a_link(brand_a: BrandRef, token: str, person_factory: People) -> None:
    lou = person_factory(email=ADDRESS)
    with pytest.raises(Conflict, match="person_exists"):
        accept_anew(token)
    lou.refresh_from_db()
    assert not lou.check_password(PASSWORD)
    assert lou.pk not in live(brand_a)


def test_only_the_invited_address_accepts(brand_a: BrandRef, token: str, person_factory: People) -> None:
    thief, gone = person_factory(email="thief@example.org"), person_factory(email=ADDRESS, is_active=False)
    for person in (thief, gone):
        with pytest.raises(Refused, match="other_address"):
            accept(person, token)
        assert person.pk not in live(brand_a)
    assert Invitation.objects.get().accepted_at is None


def test_a_link_works_once(brand_a: BrandRef, owner: Actor, token: str, person_factory: People) -> None:
    lou = person_factory(email=ADDRESS)
    accept(lou, token)
    with pytest.raises(Conflict, match="invitation_used"):
        accept(lou, token)
    end_membership(actor=owner, person_id=lou.pk)
    with pytest.raises(Conflict, match="invitation_used"):
        accept(lou, token)
    assert lou.pk not in live(brand_a)


@pytest.mark.parametrize(("age", "works"), [(timedelta(days=7, seconds=-1), True), (timedelta(days=7), False)])
def test_a_link_lasts_seven_days(
    brand_a: BrandRef, owner: Actor, person_factory: People, age: timedelta, works: bool
) -> None:
    lou, now = person_factory(email=ADDRESS), timezone.now()
    with time_machine.travel(now, tick=False):
        link = token_of(brand_a, invite_brand_person(actor=owner, email=ADDRESS, role=Role.APPROVER))
    with time_machine.travel(now + age, tick=False):
        if works:
            assert accept(lou, link).role is Role.APPROVER
        else:
            with pytest.raises(Conflict, match="invitation_expired"):
                accept(lou, link)


def test_a_link_into_one_brand_opens_no_other(
    brand_a: BrandRef, brand_b: BrandRef, token: str, person_factory: People
) -> None:
    lou = person_factory(email=ADDRESS)
    with pytest.raises(Missing, match="invitation"):
        invitations.accept(brand_b.id, token, lou, timezone.now())
    accept(lou, token)
    assert lou.pk in live(brand_a)
    assert lou.pk not in live(brand_b)
    assert said(brand_b) == []


def test_a_member_of_the_other_side_cannot_be_both(brand_a: BrandRef, token: str, person_factory: People) -> None:
    lou = person_factory(email=ADDRESS)
    acting(brand_a, Role.ANALYST, lou)
    with pytest.raises(Conflict, match="already_member"):
        accept(lou, token)
    assert live(brand_a)[lou.pk] == Role.ANALYST


def test_nobody_comes_into_a_brand_that_is_not_served(brand_a: BrandRef, token: str, person_factory: People) -> None:
    lou = person_factory(email=ADDRESS)
    change_state(brand_a, BrandState.SUSPENDED)
    with pytest.raises(Missing, match="brand"):
        accept(lou, token)
    assert lou.pk not in live(brand_a)


@pytest.mark.parametrize("fate", ["ended", "demoted"])
def test_an_invitation_falls_with_the_right_of_whoever_made_it(
    brand_a: BrandRef, owner: Actor, person_factory: People, fate: str
) -> None:
    manager, lou = acting(brand_a, Role.BRAND_MANAGER), person_factory(email=ADDRESS)
    assert manager.person_id is not None
    link = token_of(brand_a, invite_brand_person(actor=manager, email=ADDRESS, role=Role.APPROVER))
    if fate == "ended":
        end_membership(actor=owner, person_id=manager.person_id)
    else:
        change_role(actor=owner, person_id=manager.person_id, role=Role.APPROVER)
    with pytest.raises(Conflict, match="invitation_revoked"):
        accept(lou, link)


def test_an_invitation_that_its_maker_could_still_make_survives(
    brand_a: BrandRef, owner: Actor, person_factory: People
) -> None:
    second = acting(brand_a, Role.BRAND_OWNER)
    assert second.person_id is not None
    link = token_of(brand_a, invite_brand_person(actor=second, email=ADDRESS, role=Role.APPROVER))
    lost = token_of(brand_a, invite_brand_person(actor=second, email="x@example.org", role=Role.BRAND_OWNER))
    change_role(actor=owner, person_id=second.person_id, role=Role.BRAND_MANAGER)
    with pytest.raises(Conflict, match="invitation_revoked"):
        invitations.card_of(lost, timezone.now())
    assert accept(person_factory(email=ADDRESS), link).role is Role.APPROVER


# --- The agency's side ---------------------------------------------------------------------------------------------------


@pytest.fixture
def agency() -> Agency:
    return Agency.objects.create(name="Agence Lumen", slug="lumen")


def of_agency(agency: Agency, role: Role, person: Person) -> Person:
    AgencyMember.objects.create(agency=agency, person=person, role=role)
    return person


def assign(by: Person, brand: BrandRef, agency: Agency, person_id: UUID, role: Role, mandate: Any = holds) -> Actor:
    return assign_agency_person(
        by=by,
        brand=brand,
        agency_id=agency.pk,
        person_id=person_id,
        role=role,
        via=EntryPoint.PAGE,
        holds_mandate=mandate,
    )


@pytest.mark.parametrize("role", [Role.AGENCY_OWNER, Role.AGENCY_MANAGER, Role.ANALYST])
def test_a_letter_into_one_brand_makes_nobody_a_head_of_the_agency(
    brand_a: BrandRef, brand_b: BrandRef, agency: Agency, person_factory: People, role: Role
) -> None:
    by, lou = acting(brand_a, Role.AGENCY_OWNER, agency=agency), person_factory(email=ADDRESS)
    made = invite_agency_person(actor=by, email=ADDRESS, role=role, holds_mandate=holds)
    actor = accept(lou, token_of(brand_a, made))
    assert (actor.role, actor.agency_id) == (role, agency.pk)
    assert AgencyMember.objects.get(person=lou).role in {Role.COMMUNITY_MANAGER, Role.ANALYST}
    with pytest.raises(Refused, match="not_allowed"):
        assign(lou, brand_b, agency, lou.pk, Role.ANALYST)


def test_an_agency_letter_falls_with_the_mandate(brand_a: BrandRef, agency: Agency, person_factory: People) -> None:
    by, lou = acting(brand_a, Role.AGENCY_OWNER, agency=agency), person_factory(email=ADDRESS)
    made = invite_agency_person(actor=by, email=ADDRESS, role=Role.ANALYST, holds_mandate=holds)
    with pytest.raises(Refused, match="no_mandate"):
        accept_invitation(person=lou, token=token_of(brand_a, made), via=EntryPoint.MAIL_LINK, holds_mandate=holds_none)
    assert lou.pk not in live(brand_a)


@pytest.mark.parametrize("role", [Role.AGENCY_OWNER, Role.AGENCY_MANAGER, Role.COMMUNITY_MANAGER, Role.ANALYST])
def test_heads_of_an_agency_staff_a_brand(
    brand_a: BrandRef, agency: Agency, person_factory: People, role: Role
) -> None:
    by, cm = of_agency(agency, role, person_factory()), of_agency(agency, Role.COMMUNITY_MANAGER, person_factory())
    if role in {Role.AGENCY_OWNER, Role.AGENCY_MANAGER}:
        assign(by, brand_a, agency, by.pk, Role.AGENCY_MANAGER)
        assign(by, brand_a, agency, cm.pk, Role.COMMUNITY_MANAGER)
        assert live(brand_a) == {by.pk: Role.AGENCY_MANAGER, cm.pk: Role.COMMUNITY_MANAGER}
        assert said(brand_a) == ["person_assigned"] * 2
        assert again(cm, brand_a).agency_id == agency.pk
    else:
        with pytest.raises(Refused, match="not_allowed"):
            assign(by, brand_a, agency, cm.pk, Role.COMMUNITY_MANAGER)
        assert live(brand_a) == {}


def test_an_agency_staffs_only_with_its_own_and_only_under_a_mandate(
    brand_a: BrandRef, agency: Agency, person_factory: People
) -> None:
    by, stranger = of_agency(agency, Role.AGENCY_OWNER, person_factory()), person_factory()
    rival = Agency.objects.create(name="Rival", slug="rival")
    theirs = of_agency(rival, Role.AGENCY_OWNER, person_factory())
    with pytest.raises(Refused, match="no_mandate"):
        assign(by, brand_a, agency, by.pk, Role.AGENCY_OWNER, holds_none)
    for somebody in (stranger, theirs):
        with pytest.raises(Missing, match="person"):
            assign(by, brand_a, agency, somebody.pk, Role.ANALYST)
        with pytest.raises(Refused, match="not_allowed"):
            assign(somebody, brand_a, agency, by.pk, Role.ANALYST)
    assert live(brand_a) == {}


@pytest.mark.parametrize("role", [Role.AGENCY_OWNER, Role.APPROVER, Role.BRAND_OWNER])
def test_an_agency_manager_hands_out_no_more_than_they_hold(
    brand_a: BrandRef, agency: Agency, person_factory: People, role: Role
) -> None:
    by = of_agency(agency, Role.AGENCY_MANAGER, person_factory())
    with pytest.raises(Refused, match="role_not_yours_to_give"):
        assign(by, brand_a, agency, by.pk, role)
    assert live(brand_a) == {}


def test_a_brand_person_is_not_assigned_to_the_agencys_side(
    brand_a: BrandRef, owner: Actor, agency: Agency, person_factory: People
) -> None:
    by = of_agency(agency, Role.AGENCY_OWNER, person_factory())
    both = of_agency(agency, Role.COMMUNITY_MANAGER, Person.objects.get(pk=owner.person_id))
    with pytest.raises(Conflict, match="already_member"):
        assign(by, brand_a, agency, both.pk, Role.COMMUNITY_MANAGER)
    assert actor_for(both, brand_a, EntryPoint.PAGE).role is Role.BRAND_OWNER
    assert Membership.objects.filter(brand_id=brand_a.id).count() == 1


def test_the_agency_does_not_bring_back_whom_the_brand_has_shown_the_door(
    brand_a: BrandRef, owner: Actor, agency: Agency, person_factory: People
) -> None:
    by, cm = of_agency(agency, Role.AGENCY_OWNER, person_factory()), of_agency(agency, Role.ANALYST, person_factory())
    assign(by, brand_a, agency, cm.pk, Role.ANALYST)
    end_membership(actor=owner, person_id=cm.pk)
    with pytest.raises(Refused, match="ended_by_brand"):
        assign(by, brand_a, agency, cm.pk, Role.ANALYST)
    assert cm.pk not in live(brand_a)


def shown_the_door(brand: BrandRef, owner: Actor, agency: Agency, make: People) -> tuple[Actor, Person]:
    """The agency's head in the brand, and a colleague of theirs whom the brand's owner has sent away."""
    head, cm = of_agency(agency, Role.AGENCY_OWNER, make()), of_agency(agency, Role.ANALYST, make(email=ADDRESS))
    for person, role in ((head, Role.AGENCY_OWNER), (cm, Role.ANALYST)):
        assign(head, brand, agency, person.pk, role)
    end_membership(actor=owner, person_id=cm.pk)
    return again(head, brand), cm


def test_nor_by_a_letter_until_the_brand_lets_them_return(
    brand_a: BrandRef, owner: Actor, agency: Agency, person_factory: People
) -> None:
    head, cm = shown_the_door(brand_a, owner, agency, person_factory)
    again_in = {"actor": head, "email": f" {ADDRESS.upper()}", "role": Role.ANALYST, "holds_mandate": holds}
    with pytest.raises(Refused, match="ended_by_brand") as refused:
        invite_agency_person(**again_in)
    assert refused.value.facts.get("field", refused.value.field) == "email"
    with pytest.raises(Refused):
        let_return(actor=head, person_id=cm.pk)
    let_return(actor=owner, person_id=cm.pk)
    with pytest.raises(Missing, match="person"):
        let_return(actor=owner, person_id=cm.pk)
    assert cm.pk not in live(brand_a), "no place comes of it by itself"
    accept(cm, token_of(brand_a, invite_agency_person(**again_in)))
    assert live(brand_a)[cm.pk] == Role.ANALYST
    end_membership(actor=owner, person_id=cm.pk)
    with pytest.raises(Refused, match="ended_by_brand"):
        invite_agency_person(**again_in)


def test_a_letter_written_before_they_were_shown_the_door_opens_nothing_after(
    brand_a: BrandRef, owner: Actor, agency: Agency, person_factory: People
) -> None:
    head, cm = of_agency(agency, Role.AGENCY_OWNER, person_factory()), person_factory(email=ADDRESS)
    assign(head, brand_a, agency, head.pk, Role.AGENCY_OWNER)
    asked = {"actor": again(head, brand_a), "email": ADDRESS, "role": Role.ANALYST, "holds_mandate": holds}
    early = token_of(brand_a, invite_agency_person(**asked))
    assign(head, brand_a, agency, of_agency(agency, Role.ANALYST, cm).pk, Role.ANALYST)
    end_membership(actor=owner, person_id=cm.pk)
    with pytest.raises(Refused, match="ended_by_brand"):
        accept(cm, early)
    assert cm.pk not in live(brand_a)
    assert Invitation.objects.get(email=ADDRESS).accepted_at is None


def test_the_brand_itself_may_ask_them_to_its_own_side(
    brand_a: BrandRef, owner: Actor, agency: Agency, person_factory: People
) -> None:
    _, cm = shown_the_door(brand_a, owner, agency, person_factory)
    accept(cm, token_of(brand_a, invite_brand_person(actor=owner, email=ADDRESS, role=Role.AUDITOR)))
    assert live(brand_a)[cm.pk] == Role.AUDITOR


def test_who_was_shown_the_door_is_listed_for_this_brand_only(
    brand_a: BrandRef,
    brand_b: BrandRef,
    owner: Actor,
    agency: Agency,
    person_factory: People,
    django_assert_num_queries: Any,
) -> None:
    _, cm = shown_the_door(brand_a, owner, agency, person_factory)
    with brand_scope(brand_a), django_assert_num_queries(2):
        assert [person.person_id for person in people_shown_the_door()] == [cm.pk]
    with brand_scope(brand_b):
        assert people_shown_the_door() == []
    let_return(actor=owner, person_id=cm.pk)
    with brand_scope(brand_a):
        assert people_shown_the_door() == []


@pytest.mark.parametrize("ended_by", ["themselves", "the agency", "the mandate"])
def test_whom_the_brand_has_not_sent_away_comes_back(
    brand_a: BrandRef, owner: Actor, agency: Agency, person_factory: People, ended_by: str
) -> None:
    by, cm = of_agency(agency, Role.AGENCY_OWNER, person_factory()), of_agency(agency, Role.ANALYST, person_factory())
    assign(by, brand_a, agency, by.pk, Role.AGENCY_OWNER)
    assign(by, brand_a, agency, cm.pk, Role.ANALYST)
    if ended_by == "the mandate":
        with durable(brand_a):
            end_agency_people(owner, agency.pk)
    else:
        end_membership(actor=again(cm if ended_by == "themselves" else by, brand_a), person_id=cm.pk)
    assert cm.pk not in live(brand_a)
    assign(by, brand_a, agency, cm.pk, Role.ANALYST)
    assert live(brand_a)[cm.pk] == Role.ANALYST


NO_NAMES = [
    "Win www.x.example",
    "https://x.example",
    "x.example",
    "pay@x.example",
    "a\u3002cn",
    "Lou\r\nBcc: all",
    "  ",
]


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_carries_no_address_into_letters(brand_a: BrandRef, token: str, name: str) -> None:
    with pytest.raises(Invalid, match=r"name_no_name|name_empty") as wrong:
        accept_anew(token, name=name)
    assert wrong.value.field == "name"
    assert not Person.objects.filter(email=ADDRESS).exists()


@pytest.mark.parametrize(
    "name", ["Lou-Ann O'Neil", "J. R. Petit", "Zoë Müller (Paris)", "Dr. 李小龙", "Anne Dupont, jr."]
)
def test_names_as_people_have_them(brand_a: BrandRef, token: str, name: str) -> None:
    accept_anew(token, name=name)
    assert Person.objects.get(email=ADDRESS).name == name
