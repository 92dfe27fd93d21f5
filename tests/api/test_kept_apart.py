"""What one key has is no other's: a proof has the whole of a line, and the ids of one customer system are not another's."""

from typing import Any

import pytest

from api import limits
from api.resources.evidence import AS_REQUESTS
from clients.audit.sealing import seal_batch
from clients.autonomy.vocabulary import EntryPoint
from clients.community.actions import begin_erasure, erase_member
from clients.crm.actions import bring_organisations, open_ticket
from clients.crm.actions.organisations import SaidOrganisation
from clients.crm.models import Contact
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import FIELDS, InfoClass
from clients.people.actor import process_of
from tenants.walls.scope import brand_scope
from tests.api.calls import allow, api_of
from tests.api.test_changes import changes
from tests.api.test_crm import of_key
from tests.crm.conftest import bring, member, said
from tests.custody.conftest import begin
from tests.world import World


def test_a_proof_is_for_a_policy_that_names_the_whole_line(world: World) -> None:
    world.submitted("Un.")
    while seal_batch(world.brand).lines:
        pass
    whole = api_of(world, policy=allow(world, {"audit.entry": FIELDS["audit.entry"]}))
    partly = api_of(world, policy=allow(world, {"audit.entry": ("at", "verb")}))
    beneath = api_of(world, policy=allow(world, {"audit.entry": FIELDS["audit.entry"]}, InfoClass.SHARED))
    line = whole.get("audit-entries?verb=item.submitted").json()["data"][0]
    proof = f"audit-entries/{line['id']}/proof"
    assert line["id"] in whole.get(proof).json()["line"]
    with brand_scope(world.brand):
        told = Disclosure.objects.filter(way="api", object_kind="audit.entry").count()
    refused = partly.get(proof)
    assert (refused.status_code, refused.json()["code"]) == (403, "field_not_allowed")
    assert beneath.get(proof).status_code == 404
    with brand_scope(world.brand):
        assert Disclosure.objects.filter(way="api", object_kind="audit.entry").count() == told


def test_a_proof_counts_as_many_requests(world: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_REQUESTS_A_MINUTE = 2 * AS_REQUESTS
    monkeypatch.setattr(limits, "WINDOW", 86_400)
    world.submitted("Un.")
    api = api_of(world)
    line = api.get("audit-entries?verb=item.submitted").json()["data"][0]
    while seal_batch(world.brand).lines:
        pass
    assert api.get(f"audit-entries/{line['id']}/proof").status_code == 200
    answers = [api.get("items").status_code for _ in range(AS_REQUESTS + 2)]
    assert answers[:3] == [200] * 3, "what is left is left"
    assert answers[-1] == 429


def ids(told: dict[str, Any], change: str) -> set[tuple[str, str]]:
    return {(row["resource"], row["id"]) for row in told["data"] if row["change"] == change}


def test_changes_of_one_customer_system_are_not_told_to_another(world: World) -> None:
    one, two = api_of(world), api_of(world)
    theirs, others = of_key(world, one), of_key(world, two)
    begun = changes(one)["cursor"]
    bring(world, theirs, said(theirs, "7", name="Léa"))
    bring(world, others, said(others, "7", name="Zoé"))
    bring_organisations(world.owner, system_id=others.pk, rows=[SaidOrganisation("o", "Chez Zoé")])
    open_ticket(
        world.cm,
        conversation_id=begin(world, info_class=InfoClass.SHARED).pk,
        system_id=others.pk,
        kind="lead",
        title="x",
    )
    with brand_scope(world.brand):
        mine = ("contacts", str(Contact.objects.get(system=theirs).pk))
        yours = Contact.objects.get(system=others)
    assert {r for r in ids(changes(one, after=begun), "changed") if r[0] in CRM} == {mine}
    assert {r for r in ids(changes(one, after=begun), "gone") if r[0] in CRM} == set()
    assert {r[0] for r in ids(changes(two, after=begun), "changed") if r[0] in CRM} == {
        "contacts", "organisations", "tickets",
    }  # fmt: skip
    erase(world, yours.member_id)
    assert ("contacts", str(yours.pk)) in ids(changes(two, after=begun), "gone")
    assert ids(changes(one, after=begun), "gone") & {("contacts", str(yours.pk))} == set()


CRM = {"contacts", "organisations", "tickets", "timeline"}


def erase(world: World, member_id: Any) -> None:
    erasure = erase_member(world.owner, member_id=member_id, basis="request")
    begin_erasure(process_of(world.brand, EntryPoint.WORKER, "test"), erasure_id=erasure.pk)


def test_whoever_was_only_offered_is_gone_for_the_system_that_they_were_offered_to(world: World) -> None:
    one, two = api_of(world), api_of(world)
    theirs, _others = of_key(world, one), of_key(world, two)
    begun = changes(one)["cursor"]
    lea = member(world)
    talk = begin(world, info_class=InfoClass.SHARED, member=lea.pk)
    open_ticket(world.cm, conversation_id=talk.pk, system_id=theirs.pk, kind="lead", title="x")
    with brand_scope(world.brand):
        offered = ("contacts", str(Contact.objects.get(system=theirs).pk))
    assert offered in ids(changes(one, after=begun), "changed")
    erase(world, lea.pk)
    assert offered in ids(changes(one, after=begun), "gone")
    assert offered not in ids(changes(two, after=begun), "gone")
