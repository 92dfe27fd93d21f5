"""Two rows, or two people, that mean the same contact at the same moment: one has it, the other is told; and nobody waits for
what is not theirs.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.autonomy.vocabulary import EntryPoint
from clients.community.actions import begin_erasure, erase_member
from clients.crm.actions import bring_contacts, decide_clash, open_ticket, unlink_contact
from clients.crm.models import Clash, Contact, System
from clients.disclosure.rules import InfoClass
from clients.insights import steps
from clients.insights.models import Theme
from clients.insights.steps import theme_named
from clients.people.actor import process_of
from tenants.walls.scope import brand_scope, durable
from tests.crm.conftest import bring, connected, member, said
from tests.crm.test_contacts import outcomes
from tests.custody.conftest import begin
from tests.world import World


def offered(world: World, system: System, **about: str) -> Contact:
    lea = member(world, **about)
    talk = begin(world, member=lea.pk, info_class=InfoClass.SHARED)
    open_ticket(world.cm, conversation_id=talk.pk, system_id=system.pk, kind="lead", title="x")
    with brand_scope(world.brand):
        return Contact.objects.get(member=lea)


def test_two_rows_that_claim_one_contact_are_one_and_a_refusal(world: World) -> None:
    system = connected(world)
    contact = offered(world, system)
    rows = [said(system, str(n), claims=str(contact.pk), name="Léa Martin") for n in (1, 2)]
    found = bring(world, system, *rows, said(system, "3", name="Zoé"))
    assert outcomes(found) == ["linked", "invalid", "made"]
    assert [p.code for p in found[1].said.problems] == ["contact_taken"]
    with brand_scope(world.brand):
        assert set(Contact.objects.values_list("external_id", flat=True)) == {"1", "3"}


def test_one_claimed_and_one_recognised_are_not_both_the_same(world: World) -> None:
    system = connected(world, by_email="link")
    contact = offered(world, system, email="lea@example.org")
    claims = said(system, "1", claims=str(contact.pk), name="Léa Martin")
    known = said(system, "2", name="Léa", email="lea@example.org")
    assert outcomes(bring(world, system, claims, known)) == ["linked", "asked"]
    other = connected(world, by_email="link")
    contact = offered(world, other, name="Bo Diaz", email="bo@example.org")
    known = said(other, "2", name="Bo Diaz", email="bo@example.org")
    claims = said(other, "1", claims=str(contact.pk), name="Bo Diaz")
    assert outcomes(bring(world, other, known, claims)) == ["linked", "invalid"]


def test_only_what_a_row_is_about_is_locked(world: World) -> None:
    system = connected(world)
    meant, other = offered(world, system), offered(world, system, name="Zoé")

    def locked(claims: str = "") -> str:
        with CaptureQueriesContext(connection) as made:
            bring(world, system, said(system, "1", name="Léa Martin", claims=claims))
        return " ".join(one["sql"] for one in made if "FOR UPDATE" in one["sql"])

    statements = locked(str(meant.pk))
    assert meant.member_id.hex in statements
    assert other.member_id.hex not in statements


@pytest.mark.parametrize("act", ["bring", "decide", "ask"])
def test_whoever_touches_contacts_is_alone_before_they_lock_any(world: World, act: str) -> None:
    lea, system = member(world, email="lea@example.org"), connected(world)
    bring(world, system, said(system, "7", name="Léa", email="lea@example.org"))
    talk = begin(world, member=lea.pk, info_class=InfoClass.SHARED)
    with brand_scope(world.brand):
        clash = Clash.objects.get()
    with CaptureQueriesContext(connection) as made:
        if act == "bring":
            bring_contacts(world.owner, system_id=system.pk, rows=[said(system, "8", name="Léa")])
        elif act == "decide":
            decide_clash(world.owner, clash_id=clash.pk, way="link", member_id=lea.pk)
        else:
            open_ticket(world.cm, conversation_id=talk.pk, system_id=system.pk, kind="lead", title="x")
    asked = [one["sql"] for one in made]
    alone = next(at for at, sql in enumerate(asked) if "pg_advisory_xact_lock" in sql and ":crm" in sql)
    rows = ('FROM "crm_contact"', 'FROM "crm_clash"', 'FROM "community_member"')
    locks = [at for at, sql in enumerate(asked) if "FOR UPDATE" in sql and any(row in sql for row in rows)]
    made_one = [at for at, sql in enumerate(asked) if 'INSERT INTO "crm_contact"' in sql]
    assert all(at > alone for at in (*locks, *made_one))
    assert locks or made_one


def test_a_theme_that_somebody_writes_at_this_moment_is_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with durable(world.brand):
        theirs = Theme.objects.create(name="Pain", key="pain")
        monkeypatch.setattr(steps, "theme_called", lambda key: None)
        assert theme_named("Pain") == theirs
        assert theme_named("Lait") != theirs


def test_who_was_unlinked_and_then_erased_does_not_come_back(world: World) -> None:
    system = connected(world)
    stays, goes = said(system, "1", name="Léa"), said(system, "2", name="Zoé")
    bring(world, system, stays, goes)
    with brand_scope(world.brand):
        contacts = {one.external_id: one for one in Contact.objects.all()}
    for one in contacts.values():
        unlink_contact(world.owner, contact_id=one.pk)
    erasure = erase_member(world.owner, member_id=contacts["2"].member_id, basis="request")
    assert outcomes(bring(world, system, said(system, "2", name="Zoé"))) == ["erased"], "while it is being erased"
    begin_erasure(process_of(world.brand, EntryPoint.WORKER, "test"), erasure_id=erasure.pk)
    again = [said(system, "1", name="Léa"), said(system, "2", name="Zoé")]
    assert outcomes(bring(world, system, *again)) == ["made", "erased"]


def test_who_is_being_erased_is_not_recognised(world: World) -> None:
    system = connected(world, by_email="link")
    gone, stays = member(world, email="lea@example.org"), member(world, "Zoé", email="zoe@example.org")
    erase_member(world.owner, member_id=gone.pk, basis="request")
    rows = [
        said(system, "1", name="Léa", email="lea@example.org"),
        said(system, "2", name="Zoé", email="zoe@example.org"),
    ]
    found = bring(world, system, *rows)
    assert outcomes(found) == ["erased", "linked"]
    assert found[1].member == stays
