"""Proving again who one is: with the second factor where there is one, in this session, and on the way back only to our hosts."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from clients.people.rules import STEP_UP_LASTS
from portal.pages import stepped_up_at
from tenants.models import Person
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef
from tests.conftest import make_member, make_person

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD, CODE = "/account/reauthenticate/", "/me/security/reauthenticate/"


@pytest.fixture
def person() -> Person:
    return make_person()


@pytest.fixture
def visitor(person: Person) -> Client:
    client = Client(HTTP_HOST=settings.HUB_HOST)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def with_second_factor(person: Person) -> None:
    TOTP.activate(person, SECRET)
    assert get_adapter().decrypt(Authenticator.objects.get().data["secret"]) == SECRET


def proved_at(visitor: Client, person: Person) -> datetime | None:
    class Request:
        session = visitor.session
        user = person

    return stepped_up_at(Request())  # type: ignore[arg-type]


def by_password(visitor: Client) -> HttpResponse:
    return visitor.post(PASSWORD, {"password": "correct horse"})  # type: ignore[return-value]


def by_code(visitor: Client) -> HttpResponse:
    code = format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))
    return visitor.post(CODE, {"code": code})  # type: ignore[return-value]


def test_a_session_alone_proves_nothing(visitor: Client, person: Person) -> None:
    assert proved_at(visitor, person) is None


def test_without_a_second_factor_the_password_proves_it(visitor: Client, person: Person) -> None:
    by_password(visitor)
    proved = proved_at(visitor, person)
    assert proved is not None
    assert abs(datetime.now(UTC) - proved) < timedelta(seconds=30) < STEP_UP_LASTS


def test_with_a_second_factor_the_password_proves_nothing(visitor: Client, person: Person) -> None:
    with_second_factor(person)
    answer = by_password(visitor)
    assert (answer.status_code, answer["Location"]) == (302, CODE)
    assert proved_at(visitor, person) is None


def test_with_a_second_factor_its_code_proves_it(visitor: Client, person: Person) -> None:
    with_second_factor(person)
    by_code(visitor)
    assert proved_at(visitor, person) is not None


def test_a_password_given_before_there_was_a_second_factor_proves_nothing_any_more(
    visitor: Client, person: Person
) -> None:
    by_password(visitor)
    with_second_factor(person)
    assert proved_at(visitor, person) is None


def test_nobody_takes_a_second_factor_away_with_the_password(visitor: Client, person: Person) -> None:
    with_second_factor(person)
    by_password(visitor)
    visitor.post("/me/security/totp/deactivate/")
    assert Authenticator.objects.filter(user=person, type="totp").exists()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "https://relais.localhost@evil.example/",
        "https://evil.example\\@relais.localhost/",
        "javascript:alert(1)",
        "http://relais.localhost.evil.example/",
        "http:///evil.example",
    ],
)
def test_the_way_back_leads_nowhere_else(visitor: Client, elsewhere: str) -> None:
    answer = visitor.post(f"{PASSWORD}?next={elsewhere}", {"password": "correct horse", "next": elsewhere})
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert not answer["Location"].startswith("javascript")


def test_a_page_inside_a_brand_finds_the_proof(visitor: Client, person: Person, brand_a: BrandRef) -> None:
    """The question for the second factor is the hub's, and a brand's own role may not ask it."""
    make_member(brand_a, Role.BRAND_OWNER, person)
    with_second_factor(person)
    by_code(visitor)
    answer = visitor.get("/stops/", HTTP_HOST=f"{brand_a.slug}.{settings.HUB_HOST}")
    assert (answer.status_code, answer.context["stepped_up"]) == (200, True)
