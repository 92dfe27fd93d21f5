"""Contacts by their id there: made, recognised by the brand's rule alone, asked about, never merged in silence."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.autonomy.vocabulary import EntryPoint
from clients.community.actions import begin_erasure, change_member, erase_member, finish_erasure
from clients.community.models import Erasure, Member
from clients.community.rules import About
from clients.crm.actions import bring_contacts, decide_clash, unlink_contact
from clients.crm.models import Clash, Contact, Fact, PurposeConsent, Trace
from clients.crm.queries import contacts, facts_of, outward
from clients.crm.rules import Outcome, Why
from clients.people.actor import process_of
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.crm.conftest import bring, connected, counts, inward, member, said
from tests.world import World


def outcomes(rows: object) -> list[str]:
    return [str(row.outcome) for row in rows]  # type: ignore[attr-defined]


def test_made_once_and_then_the_same(world: World) -> None:
    system = connected(world)
    row = said(system, "7", name="Léa Martin", email="Lea@Example.org", handles="mastodon @lea@social.example")
    assert outcomes(bring(world, system, row)) == ["made"]
    again = said(system, "7", name="Léa Martin", email="lea@example.org", handles="Mastodon lea@social.example")
    assert outcomes(bring(world, system, again)) == ["same"]
    assert counts(world)[:2] == (1, 1)
    with brand_scope(world.brand):
        found = Member.objects.get()
        assert (found.name, found.email, found.info_class) == ("Léa Martin", "lea@example.org", "shared")


@pytest.mark.parametrize(
    ("rule", "outcome", "members"), [("link", "linked", 1), ("ask", "asked", 1), ("new", "made", 2)]
)
def test_the_same_address_is_the_same_person_by_the_brands_rule_alone(
    world: World, rule: str, outcome: str, members: int
) -> None:
    member(world, email="lea@example.org")
    system = connected(world, by_email=rule)
    assert outcomes(bring(world, system, said(system, "7", name="Léa M.", email="lea@example.org"))) == [outcome]
    assert counts(world)[0] == members


def test_a_handle_is_known_with_its_sign_and_without_on_its_own_network_only(world: World) -> None:
    member(world, handles=(("mastodon", "@Lea@social.example"),))
    system = connected(world, by_handle="link")
    rows = [
        said(system, "1", name="Léa", handles="mastodon lea@social.example"),
        said(system, "2", name="Léa", handles="bluesky lea@social.example"),
    ]
    assert outcomes(bring(world, system, *rows)) == ["linked", "made"]


def test_two_that_fit_go_to_a_person(world: World) -> None:
    member(world, email="lea@example.org")
    member(world, "Léa Durand", email="lea@example.org")
    system = connected(world, by_email="link")
    (row,) = bring(world, system, said(system, "7", name="Léa", email="lea@example.org"))
    assert (row.outcome, row.why, len(row.candidates)) == (Outcome.ASKED, Why.SEVERAL, 2)
    bring(world, system, said(system, "7", name="Léa", email="lea@example.org"))
    with brand_scope(world.brand):
        assert Clash.objects.count() == 1


def test_two_rows_of_one_address_are_not_one_person_in_silence(world: World) -> None:
    system = connected(world, by_email="link")
    rows = [said(system, str(n), name="Léa", email="lea@example.org") for n in (1, 2)]
    assert outcomes(bring(world, system, *rows)) == ["made", "asked"]
    again = bring(world, system, said(system, "3", name="Léa", email="lea@example.org"))
    assert (again[0].outcome, again[0].why) == (Outcome.ASKED, Why.TAKEN)


def test_an_id_twice_in_one_go_is_wrong_the_second_time(world: World) -> None:
    system = connected(world)
    rows = bring(world, system, said(system, "1", name="A"), said(system, "1", name="B"), said(system, "2", name="C"))
    assert outcomes(rows) == ["made", "invalid", "made"]
    assert rows[1].said.problems[0].code == "twice_here"


def test_a_person_decides(world: World) -> None:
    lea = member(world, email="lea@example.org")
    system = connected(world)
    bring(world, system, said(system, "7", name="Léa M.", email="lea@example.org"))
    with brand_scope(world.brand):
        clash = Clash.objects.get()
    with pytest.raises(Refused):
        decide_clash(world.cm, clash_id=clash.pk, way="link", member_id=lea.pk)
    with pytest.raises(Invalid):
        decide_clash(world.owner, clash_id=clash.pk, way="keep")
    decide_clash(world.approver, clash_id=clash.pk, way="link", member_id=lea.pk)
    with pytest.raises(Conflict):
        decide_clash(world.owner, clash_id=clash.pk, way="make")
    with brand_scope(world.brand):
        assert Contact.objects.get().member_id == lea.pk
        assert Clash.objects.get(pk=clash.pk).row == {}
        assert Clash.objects.filter(decided_at=None, why="differs").count() == 1, "the names differ: asked about apart"


def test_both_changed_and_a_person_takes_one(world: World) -> None:
    system = connected(world)
    bring(world, system, said(system, "7", name="Léa", email="lea@example.org"))
    assert outcomes(bring(world, system, said(system, "7", name="Léa Martin"))) == ["changed"], "nobody here touched it"
    with brand_scope(world.brand):
        lea = Member.objects.get()
    change_member(world.owner, member_id=lea.pk, about=About("Léa Petit", email="lea@example.org"))
    assert outcomes(bring(world, system, said(system, "7", name="Léa Martin"))) == ["same"], "theirs is what it was"
    assert outcomes(bring(world, system, said(system, "7", name="Léa Grand"))) == ["asked"]
    with brand_scope(world.brand):
        assert Member.objects.get().name == "Léa Petit"
        clash = Clash.objects.get()
    decide_clash(world.owner, clash_id=clash.pk, way="keep")
    assert outcomes(bring(world, system, said(system, "7", name="Léa Grand"))) == ["same"], "asked once"
    bring(world, system, said(system, "7", name="Léa Moyen"))
    with brand_scope(world.brand):
        clash = Clash.objects.get(decided_at=None)
    decide_clash(world.owner, clash_id=clash.pk, way="take")
    with brand_scope(world.brand):
        assert Member.objects.get().name == "Léa Moyen"


def test_what_is_stricter_than_the_member_stays_beside_them(world: World) -> None:
    system = connected(world, phone=inward("phone", "brand"), own__size=inward("size", "brand"))
    bring(world, system, said(system, "7", name="Léa", phone="0612345678", size="L"))
    with brand_scope(world.brand):
        contact = Contact.objects.get()
        assert contact.member.phone == ""
        told = {f.field: f.value for f in facts_of(world.owner, [contact.pk])}
        assert told == {"name": "Léa", "phone": "0612345678", "own:size": "L"}
        assert {f.field for f in facts_of(world.cm, [contact.pk])} == {"name"}
        assert list(contacts(world.cm)) == [contact]


def test_nothing_leaves_that_the_brand_has_not_named(world: World) -> None:
    system = connected(world)
    bring(world, system, said(system, "7", name="Léa", email="lea@example.org"))
    with brand_scope(world.brand):
        assert outward(world.owner, contacts(world.owner).get()) == {}
    system = connected(world, email=inward("mail", outward=True), handles=inward("handles", outward=True))
    bring(world, system, said(system, "8", name="Léa", mail="l@example.org", handles="bluesky lea.example"))
    with brand_scope(world.brand):
        told = outward(world.owner, contacts(world.owner).get(external_id="8"))
    assert told == {"mail": "l@example.org", "handles": [{"network": "bluesky", "handle": "lea.example"}]}


def test_consent_is_kept_per_purpose(world: World) -> None:
    system = connected(world, consent__letter=inward("letter"), consent__panel=inward("panel"))
    bring(world, system, said(system, "7", name="Léa", letter=True, panel="no"))
    bring(world, system, said(system, "7", letter="withdrawn"))
    with brand_scope(world.brand):
        found = dict(PurposeConsent.objects.values_list("purpose", "state"))
    assert found == {"letter": "withdrawn", "panel": "withdrawn"}


def test_a_thousand_rows_cost_as_many_statements_as_ten(world: World) -> None:
    system = connected(world, by_email="link", by_handle="link", consent__letter=inward("letter"))

    def spent(first: int, many: int) -> int:
        rows = [
            said(system, str(n), name=f"P {n}", email=f"p{n}@example.org", handles=f"m @p{n}@x.example", letter=True)
            for n in range(first, first + many)
        ]
        with CaptureQueriesContext(connection) as made:
            assert set(outcomes(bring(world, system, *rows))) == {"made"}
        return len(made)

    few, many = spent(0, 10), spent(1_000, 1_000)
    assert many == few, (few, many)
    assert few < 40


def test_who_was_erased_does_not_come_back_by_a_synchronisation(world: World) -> None:
    system = connected(world)
    row = said(system, "crm-4711", name="Léa Martin", email="lea@example.org")
    bring(world, system, row)
    bring(world, system, said(system, "2", name="Somebody Else"))
    with brand_scope(world.brand):
        gone = Contact.objects.get(external_id="crm-4711")
    erasure = erase_member(world.owner, member_id=gone.member_id, basis="request")
    assert outcomes(bring(world, system, row)) == ["erased"], "while it is being erased"
    house = process_of(world.brand, EntryPoint.WORKER, "test")
    begin_erasure(house, erasure_id=erasure.pk)
    again = said(system, "crm-4711", name="Léa Martin", email="lea@example.org")
    assert outcomes(bring(world, system, again)) == ["erased"]
    finish_erasure(house, erasure_id=erasure.pk)
    with brand_scope(world.brand):
        assert not Contact.objects.filter(pk=gone.pk).exists()
        assert Trace.objects.filter(contact=gone.pk).count() == 1
        assert Erasure.objects.get().finished_at is not None
        assert list(Contact.objects.values_list("external_id", flat=True)) == ["2"]


def test_unlinked_by_a_person_it_may_come_again(world: World) -> None:
    system = connected(world, by_email="link")
    row = {"name": "Léa", "email": "lea@example.org"}
    bring(world, system, said(system, "7", **row))
    with brand_scope(world.brand):
        contact = Contact.objects.get()
    unlink_contact(world.owner, contact_id=contact.pk)
    assert outcomes(bring(world, system, said(system, "7", **row))) == ["linked"]


@pytest.mark.parametrize("role", [Role.COMMUNITY_MANAGER, Role.AGENCY_OWNER, Role.AUDITOR])
def test_only_the_brand_brings(world: World, role: Role) -> None:
    system = connected(world)
    with pytest.raises(Refused):
        bring_contacts(world.actor(role), system_id=system.pk, rows=[said(system, "1", name="A")])
    assert counts(world) == (0, 0, 0)


def test_the_other_brands_people_are_nobody_here(world: World, other: World) -> None:
    member(other, email="lea@example.org")
    theirs, system = connected(other, by_email="link"), connected(world, by_email="link")
    bring(other, theirs, said(theirs, "7", name="Léa", email="lea@example.org"))
    assert outcomes(bring(world, system, said(system, "7", name="Léa", email="lea@example.org"))) == ["made"]
    with pytest.raises(Missing):
        bring(world, theirs, said(system, "8", name="Léa"))
    assert counts(other)[:2] == (1, 1)
    with brand_scope(world.brand):
        assert Fact.objects.count() == 2
