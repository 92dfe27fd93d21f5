"""Members as people see them: who reads whom, erasure with its certificate, the file for the member, retention."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from clients.community.actions import add_member, erase_member
from clients.community.models import Erasure, Member, RetentionRule
from clients.community.rules import About, Consent
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from clients.gate.models import Receipt
from clients.items.actions import add_media
from clients.items.models import Item
from clients.people.rules import MAY, Verb
from tenants.keeping.erased import BEGIN
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.community.canaries import picture
from tests.portal.conftest import Browse
from tests.portal.test_lists import queries_of
from tests.world import World

OWNER, CM = Role.BRAND_OWNER, Role.COMMUNITY_MANAGER
FORM = {
    "name": "Zoé Abc",
    "handles": "mastodon: @zoe@social.example",
    "consent": "given",
    "preferred": "email",
    "class": "shared",
}


def lea(world: World, info_class: InfoClass = InfoClass.BRAND) -> Member:
    about = About("Léa Zorglub", "lea@example.org", "0612345678", handles=(("bluesky", "lea.zorglub"),))
    return add_member(world.owner, about=about, info_class=info_class)


@pytest.mark.parametrize("role", list(Role))
def test_a_member_of_the_brands_is_nobody_to_the_agency(world: World, browse: Browse, role: Role) -> None:
    kept, shared = lea(world), lea(world, InfoClass.SHARED)
    client = browse(world.people[role], world.brand)
    answers = [client.get(f"/members/{member.pk}/").status_code for member in (kept, shared)]
    reads = role in MAY[Verb.MEMBER_READ]
    brand = reads and str(role) not in {"agency_owner", "agency_manager", "community_manager", "analyst"}
    assert answers == [200 if brand else 404 if reads else 403, 200 if reads else 403]
    for query in ("", "?q=zorglub", "?q=lea@example"):
        page = client.get(f"/members/{query}").content.decode()
        assert (page.count("data-row")) == (2 if brand else 1 if reads else 0)


def test_three_cost_what_one_costs_and_nobody_of_next_door(world: World, other: World, browse: Browse) -> None:
    add_member(other.owner, about=About("SECRET Zorglub"))
    client = browse(world.people[OWNER], world.brand)
    lea(world, InfoClass.SHARED)
    one, page = queries_of(client, "/members/?q=zorglub")
    for _ in range(2):
        lea(world, InfoClass.SHARED)
    three, full = queries_of(client, "/members/?q=zorglub")
    assert one == three
    assert full.count("data-row") == 3 and "SECRET" not in page + full


def test_written_read_and_written_anew(world: World, browse: Browse) -> None:
    client = browse(world.people[CM], world.brand)
    assert client.post("/members/new", FORM | {"name": " "}).status_code == 422
    assert client.post("/members/new", FORM | {"handles": "mastodon"}).status_code == 422
    made = client.post("/members/new", FORM)
    assert made.status_code == 303
    page = client.get(made.url).content.decode()
    assert "mastodon @zoe@social.example" in page
    assert client.post(made.url, FORM | {"name": "Zoé Bcd", "consent": "withdrawn"}).status_code == 303
    with brand_scope(world.brand):
        member = Member.objects.get()
        assert (member.name, member.consent, member.handles.count()) == ("Zoé Bcd", Consent.WITHDRAWN, 1)
    assert browse(world.people[Role.AUDITOR], world.brand).post(made.url, FORM).status_code == 403


def test_named_in_reports_noted_and_taken_back_on_their_page(world: World, other: World, browse: Browse) -> None:
    member, theirs = lea(world, InfoClass.SHARED), lea(other, InfoClass.SHARED)
    path, agent = f"/members/{member.pk}", browse(world.people[CM], world.brand)
    assert "never asked" in agent.get(f"{path}/").content.decode()
    refused = agent.post(f"{path}/naming", {"naming": "given", "how": " "})
    assert refused.status_code == 422 and 'value="Léa Zorglub"' in refused.content.decode()
    assert agent.post(f"{path}/naming", {"naming": "none"}).status_code == 422
    noted = agent.post(f"{path}/naming", {"naming": "given", "how": "Mail of 3 May"})
    assert noted.status_code == 303
    page = agent.get(noted.url).content.decode()
    assert "agreed: named" in page and "Mail of 3 May" in page and "stays what it was" in page
    assert f"noted by {world.people[CM].name}" in page
    told = browse(world.people[OWNER], world.brand).post(f"{path}/told", {"as": "html"}).content.decode()
    assert "Mail of 3 May" in told
    brand = browse(world.people[Role.APPROVER], world.brand)
    assert brand.post(f"{path}/naming", {"naming": "withdrawn"}).status_code == 303
    assert brand.post(f"{path}/naming", {"naming": "withdrawn"}).status_code == 409
    assert "taken back" in brand.get(f"{path}/").content.decode()
    auditor = browse(world.people[Role.AUDITOR], world.brand)
    assert auditor.post(f"{path}/naming", {"naming": "given", "how": "x"}).status_code == 403
    assert f"{path}/naming" not in auditor.get(f"{path}/").content.decode()
    assert agent.post(f"/members/{theirs.pk}/naming", {"naming": "given", "how": "x"}).status_code == 404


def is_there(world: World, member: Member) -> bool:
    with brand_scope(world.brand):
        return Member.objects.filter(pk=member.pk).exists()


def test_erased_by_the_owner_after_a_preview_and_certified(world: World, browse: Browse) -> None:
    member = lea(world)
    world.charter(6)
    item = world.submitted("Merci Léa Zorglub !", title="Merci Léa Zorglub")
    world.run_outbox("gate.send")
    path = f"/members/{member.pk}/erase"
    owner, manager = (
        browse(world.people[OWNER], world.brand, proved=True),
        browse(world.people[Role.BRAND_MANAGER], world.brand),
    )
    preview = owner.get(path).content.decode()
    assert "Out there already" in preview and f"/items/{item.pk}/" in preview
    assert manager.get(path).status_code == 403
    asked = browse(world.people[OWNER], world.brand).post(path, {"basis": "request"})
    assert "reauthenticate" in asked.url and is_there(world, member)
    assert owner.post(path, {"basis": ""}).status_code == 422
    done = owner.post(path, {"basis": "request"})
    assert done.status_code == 303
    assert "Not certified yet" in owner.get(done.url).content.decode()
    closed = owner.get("/members/?q=L").content.decode() + owner.get(f"/members/{member.pk}/").content.decode()
    assert "is being erased" in closed and "Being erased" in closed and "Zorglub" not in closed
    assert owner.get(path).status_code == 409
    world.run_outbox(BEGIN, "community.finish_erasure")
    certificate = owner.get(done.url).content.decode()
    with brand_scope(world.brand):
        erasure, receipt = Erasure.objects.get(), Receipt.objects.get()
    assert erasure.certificate["digest"] in certificate and "Zorglub" not in certificate
    assert owner.get(path).status_code == 404
    page = owner.get(f"/items/{item.pk}/")
    assert page.status_code == 200 and "Zorglub" not in page.content.decode()
    told = owner.get(f"/receipts/{receipt.pk}/").content.decode()
    assert "Words about a member were erased on" in told and receipt.content_digest in told
    assert "Zorglub" not in owner.get("/wall").content.decode() + owner.get("/log/").content.decode()
    with brand_scope(world.brand):
        assert Item.objects.get(pk=item.pk).title == "Merci ▒▒▒"


def test_how_far_an_erasure_is_also_after_it_was_stopped(
    world: World, browse: Browse, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    for red in (10, 90):
        add_media(world.cm, data=picture(red), declared="image/png", alt=f"Léa Zorglub {red}")
    erasure = erase_member(world.owner, member_id=lea(world).pk, basis="request")
    world.run_outbox(BEGIN)
    client, address = browse(world.people[OWNER], world.brand), f"/members/erasures/{erasure.pk}/"
    page = client.get(address).content.decode()
    assert "0 of 2 files deleted" in page and f'hx-get="{address}status"' in page
    delete, gone = default_storage.delete, []

    def stopped(name: str) -> None:
        if gone:
            raise SystemExit
        gone.append(delete(name))

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(default_storage, "delete", stopped)
        world.run_outbox("community.finish_erasure")
    part = client.get(f"{address}status").content.decode()
    assert "1 of 2 files deleted" in part and "<html" not in part
    assert browse(world.people[CM], world.brand).get(f"{address}status").status_code == 403
    world.run_outbox("community.finish_erasure")
    assert client.get(f"{address}status")["HX-Refresh"] == "true"
    done = client.get(address).content.decode()
    assert "certifies that nothing it keeps" in done and "erasure-steps" not in done


def test_an_item_says_what_was_taken_out_of_it_and_why(world: World, browse: Browse) -> None:
    member = lea(world)
    named, plain = world.draft("Merci Léa Zorglub"), world.draft("Merci les fraises")
    erase_member(world.owner, member_id=member.pk, basis="law")
    world.run_outbox(BEGIN)
    reader = browse(world.people[CM], world.brand)
    page = reader.get(f"/items/{named.pk}/").content.decode()
    assert "had a member erased (a law or an authority requires it)" in page and "▒▒▒" in page
    assert "had a member erased" not in reader.get(f"/items/{plain.pk}/").content.decode()


def test_held_back_and_released(world: World, browse: Browse) -> None:
    path = f"/members/{lea(world).pk}"
    owner = browse(world.people[OWNER], world.brand, proved=True)
    assert owner.post(f"{path}/hold", {"because": ""}).status_code == 422
    assert owner.post(f"{path}/hold", {"because": "Litige"}).status_code == 303
    assert owner.post(f"{path}/erase", {"basis": "law"}).status_code == 409
    assert owner.post(f"{path}/release").status_code == 303
    assert owner.post(f"{path}/release").status_code == 409
    assert owner.post(f"{path}/erase", {"basis": "law"}).status_code == 303


def test_told_to_the_member_with_a_line_in_the_ledger(world: World, other: World, browse: Browse) -> None:
    member = lea(world)
    world.draft("Un mot de Léa Zorglub")
    manager, cm = browse(world.people[Role.BRAND_MANAGER], world.brand), browse(world.people[CM], world.brand)
    path = f"/members/{member.pk}/told"
    assert cm.get(path).status_code == cm.post(path).status_code == 403
    told = json.loads(manager.post(path, {"as": "json"}).content)
    assert told["member"]["handles"] == [{"network": "bluesky", "handle": "lea.zorglub"}]
    assert any("Un mot de Léa Zorglub" in str(one["words"]) for one in told["found"])
    page = manager.post(path, {"as": "html"})
    assert "Un mot de Léa Zorglub" in page.content.decode() and "attachment" in page["Content-Disposition"]
    with brand_scope(world.brand):
        lines = Disclosure.objects.filter(why="access_request", object_kind="community.member")
        assert [(line.way, line.object_ids) for line in lines] == [("export", [str(member.pk)])] * 2
    assert manager.post(f"/members/{lea(other).pk}/told").status_code == 404


def test_how_long_things_are_kept(world: World, browse: Browse) -> None:
    owner, auditor = (
        browse(world.people[OWNER], world.brand, proved=True),
        browse(world.people[Role.AUDITOR], world.brand),
    )
    assert "rows would go" in auditor.get("/members/retention?day=2030-12-01").content.decode()
    assert auditor.get("/members/retention?day=planet").status_code == 200
    assert browse(world.people[CM], world.brand).get("/members/retention").status_code == 403
    assert auditor.post("/members/retention", {"kind": "queue", "days": "30", "on": "on"}).status_code == 403
    assert owner.post("/members/retention", {"kind": "queue", "days": "3", "on": "on"}).status_code == 422
    assert owner.post("/members/retention", {"kind": "planet", "days": "30"}).status_code == 422
    assert owner.post("/members/retention", {"kind": "queue", "days": "30"}).status_code == 303
    with brand_scope(world.brand):
        rule = RetentionRule.objects.get()
        assert (rule.kind, rule.days, rule.on) == ("queue", 30, False)
    assert "Kept without end." in owner.get("/members/retention").content.decode()
