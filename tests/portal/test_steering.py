"""Charter, brake, people, channels, briefing: what the brand steers with."""

import re

from django.core import mail

from clients.approvals.queries import holds_in_force
from clients.channels.models import Channel
from clients.mandates.models import CharterVersion
from clients.mandates.queries import charter_in_force
from tenants.models import Membership, Person
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.world import World


def propose(world: World, browse: Browse, level: int) -> CharterVersion:
    client = browse(world.people[Role.AGENCY_MANAGER], world.brand)
    line = {"channel-0": "", "kind-0": "publish", "sensitivity-0": "routine", "level-0": str(level), "start-0": "09:00"}
    form = (
        {"base": "1", "count": "1", "note": "Un essai"}
        | line
        | {"end-0": "00:00", "days-0": ["0", "1", "2", "3", "4"], "daily_cap-0": "3"}
    )
    answer = client.post(f"/charter/{world.mandate.pk}/propose", form)
    assert answer.status_code == 303
    with brand_scope(world.brand):
        return CharterVersion.objects.get(pk=answer["Location"].split("/")[-2])


def test_a_proposal_is_read_signed_and_in_force(world: World, browse: Browse) -> None:
    version = propose(world, browse, 5)
    plain = browse(world.people[Role.BRAND_OWNER], world.brand)
    page = plain.get(f"/charter/versions/{version.pk}/").content.decode()
    assert "on weekdays from 9:00 to 24:00" in page and "at most 3 a day" in page
    assert f"/charter/versions/{version.pk}/sign" not in page
    early = plain.post(f"/charter/versions/{version.pk}/sign", {"digest": version.digest})
    assert early.status_code == 303 and "/account/reauthenticate/" in early["Location"]
    proved = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True)
    assert f"/charter/versions/{version.pk}/sign" in proved.get(f"/charter/versions/{version.pk}/").content.decode()
    assert proved.post(f"/charter/versions/{version.pk}/sign", {"digest": "0" * 64}).status_code == 403
    assert proved.post(f"/charter/versions/{version.pk}/sign", {"digest": version.digest}).status_code == 303
    with brand_scope(world.brand):
        assert charter_in_force().version == version.number


def test_only_the_owner_signs(world: World, browse: Browse) -> None:
    version = propose(world, browse, 5)
    for role in (Role.BRAND_MANAGER, Role.APPROVER, Role.AGENCY_OWNER):
        client = browse(world.people[role], world.brand, proved=True)
        assert client.post(f"/charter/versions/{version.pk}/sign", {"digest": version.digest}).status_code == 403


def test_a_wrong_line_names_its_field_and_keeps_what_was_typed(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.AGENCY_MANAGER], world.brand)
    grant = {"channel": "", "kind": "delete", "sensitivity": "routine", "level": "6", "days": "0123456"}
    form = {"base": "1", "count": "1", **{f"{name}-0": value for name, value in grant.items()}}
    answer = client.post(f"/charter/{world.mandate.pk}/propose", form | {"note": "Gardez ceci"})
    assert answer.status_code == 422
    assert "no higher than level 2" in answer.content.decode() and "Gardez ceci" in answer.content.decode()


def test_any_manager_lowers_at_once(world: World, browse: Browse) -> None:
    form = {"key": "||routine", "level": "1"}
    path = f"/charter/{world.mandate.pk}/lower"
    assert browse(world.people[Role.AGENCY_OWNER], world.brand).post(path, form).status_code == 403
    assert browse(world.people[Role.BRAND_MANAGER], world.brand).post(path, form).status_code == 303
    with brand_scope(world.brand):
        assert {g.key: g.level for g in charter_in_force().grants}["||routine"] == 1
    assert (
        browse(world.people[Role.BRAND_MANAGER], world.brand).post(path, {"key": "||routine", "level": "6"}).status_code
        == 409
    )


def test_stop_and_resume(world: World, browse: Browse) -> None:
    approver = browse(world.people[Role.APPROVER], world.brand)
    assert approver.post("/stops/", {"scope": "all", "note": "Rappel produit"}).status_code == 303
    with brand_scope(world.brand):
        hold = holds_in_force().get()
    assert "A stop is in force" in approver.get("/items/").content.decode()
    path = f"/stops/{hold.pk}/resume"
    assert browse(world.people[Role.AGENCY_OWNER], world.brand, proved=True).post(path).status_code == 403
    assert "/account/reauthenticate/" in browse(world.people[Role.BRAND_MANAGER], world.brand).post(path)["Location"]
    assert browse(world.people[Role.BRAND_MANAGER], world.brand, proved=True).post(path).status_code == 303
    with brand_scope(world.brand):
        assert not holds_in_force().exists()


def test_stop_one_channel(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    assert client.post("/stops/stop", {"scope": f"channel:{world.wall.pk}"}).status_code == 303
    assert client.post("/stops/stop", {"scope": "nonsense"}).status_code == 422
    assert "Channel: Le mur" in client.get("/stops/").content.decode()


def test_an_invitation_from_the_letter_to_the_first_page(world: World, browse: Browse) -> None:
    owner = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True)
    assert owner.post("/people/invite", {"email": "new@example.org", "role": "approver"}).status_code == 303
    mail.outbox.clear()
    world.run_outbox()
    (letter,) = (m for m in mail.outbox if m.to == ["new@example.org"])
    token = re.search(r"/invitation/([\w-]+)/", str(letter.body))[1]  # type: ignore[index]
    guest = browse()
    page = guest.get(f"/invitation/{token}/").content.decode()
    assert world.brand.name in page
    weak = guest.post(f"/invitation/{token}/", {"name": "Nour Amrani", "password": "123"})
    assert weak.status_code == 422 and "Nour Amrani" in weak.content.decode()
    done = guest.post(f"/invitation/{token}/", {"name": "Nour Amrani", "password": "une longue phrase secrète"})
    assert done.status_code == 303 and world.brand.slug in done["Location"]
    nour = Person.objects.get(email="new@example.org")
    assert Membership.objects.get(person=nour).role == Role.APPROVER
    assert browse(nour, world.brand).get("/approvals/").status_code == 200
    assert browse().get(f"/invitation/{token}/").status_code in {404, 409}
    assert browse().get("/invitation/nonsense/").status_code == 404


