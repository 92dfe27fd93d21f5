"""Whom a second factor is asked of: by the installation, by the brand, and what happens to whoever has none, or has lost it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import LazySettings
from django.core import mail
from django.core.management import CommandError, call_command

from clients.audit.models import Entry, Private
from clients.people.actions import ask_second_factor
from clients.people.rules import DECIDERS, MAY, Verb, wants_second_factor
from tenants import hosts
from tenants.errors import Invalid, Refused
from tenants.models import Brand, HubEntry, Person
from tenants.vocabulary import Role, SecondFactor
from tenants.walls.scope import brand_scope
from tests.people.acting import again
from tests.portal.conftest import Browse
from tests.world import World

OWNER, CM = Role.BRAND_OWNER, Role.COMMUNITY_MANAGER
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.mark.parametrize("role", list(Role))
def test_whom_each_rule_means(role: Role) -> None:
    assert not wants_second_factor(SecondFactor.NOBODY, role)
    assert wants_second_factor(SecondFactor.DECIDERS, role) is (role in DECIDERS)
    assert wants_second_factor(SecondFactor.EVERYBODY, role)
    assert (
        MAY[Verb.ITEM_APPROVE] | MAY[Verb.CHARTER_SIGN] | MAY[Verb.CHARTER_PROPOSE] | MAY[Verb.BRAKE_RESUME] <= DECIDERS
    )


def rule(world: World, of: str) -> None:
    Brand.objects.filter(pk=world.brand.id).update(second_factor=of)
    hosts.forget()


@pytest.mark.parametrize("said_by", ["brand", "installation"])
def test_who_decides_does_not_come_in_by_a_password_alone(
    world: World, other: World, browse: Browse, settings: LazySettings, said_by: str
) -> None:
    world.submitted("Un texte qui attend", title="Un texte qui attend")
    if said_by == "brand":
        rule(world, "deciders")
    else:
        settings.SECOND_FACTOR = "deciders"
    owner, cm = world.people[OWNER], world.people[CM]
    closed = browse(owner, world.brand)
    page = closed.get("/approvals/")
    assert page.status_code == 403 and "A second factor first" in page.content.decode()
    assert "Un texte qui attend" not in page.content.decode()
    assert closed.post("/stops/stop", {"scope": "all"}).status_code == 403
    assert "/me/security/" in closed.get("/approvals/", headers={"hx-request": "true"})["HX-Redirect"]
    assert "Un texte qui attend" not in browse(owner).get("/").content.decode(), "nor by the hub's list of work"
    assert browse(owner).get("/me/security/").status_code == 200, "the way to set one up is open"
    assert browse(cm, world.brand).get("/items/").status_code == 200
    assert browse(other.people[OWNER], other.brand).get("/items/").status_code == (200 if said_by == "brand" else 403)
    TOTP.activate(owner, SECRET)
    assert closed.get("/approvals/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor_and_a_stranger_learns_nothing(world: World, browse: Browse) -> None:
    rule(world, "everybody")
    RecoveryCodes.activate(world.people[CM])
    assert browse(world.people[CM], world.brand).get("/items/").status_code == 403
    stranger = browse(Person.objects.create_user("x@example.org", "correct horse", name="X"), world.brand)
    assert stranger.get("/items/").status_code == 404


def test_the_owner_sets_the_rule_with_a_proof_and_a_line(world: World, browse: Browse) -> None:
    owner = world.people[OWNER]
    assert "Who needs a second factor" in browse(owner, world.brand).get("/people/").content.decode()
    manager = browse(world.people[Role.BRAND_MANAGER], world.brand, proved=True)
    assert "Who needs a second factor" not in manager.get("/people/").content.decode()
    assert manager.post("/people/second-factor", {"of": "everybody"}).status_code == 403
    with pytest.raises(Refused, match="step_up_required"):
        ask_second_factor(actor=again(owner, world.brand, stepped_up=False), of="everybody")
    with pytest.raises(Invalid, match="unknown_second_factor"):
        ask_second_factor(actor=world.owner, of="some")
    proved = browse(owner, world.brand, proved=True)
    assert proved.post("/people/second-factor", {"of": "everybody"}).status_code == 303
    assert Brand.objects.get(pk=world.brand.id).second_factor == "everybody"
    with brand_scope(world.brand):
        facts = Entry.objects.get(verb="second_factor_asked").facts
    assert (facts["of"], facts["before"]) == ("everybody", "nobody")
    assert proved.get("/people/").status_code == 403, "it holds for the owner, too"


def test_a_lost_one_is_replaced_by_a_recovery_code_once(world: World, browse: Browse) -> None:
    owner = world.people[OWNER]
    TOTP.activate(owner, SECRET)
    first, second = RecoveryCodes.activate(owner).get_unused_codes()[:2]
    for code, opens in ((first, True), (first, False), (second, True)):
        client = browse()
        client.post("/account/login/", {"login": owner.email, "password": "correct horse"})
        assert client.get("/me/").status_code == 302, "the password alone is not enough"
        client.post("/me/security/authenticate/", {"code": code})
        assert (client.get("/me/").status_code == 200) is opens


def test_setting_up_a_code_generator_makes_recovery_codes(world: World, browse: Browse) -> None:
    owner = world.people[OWNER]
    client = browse(owner, proved=True)
    client.get("/me/security/totp/activate/")
    code = hotp_value(client.session["mfa.totp.secret"], next(yield_hotp_counters_from_time()))
    assert client.post("/me/security/totp/activate/", {"code": format_hotp_value(code)}).status_code == 302
    types = set(Authenticator.objects.filter(user=owner).values_list("type", flat=True))
    assert types == {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}


@pytest.mark.parametrize(
    ("language", "subject", "why"),
    [
        ("fr", "second facteur de", "Rappelé au numéro du contrat"),
        ("en", "second factor of", "Rappelé au numéro du contrat"),
    ],
)
def test_the_owners_hear_of_a_factor_that_an_operator_took_away(
    world: World, other: World, language: str, subject: str, why: str
) -> None:
    """Of somebody of their brand, whichever side; with the reason, once, and no other brand's owner."""
    owner, manager = world.people[OWNER], world.people[Role.COMMUNITY_MANAGER]
    Person.objects.filter(pk=owner.pk).update(language=language)
    TOTP.activate(manager, SECRET)
    mail.outbox.clear()
    call_command("reset_second_factor", manager.email, "--because", why)
    for one in (world, other):
        one.run_outbox("people.factor_taken")
    to_person, to_owner = mail.outbox
    assert (to_person.to, to_owner.to) == ([manager.email], [owner.email])
    assert subject in to_owner.subject and manager.name in to_owner.subject and world.brand.name in to_owner.subject
    assert why in str(to_owner.body) and "/people/" in str(to_owner.body)


