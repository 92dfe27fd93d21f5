"""Asking somebody in: every role allowed and refused from one set-up, and what an invitation may never become."""

from uuid import UUID

import pytest
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actions import (
    invite_agency_person,
    invite_brand_person,
    revoke_invitation,
    send_invitation_again,
)
from clients.people.actor import process_of
from clients.people.queries import former_people, invitations_waiting, people_of_brand, people_of_side
from clients.people.rules import MAY_GIVE
from clients.people.steps import write_letter
from tenants import invitations
from tenants.errors import Conflict, Invalid, Missing, Refused, RelaisError
from tenants.models import Agency, Invitation, Membership
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import BrandRef, brand_scope
from tests.people.acting import acting, holds, mails_waiting, said, token_of

pytestmark = pytest.mark.django_db
ADDRESS = "lou@example.org"
NONE = frozenset[Role]()


@pytest.mark.parametrize("given", sorted(ROLES_OF[Side.BRAND]))
@pytest.mark.parametrize("role", list(Role))
def test_who_invites_whom_to_the_brands_side(brand_a: BrandRef, role: Role, given: Role) -> None:
    by = acting(brand_a, role)
    if role in ROLES_OF[Side.BRAND] and given in MAY_GIVE.get(role, NONE):
        made = Invitation.objects.get(pk=invite_brand_person(actor=by, email=ADDRESS, role=given))
        assert (made.brand_id, made.side, made.role, made.agency_id) == (brand_a.id, Side.BRAND, given, None)
        assert (mails_waiting(brand_a), said(brand_a)) == (1, ["person_invited"])
    else:
        with pytest.raises(Refused):
            invite_brand_person(actor=by, email=ADDRESS, role=given)
        assert not Invitation.objects.exists()
        assert (mails_waiting(brand_a), said(brand_a)) == (0, [])


@pytest.mark.parametrize("given", sorted(ROLES_OF[Side.AGENCY]))
@pytest.mark.parametrize("role", list(Role))
def test_who_invites_whom_to_the_agencys_side(brand_a: BrandRef, role: Role, given: Role) -> None:
    by = acting(brand_a, role)
    if role in ROLES_OF[Side.AGENCY] and given in MAY_GIVE.get(role, NONE):
        made_id = invite_agency_person(actor=by, email=ADDRESS, role=given, holds_mandate=holds)
        made = Invitation.objects.get(pk=made_id)
        assert (made.side, made.role, made.agency_id) == (Side.AGENCY, given, by.agency_id)
    else:
        with pytest.raises(Refused):
            invite_agency_person(actor=by, email=ADDRESS, role=given, holds_mandate=holds)
        assert not Invitation.objects.exists()


def test_no_side_hands_out_a_role_of_the_other(brand_a: BrandRef) -> None:
    with pytest.raises(Refused, match="role_not_yours_to_give"):
        invite_brand_person(actor=acting(brand_a, Role.BRAND_OWNER), email=ADDRESS, role=Role.AGENCY_OWNER)
    with pytest.raises(Refused, match="role_not_yours_to_give"):
        invite_agency_person(
            actor=acting(brand_a, Role.AGENCY_OWNER), email=ADDRESS, role=Role.APPROVER, holds_mandate=holds
        )


def test_an_agency_without_a_mandate_invites_nobody(brand_a: BrandRef) -> None:
    by = acting(brand_a, Role.AGENCY_OWNER)
    asked: list[UUID] = []
    with pytest.raises(Refused, match="no_mandate"):
        invite_agency_person(
            actor=by, email=ADDRESS, role=Role.ANALYST, holds_mandate=lambda agency: bool(asked.append(agency))
        )
    assert asked == [by.agency_id]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", [Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER])
def test_making_somebody_who_lets_things_out_takes_a_fresh_proof(brand_a: BrandRef, role: Role) -> None:
    """Whoever steals a session could otherwise invite themselves, and stay when the session is ended."""
    by = acting(brand_a, Role.BRAND_OWNER, stepped_up=False)
    invite_brand_person(actor=by, email=ADDRESS, role=Role.AUDITOR)
    with pytest.raises(Refused, match="step_up_required"):
        invite_brand_person(actor=by, email="other@example.org", role=role)


@pytest.mark.parametrize("via", list(EntryPoint))
def test_a_process_invites_nobody(brand_a: BrandRef, via: EntryPoint) -> None:
    process = process_of(brand_a, via, "import")
    with pytest.raises(Refused, match="not_allowed"):
        invite_brand_person(actor=process, email=ADDRESS, role=Role.APPROVER)
    with pytest.raises(Refused, match="not_allowed"):
        invite_agency_person(actor=process, email=ADDRESS, role=Role.ANALYST, holds_mandate=holds)


