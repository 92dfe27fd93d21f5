"""What people are told of their own account by mail: a sign-in from elsewhere, and what changed about how they come in."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client

from clients.outbox.models import OutboxRow
from tenants.models import Person
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.world import World

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
KIND = "people.new_place"
HOME, NEAR, AWAY = "192.0.2.17", "192.0.2.200", "198.51.100.9"


def sign_in(client: Client, person: Person, ip: str, password: str = "correct horse") -> Any:
    return client.post("/account/login/", {"login": person.email, "password": password}, REMOTE_ADDR=ip)


def letters(world: World) -> list[Any]:
    world.run_outbox(KIND)
    found, mail.outbox[:] = list(mail.outbox), []
    return found


@pytest.mark.parametrize(("language", "said"), [("fr", "depuis un réseau"), ("en", "from a network")])
def test_a_sign_in_from_elsewhere_is_told_to_the_person(world: World, browse: Browse, language: str, said: str) -> None:
    person = world.people[Role.APPROVER]
    Person.objects.filter(pk=person.pk).update(language=language)
    mail.outbox.clear()
    for ip in (HOME, NEAR):
        sign_in(browse(), person, ip)
    assert letters(world) == [], "the first of all tells nothing new, and a network is one place"
    sign_in(browse(), person, AWAY, password="wrong")
    assert letters(world) == [], "who did not come in has come from nowhere"
    sign_in(browse(), person, AWAY)
    with brand_scope(world.brand):
        assert AWAY not in str(list(OutboxRow.objects.filter(kind=KIND).values_list("payload", flat=True)))
    (letter,) = letters(world)
    assert letter.to == [person.email] and said in str(letter.body) and AWAY in str(letter.body)
    assert world.brand.name not in f"{letter.subject} {letter.body}", "an account is nobody's brand's"
    sign_in(browse(), person, AWAY)
    assert letters(world) == [], "now it is known"


def test_one_persons_places_are_not_anothers(world: World, browse: Browse) -> None:
    for role, ip in ((Role.APPROVER, HOME), (Role.BRAND_OWNER, AWAY), (Role.APPROVER, AWAY)):
        sign_in(browse(), world.people[role], ip)
    assert [letter.to for letter in letters(world)] == [[world.people[Role.APPROVER].email]]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", ("mot de passe", "uthentification", "récupération")), ("en", ("password", "uthenticat", "ecovery"))],
)
def test_what_changes_about_coming_in_is_told_at_once(
    world: World, browse: Browse, language: str, words: tuple[str, str, str]
) -> None:
    person = world.people[Role.APPROVER]
    Person.objects.filter(pk=person.pk).update(language=language)
    person.refresh_from_db()
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    client = browse(person)
    code = format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))
    client.post("/me/security/reauthenticate/", {"code": code})
    mail.outbox.clear()
    client.post("/me/security/recovery-codes/generate/")
    client.post("/me/security/totp/deactivate/")
    assert not Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()
    changed = {
        "oldpassword": "correct horse",
        "password1": "Neuf-7 fougères bleues",
        "password2": "Neuf-7 fougères bleues",
    }
    client.post("/account/password/change/", changed)
    codes, factor, password = mail.outbox
    for letter, word in ((password, words[0]), (factor, words[1]), (codes, words[2])):
        assert letter.to == [person.email]
        assert word in str(letter.body), letter.body
        assert ("Bonjour" in str(letter.body)) is (language == "fr")
