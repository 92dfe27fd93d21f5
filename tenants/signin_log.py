"""The hub's log of sign-ins, factors and sessions.

The house has no signals of its own: an action writes its own line. Signing in is the exception, because it happens inside
allauth, axes and Django's `login`, and signals are the interface those three offer for being told. This is the only module
that receives any. A receiver that fails fails the sign-in: what cannot be written down does not happen.
"""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.usersessions.models import UserSession
from axes.helpers import get_client_ip_address
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from tenants.errors import Missing
from tenants.hub_log import note, session_name
from tenants.models import Person
from tenants.walls.scope import hub_scope

_LONGEST_AGENT = 200

_ACCOUNT_CHANGES: dict[Signal, str] = {
    account.password_set: "password_set",
    account.password_changed: "password_changed",
    account.password_reset: "password_reset",
    account.email_changed: "email_changed",
}
_FACTOR_CHANGES: dict[Signal, str] = {
    mfa.authenticator_added: "factor_added",
    mfa.authenticator_removed: "factor_removed",
    mfa.authenticator_reset: "factor_reset",
    mfa.authentication_failed: "factor_failed",
}


def end_session(*, person: Person, session_id: int) -> None:
    """End one of a person's own open sessions, wherever it is. Raises Missing('session')."""
    with hub_scope():
        session = UserSession.objects.select_for_update().filter(pk=session_id, user=person).first()
        if session is None:
            raise Missing("session")
        key = session.session_key
        session.end()
        note("session_ended", person_id=person.pk, ip=session.ip, session=session_name(key))


@receiver(user_logged_in)
def _signed_in(request: HttpRequest, user: Person, **_: Any) -> None:
    _write("signed_in", request, user)


@receiver(user_logged_out)
def _signed_out(request: HttpRequest, user: Person | None, **_: Any) -> None:
    if user is not None:
        _write("signed_out", request, user)


@receiver(user_login_failed)
def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Whose account was tried, when there is one. What was typed is not kept: it may be a password in the wrong field."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    _write("sign_in_failed", request, _with_address(typed))


@receiver(user_locked_out)
def _locked_out(request: HttpRequest, username: str | None = None, **_: Any) -> None:
    _write("locked_out", request, _with_address(username or ""))


@receiver(list(_ACCOUNT_CHANGES))
def _account_changed(signal: Signal, request: HttpRequest, user: Person, **_: Any) -> None:
    _write(_ACCOUNT_CHANGES[signal], request, user)


@receiver(list(_FACTOR_CHANGES))
def _factor_changed(signal: Signal, request: HttpRequest, user: Person, **rest: Any) -> None:
    factor = rest.get("authenticator")
    _write(_FACTOR_CHANGES[signal], request, user, factor=str(factor.type) if factor else "")


def _with_address(typed: str) -> Person | None:
    return Person.objects.filter(email=typed.replace("\x00", "").lower()).first()


def _write(verb: str, request: HttpRequest | None, person: Person | None, **facts: Any) -> None:
    if request is not None:
        facts["ip"] = str(get_client_ip_address(request) or "")
        facts["session"] = session_name(request.session.session_key)
        facts["agent"] = request.META.get("HTTP_USER_AGENT", "")[:_LONGEST_AGENT]
    with hub_scope():
        note(verb, person_id=person.pk if person else None, **facts)
