"""The page of consent: an application asks to act for somebody of the brand, who sees what it may, and says yes or no.

It is the authorization endpoint (OAuth 2.1): the browser comes with the request and is sent back with a code or a refusal. What
is wrong with the client or with the address is told to the person and to nobody else.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from clients.keys.actions import consent
from clients.keys.asking import LONGEST_STATE, READ, Wrong, answer_address, client_in, origin_of, read_request
from clients.keys.issuer import issuer_of
from clients.keys.models import Key
from clients.keys.queries import client_called
from clients.keys.rules import FAMILY_LASTS, Asked, Kind
from clients.people.access import require, require_side
from clients.people.rules import Verb
from portal.pages import brand_act, brand_page, render
from portal.times import when
from portal.wording import ROLES, badge, word
from portal.wording.disclosures import CLASSES, OBJECTS
from portal.wording.keys import SCOPES
from tenants.errors import Refused
from tenants.vocabulary import Side
from tenants.walls.scope import brand_scope


@brand_page
def authorize_page(request: HttpRequest) -> HttpResponse:
    """Who asks, for what, in whose name, and where the answer goes."""
    require(request.actor, Verb.KEY_CONSENT)
    require_side(request.actor, Side.BRAND)
    key, asked = _read(request)
    if isinstance(asked, Wrong):
        return _sent(request, asked.redirect_uri, asked.state, error=asked.error)
    response = render(request, "brand/consent.html", _context(request, key, asked))
    # Browsers check where a posted form ends up, redirects included.
    response._csp_update = {"form-action": [origin_of(asked.redirect_uri)]}
    return response


@brand_act(again=authorize_page)
def authorize(request: HttpRequest) -> HttpResponse:
    """Yes: a code, good for a minute and once. No: the application is told so."""
    require(request.actor, Verb.KEY_CONSENT)
    require_side(request.actor, Side.BRAND)
    with brand_scope(request.brand):
        _key, asked = _read(request)
    if isinstance(asked, Wrong):
        return _sent(request, asked.redirect_uri, asked.state, error=asked.error)
    if request.POST.get("answer") != "yes":
        return _sent(request, asked.redirect_uri, asked.state, error="access_denied")
    code = consent(request.actor, asked=asked).code
    return _sent(request, asked.redirect_uri, asked.state, code=code)


def _read(request: HttpRequest) -> tuple[Key, Asked | Wrong]:
    """Raises Refused('client_unknown' | 'redirect_unknown')."""
    given = dict((request.POST if request.method == "POST" else request.GET).lists())
    key = client_called(client_in(given))
    if key is None or key.kind != Kind.APP or not key.is_live(timezone.now()):
        raise Refused("client_unknown")
    return key, read_request(given, registered=key.redirect_uris, scopes=key.scopes)


def _sent(request: HttpRequest, redirect_uri: str, state: str, **values: str) -> HttpResponse:
    """303, so that what was posted here is not posted there (RFC 9700 4.12)."""
    response = HttpResponseRedirect(answer_address(redirect_uri, issuer_of(request.brand), state, **values))
    response.status_code = 303
    response["Referrer-Policy"] = "no-referrer"
    return response


def _context(request: HttpRequest, key: Key, asked: Asked) -> dict[str, Any]:
    given = request.POST if request.method == "POST" else request.GET
    return {
        "name": key.name,
        "made_by": key.made_by_name,
        "made": when(key.created_at),
        "scopes": [word(SCOPES, scope) for scope in asked.scopes],
        "fields": [(word(OBJECTS, kind), ", ".join(names)) for kind, names in sorted(key.policy.fields.items())],
        "purpose": key.policy.purpose,
        "badge": badge(CLASSES, key.policy.most_class),
        "where": origin_of(asked.redirect_uri),
        "until": when(min(timezone.now() + FAMILY_LASTS, key.expires_at, key.policy.until)),
        "role": word(ROLES, request.actor.role),
        "hidden": [(name, given.get(name, "")[: LONGEST_STATE * 2]) for name in READ if name in given],
    }
