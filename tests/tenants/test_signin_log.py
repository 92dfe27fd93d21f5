"""Signing in, failing to, changing a factor, ending a session: each leaves its line, and never what was typed."""

from collections.abc import Callable

import pytest
from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.signals import user_locked_out
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_login_failed
from django.contrib.sessions.backends.db import SessionStore
from django.db import Error, transaction
from django.http import HttpRequest
from django.test import RequestFactory

from tenants.errors import Missing
from tenants.models import HubEntry, Person
from tenants.signin_log import end_session

pytestmark = pytest.mark.django_db
People = Callable[..., Person]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def request_(rf: RequestFactory) -> HttpRequest:
    request = rf.post("/", HTTP_USER_AGENT="Firefox " * 60)
    request.session, request.user = SessionStore(), AnonymousUser()
    return request


def verbs(person: Person | None) -> list[str]:
    found = HubEntry.objects.filter(person_id=person.pk if person else None)
    return list(found.order_by("at", "id").values_list("verb", flat=True))


def test_signing_in_and_out(request_: HttpRequest, person_factory: People) -> None:
    person, other = person_factory(), person_factory()
    login(request_, person, backend=BACKEND)
    logout(request_)
    assert verbs(person) == ["signed_in", "signed_out"]
    assert verbs(other) == []
    facts = HubEntry.objects.filter(verb="signed_in").get().facts
    assert facts["ip"] == "127.0.0.1"
    assert len(facts["agent"]) == 200


@pytest.mark.parametrize("typed", ["nobody@example.org", "correct horse", "a\x00b", ""])
def test_a_failed_sign_in_keeps_whose_account_it_was_and_nothing_typed(
    request_: HttpRequest, person_factory: People, typed: str
) -> None:
    person = person_factory(email="lou@example.org")
    assert authenticate(request_, email="LOU@example.org", password="wrong horse") is None
    user_login_failed.send(sender=None, credentials={"email": typed, "password": "wrong horse"}, request=request_)
    assert verbs(person) == ["sign_in_failed"]
    assert verbs(None) == ["sign_in_failed"]
    kept = str(list(HubEntry.objects.values_list("facts", flat=True)))
    assert "horse" not in kept
    assert "example.org" not in kept


def test_factors(request_: HttpRequest, person_factory: People) -> None:
    person = person_factory()
    totp = Authenticator(user=person, type=Authenticator.Type.TOTP, data={})
    for signal in (mfa.authenticator_added, mfa.authentication_failed, mfa.authenticator_removed):
        signal.send(sender=Authenticator, request=request_, user=person, authenticator=totp)
    assert verbs(person) == ["factor_added", "factor_failed", "factor_removed"]
    assert HubEntry.objects.filter(verb="factor_added").get().facts["factor"] == "totp"


@pytest.mark.parametrize("verb", ["password_set", "password_changed", "password_reset"])
def test_passwords(request_: HttpRequest, person_factory: People, verb: str) -> None:
    person = person_factory()
    getattr(account, verb).send(sender=Person, request=request_, user=person)
    assert verbs(person) == [verb]


def test_a_lock_out_names_the_account_that_was_tried(request_: HttpRequest, person_factory: People) -> None:
    person = person_factory(email="lou@example.org")
    user_locked_out.send("axes", request=request_, username="Lou@example.org", ip_address="192.0.2.1")
    user_locked_out.send("axes", request=request_, username=None, ip_address="192.0.2.1")
    assert verbs(person) == verbs(None) == ["locked_out"]


def test_ending_a_session_ends_ones_own_only(person_factory: People) -> None:
    person, other = person_factory(), person_factory()
    store = SessionStore()
    store["x"] = 1
    store.save()
    session = UserSession.objects.create(user=person, ip="192.0.2.1", user_agent="x", session_key=store.session_key)
    with pytest.raises(Missing, match="session"):
        end_session(person=other, session_id=session.pk)
    assert SessionStore().exists(store.session_key)
    end_session(person=person, session_id=session.pk)
    assert not SessionStore().exists(store.session_key)
    assert verbs(person) == ["session_ended"]
    with pytest.raises(Missing, match="session"):
        end_session(person=person, session_id=session.pk)


def test_what_cannot_be_written_down_does_not_happen(
    request_: HttpRequest, person_factory: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("tenants.signin_log.note", broken)
    with pytest.raises(OSError, match="disk full"):
        login(request_, person_factory(), backend=BACKEND)


def test_the_log_cannot_be_rewritten(request_: HttpRequest, person_factory: People) -> None:
    login(request_, person_factory(), backend=BACKEND)
    for change in (lambda: HubEntry.objects.update(verb="x"), lambda: HubEntry.objects.all().delete()):
        with pytest.raises(Error), transaction.atomic():
            change()