def test_ending_and_changing_people(world: World, browse: Browse) -> None:
    owner = browse(world.people[Role.BRAND_OWNER], world.brand)
    cm, approver = world.people[Role.COMMUNITY_MANAGER], world.people[Role.APPROVER]
    assert owner.post(f"/people/{approver.pk}/role", {"role": "auditor"}).status_code == 303
    assert owner.post(f"/people/{approver.pk}/role", {"role": "king"}).status_code == 422
    assert owner.post(f"/people/{cm.pk}/end").status_code == 303
    assert browse(cm, world.brand).get("/").status_code == 404
    manager = browse(world.people[Role.AGENCY_MANAGER], world.brand)
    assert manager.post(f"/people/{world.people[Role.BRAND_OWNER].pk}/end").status_code == 403


def test_the_owner_lets_somebody_return_and_nobody_else_does(world: World, browse: Browse) -> None:
    cm = world.people[Role.COMMUNITY_MANAGER]
    owner, manager, agency = (
        browse(world.people[role], world.brand) for role in (Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.AGENCY_OWNER)
    )
    press = f"/people/{cm.pk}/return"
    assert press not in owner.get("/people/").content.decode()
    assert owner.post(f"/people/{cm.pk}/end").status_code == 303
    invite = {"email": cm.email, "role": "community_manager"}
    refused = agency.post("/people/invite", invite)
    assert refused.status_code == 403 and "has ended this person" in refused.content.decode()
    for other in (manager, agency):
        assert press not in other.get("/people/").content.decode()
        assert other.post(press).status_code == 403
    assert press in owner.get("/people/").content.decode()
    assert owner.post(press).status_code == 303
    assert press not in owner.get("/people/").content.decode()
    assert agency.post("/people/invite", invite).status_code == 303


def test_a_credential_goes_in_and_never_comes_out(world: World, browse: Browse) -> None:
    owner = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True)
    form = {"name": "Courrier", "host": "127.0.0.1", "port": "2525", "tls": "starttls", "user": "u"}
    form |= {"password": "tr3s-secret", "from_address": "a@example.org", "to": "b@example.org, c@example.org"}
    assert owner.post("/channels/connect/email", form).status_code == 303
    with brand_scope(world.brand):
        channel = Channel.objects.get(name="Courrier")
    for path in ("/channels/", f"/channels/{channel.pk}/credential"):
        assert "tr3s-secret" not in owner.get(path).content.decode()
    wrong = owner.post("/channels/connect/email", form | {"name": "Autre", "port": "99999"})
    assert wrong.status_code == 422
    assert "tr3s-secret" not in wrong.content.decode() and 'value="Autre"' in wrong.content.decode()
    assert owner.post(f"/channels/{channel.pk}/credential", {"password": "n0uveau"}).status_code == 303
    assert (
        browse(world.people[Role.AGENCY_OWNER], world.brand).post(f"/channels/{channel.pk}/revoke").status_code == 403
    )
    assert owner.post(f"/channels/{channel.pk}/revoke").status_code == 303


def test_the_briefing_is_written_read_and_acknowledged(world: World, browse: Browse) -> None:
    owner = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True)
    form = {"after": "1", "objectives": "Parler vrai", "key_facts": "Un\nDeux"}
    row = {
        "approved_answers.rows": "1",
        "approved_answers.0.question": "D’où ?",
        "approved_answers.0.answer": "De Corse",
    }
    form |= row
    assert owner.post("/briefing/write", form).status_code == 303
    assert owner.post("/briefing/write", form).status_code == 409
    half = owner.post(
        "/briefing/write",
        form | {"after": "2", "approved_answers.0.question": "Sans réponse", "approved_answers.0.answer": ""},
    )
    assert half.status_code == 422 and "Sans réponse" in half.content.decode()
    cm = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    assert "I have read it" in cm.get("/briefing/").content.decode()
    assert cm.post("/briefing/read", {"number": "2"}).status_code == 303
    assert "I have read it" not in cm.get("/briefing/").content.decode()


def test_a_receipt_replays(world: World, browse: Browse) -> None:
    item = world.submitted("Bonjour", title="Titre")
    owner = browse(world.people[Role.BRAND_OWNER], world.brand)
    owner.post(f"/approvals/{item.pk}/approve", {"digest": item.version.digest})
    world.run_outbox("gate.send")
    path = re.search(r"/receipts/[\w-]+/", owner.get("/receipts/").content.decode())[0]  # type: ignore[index]
    assert "by approval" in owner.get(path).content.decode()
    assert "The same answer" in owner.get(f"{path}replay").content.decode()
    assert "<html" not in owner.get(f"{path}replay", headers={"hx-request": "true"}).content.decode()
    assert "Bonjour" in owner.get("/wall").content.decode()