def test_an_operator_takes_a_lost_one_away_and_everybody_is_told(world: World, other: World, browse: Browse) -> None:
    owner = world.people[OWNER]
    TOTP.activate(owner, SECRET)
    RecoveryCodes.activate(owner)
    client = browse()
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    for wrong in ([owner.email, "--because", "  "], ["nobody@example.org", "--because", "called back twice"]):
        with pytest.raises(CommandError):
            call_command("reset_second_factor", *wrong)
    assert Authenticator.objects.filter(user=owner).count() == 2
    mail.outbox.clear()
    call_command("reset_second_factor", owner.email, "--because", "called back on the number of the contract")
    assert not Authenticator.objects.filter(user=owner).exists()
    assert client.get("/me/").status_code == 302
    (letter,) = mail.outbox
    assert letter.to == [owner.email] and "second facteur" in letter.subject.lower()
    world.run_outbox("people.factor_taken")
    assert len(mail.outbox) == 1, "the only owner is the person, and has been told"
    assert HubEntry.objects.filter(person_id=owner.pk, verb="factor_reset", facts__why="command").count() == 1
    with brand_scope(world.brand):
        line = Entry.objects.get(verb="second_factor_taken")
        assert line.facts == {"person": str(owner.pk)}
        assert Private.objects.get(pk=line.pk).data["because"].startswith("called back")
    with brand_scope(other.brand):
        assert not Entry.objects.filter(verb="second_factor_taken").exists()