def test_somebody_whose_place_ended_a_moment_ago_invites_nobody(brand_a: BrandRef) -> None:
    by = acting(brand_a, Role.BRAND_MANAGER)
    Membership.objects.filter(person_id=by.person_id).update(ended_at=timezone.now())
    with pytest.raises(Refused, match="not_allowed"):
        invite_brand_person(actor=by, email=ADDRESS, role=Role.APPROVER)
    Membership.objects.filter(person_id=by.person_id).update(ended_at=None, role=Role.APPROVER)
    with pytest.raises(Refused, match="not_allowed"):
        invite_brand_person(actor=by, email=ADDRESS, role=Role.APPROVER)


@pytest.mark.parametrize("email", ["", "lou", "lou@", "lou@example.org\nBcc: x@example.org", "lou@exa mple.org"])
def test_an_address_that_is_none_names_its_field(brand_a: BrandRef, email: str) -> None:
    with pytest.raises(Invalid) as refused:
        invite_brand_person(actor=acting(brand_a, Role.BRAND_OWNER), email=email, role=Role.APPROVER)
    assert (refused.value.code, refused.value.field) == ("bad_email", "email")


def test_a_member_is_not_invited_again(brand_a: BrandRef, brand_b: BrandRef) -> None:
    member = acting(brand_a, Role.APPROVER)
    address = Membership.objects.get(person_id=member.person_id).person.email
    with pytest.raises(Conflict, match="already_member"):
        invite_brand_person(actor=acting(brand_a, Role.BRAND_OWNER), email=address.upper(), role=Role.AUDITOR)
    invite_brand_person(actor=acting(brand_b, Role.BRAND_OWNER), email=address, role=Role.AUDITOR)


def test_inviting_again_replaces_the_invitation_of_the_same_side_only(brand_a: BrandRef) -> None:
    owner, agency = acting(brand_a, Role.BRAND_OWNER), acting(brand_a, Role.AGENCY_OWNER)
    first = invite_brand_person(actor=owner, email=ADDRESS, role=Role.APPROVER)
    other = invite_agency_person(actor=agency, email=ADDRESS, role=Role.ANALYST, holds_mandate=holds)
    link = token_of(brand_a, first)
    second = invite_brand_person(actor=owner, email=f"  {ADDRESS.upper()} ", role=Role.AUDITOR)
    with pytest.raises(Conflict, match="invitation_revoked"):
        invitations.card_of(link, timezone.now())
    still_open = invitations.invitations_open(brand_a.id, timezone.now()).values_list("pk", flat=True)
    assert set(still_open) == {other, second}


