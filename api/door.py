"""Who is asking: the key in the header, and as whom it acts. Never a cookie, never a session; so nothing to forge across sites.

INVARIANT: asked afresh for each request, inside the brand of the host: a key that was revoked, or whose person left, is nothing
from the next request on. An actor that came by a key never has a fresh proof of who they are.
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from structlog.contextvars import get_contextvars

from api.problems import Problem
from clients.keys.access import Foreseen, actor_foreseen, actor_of_key
from clients.keys.actions import note_miss, note_use
from clients.keys.queries import is_guessing
from clients.keys.rules import Grant
from clients.people.actor import Actor
from tenants.errors import Missing, Refused
from tenants.walls.scope import BrandRef, brand_scope

REALM = 'Bearer realm="relais"'
LONGEST_KEY = 500
OUT_OF_PLACE = frozenset({"key_elsewhere"})


def enter(request: HttpRequest, brand: BrandRef) -> tuple[Actor, Grant]:
    """The actor and what the key grants. Raises Problem(401) without a valid key, Problem(403) for one from elsewhere."""
    presented = _presented(request)
    try:
        return actor_of_key(brand, presented, ip=address_of(request), request_id=request_id())
    except Missing:
        raise unknown() from None
    except Refused as refused:
        status = 403 if refused.code in OUT_OF_PLACE else 401
        raise Problem(status, refused.code, headers=_challenge("invalid_token"), facts=refused.facts) from None


def foreseen(request: HttpRequest, brand: BrandRef) -> Foreseen | None:
    """Who would be asking if nothing has changed since the key was here last. Whatever is wrong is `enter`'s to tell."""
    try:
        presented = _presented(request)
        return actor_foreseen(brand, presented, ip=address_of(request), request_id=request_id())
    except (Problem, Refused):
        return None


def note(request: HttpRequest, brand: BrandRef, grant: Grant) -> None:
    """Outside every scope: that the key was used, at most once a minute."""
    if grant.to_note:
        note_use(brand, key_id=grant.key_id, ip=address_of(request))


def note_wrong(request: HttpRequest, brand: BrandRef) -> None:
    """Outside every scope: one more wrong secret of this address. Raises Problem(429) once it has tried too many."""
    about, minute = _visitor(request), _minute()
    with brand_scope(brand):
        guessing = is_guessing(about, minute)
    if guessing:
        raise Problem(429, "too_many_requests", headers={"Retry-After": "60"}, seconds=60)
    note_miss(brand, about=about, since=minute)


def _visitor(request: HttpRequest) -> str:
    """An address as it is counted: by a keyed digest, for it is nobody's business here."""
    return salted_hmac("api.visitor", address_of(request), algorithm="sha256").hexdigest()


def _minute() -> datetime:
    return timezone.now().replace(second=0, microsecond=0)


def require_scope(grant: Grant, scope: str) -> None:
    """Raises Problem(403, 'scope_missing')."""
    if not grant.allows(scope):
        headers = {"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{scope}"'}
        raise Problem(403, "scope_missing", headers=headers, scope=scope)


def unknown() -> Problem:
    """One answer for every key that is none, whatever is the matter with it."""
    return Problem(401, "key_invalid", headers=_challenge("invalid_token"))


def request_id() -> str:
    return str(get_contextvars().get("request_id", ""))


def address_of(request: HttpRequest) -> str:
    """Where the request comes from: past the proxies that the installation trusts, and no further."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _presented(request: HttpRequest) -> str:
    kind, _, presented = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    if not kind:
        raise Problem(401, "key_missing", headers={"WWW-Authenticate": REALM})
    if kind.lower() != "bearer" or not 0 < len(presented.strip()) <= LONGEST_KEY or not presented.isascii():
        raise unknown()
    return str(presented.strip())


def _challenge(error: str) -> dict[str, str]:
    return {"WWW-Authenticate": f'{REALM}, error="{error}"'}