def test_nobody_mails_the_world(brand_a: BrandRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MOST_OPEN", 2)
    owner = acting(brand_a, Role.BRAND_OWNER)
    for number in range(2):
        invite_brand_person(actor=owner, email=f"p{number}@example.org", role=Role.APPROVER)
    with pytest.raises(Conflict, match="too_many_invitations"):
        invite_brand_person(actor=owner, email="p3@example.org", role=Role.APPROVER)


def test_nothing_we_keep_opens_the_door(brand_a: BrandRef) -> None:
    made = invite_brand_person(actor=acting(brand_a, Role.BRAND_OWNER), email=ADDRESS, role=Role.APPROVER)
    letter = write_letter(brand_a, made)
    assert letter is not None
    kept = Invitation.objects.get(pk=made).token_digest
    assert kept == invitations.digest_of(letter.token)
    assert len(letter.token) >= 43  # 32 bytes
    for guess in (kept, str(made), "", letter.token[:-1], letter.token + "="):
        with pytest.raises(Missing, match="invitation"):
            invitations.card_of(guess, timezone.now())


def test_the_letter_says_who_invites_into_what(brand_a: BrandRef) -> None:
    agency = Agency.objects.create(name="Agence Lumen", slug="lumen")
    by = acting(brand_a, Role.AGENCY_OWNER, agency=agency)
    made = invite_agency_person(actor=by, email=ADDRESS, role=Role.ANALYST, holds_mandate=holds)
    letter = write_letter(brand_a, made)
    assert letter is not None
    assert (letter.email, letter.language, letter.brand_name) == (ADDRESS, brand_a.language, brand_a.name)
    assert (letter.side, letter.role, letter.agency_name) == (Side.AGENCY, Role.ANALYST, "Agence Lumen")
    assert letter.invited_by_name == by.name
    card = invitations.card_of(letter.token, timezone.now())
    assert (card.id, card.brand, card.has_account) == (made, brand_a, False)


def test_another_letter_makes_the_one_before_useless(brand_a: BrandRef) -> None:
    owner = acting(brand_a, Role.BRAND_OWNER)
    made = invite_brand_person(actor=owner, email=ADDRESS, role=Role.APPROVER)
    first = token_of(brand_a, made)
    send_invitation_again(actor=owner, invitation_id=made)
    second = token_of(brand_a, made)
    with pytest.raises(Missing):
        invitations.card_of(first, timezone.now())
    assert invitations.card_of(second, timezone.now()).id == made


def test_a_revoked_invitation_is_closed_and_its_letter_never_written(brand_a: BrandRef) -> None:
    owner = acting(brand_a, Role.BRAND_OWNER)
    made = invite_brand_person(actor=owner, email=ADDRESS, role=Role.APPROVER)
    link = token_of(brand_a, made)
    revoke_invitation(actor=owner, invitation_id=made)
    with pytest.raises(Conflict, match="invitation_revoked"):
        invitations.card_of(link, timezone.now())
    assert write_letter(brand_a, made) is None
    assert mails_waiting(brand_a) == 0
    with pytest.raises(Missing):
        revoke_invitation(actor=owner, invitation_id=made)


@pytest.mark.parametrize(
    ("role", "works"),
    [
        (Role.BRAND_OWNER, True),  # the brand's owner may show anybody the door
        (Role.BRAND_MANAGER, False),
        (Role.APPROVER, False),
        (Role.AGENCY_OWNER, True),
        (Role.AGENCY_MANAGER, True),
        (Role.COMMUNITY_MANAGER, False),
    ],
)
def test_who_takes_back_an_agencys_invitation(brand_a: BrandRef, role: Role, works: bool) -> None:
    made = invite_agency_person(
        actor=acting(brand_a, Role.AGENCY_OWNER), email=ADDRESS, role=Role.ANALYST, holds_mandate=holds
    )
    by = acting(brand_a, role)
    with brand_scope(brand_a):
        assert [one.id for one in invitations_waiting(by, timezone.now())] == ([made] if works else [])
    if works:
        revoke_invitation(actor=by, invitation_id=made)
    else:
        with pytest.raises(RelaisError):
            revoke_invitation(actor=by, invitation_id=made)
        with pytest.raises(RelaisError):
            send_invitation_again(actor=by, invitation_id=made)


def test_an_agency_knows_nothing_of_another_agencys_invitations(brand_a: BrandRef) -> None:
    rival = acting(brand_a, Role.AGENCY_OWNER, agency=Agency.objects.create(name="Rival", slug="rival"))
    made = invite_agency_person(
        actor=acting(brand_a, Role.AGENCY_OWNER), email=ADDRESS, role=Role.ANALYST, holds_mandate=holds
    )
    with brand_scope(brand_a):
        assert invitations_waiting(rival, timezone.now()) == []
    with pytest.raises(Missing):
        revoke_invitation(actor=rival, invitation_id=made)


def test_an_invitation_of_one_brand_is_absent_in_another(brand_a: BrandRef, brand_b: BrandRef) -> None:
    made = invite_brand_person(actor=acting(brand_a, Role.BRAND_OWNER), email=ADDRESS, role=Role.APPROVER)
    other = acting(brand_b, Role.BRAND_OWNER)
    for act in (revoke_invitation, send_invitation_again):
        with pytest.raises(Missing):
            act(actor=other, invitation_id=made)
    assert write_letter(brand_b, made) is None
    with brand_scope(brand_b):
        assert invitations_waiting(other, timezone.now()) == []
    assert said(brand_b) == []


def test_lists_show_one_brand_and_cost_the_same_for_many(
    brand_a: BrandRef, brand_b: BrandRef, django_assert_num_queries: object
) -> None:
    owner, _ = acting(brand_a, Role.BRAND_OWNER), acting(brand_b, Role.BRAND_OWNER)
    for number in range(3):
        invite_brand_person(actor=owner, email=f"p{number}@example.org", role=Role.APPROVER)
        acting(brand_a, Role.ANALYST)
        gone = acting(brand_a, Role.AUDITOR)
        Membership.objects.filter(person_id=gone.person_id).update(ended_at=timezone.now())
        with brand_scope(brand_a):
            with django_assert_num_queries(1):  # type: ignore[operator]
                assert len(people_of_brand()) == number + 2
            with django_assert_num_queries(1):  # type: ignore[operator]
                assert len(former_people()) == number + 1
            with django_assert_num_queries(1):  # type: ignore[operator]
                assert len(invitations_waiting(owner, timezone.now())) == number + 1
            assert people_of_side(Side.BRAND).get().person_id == owner.person_id
            assert people_of_brand()[0].side == Side.BRAND
