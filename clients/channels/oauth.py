"""OAuth 2 with PKCE (RFC 6749, 7636, 7009, and Mastodon's registration of apps) for whatever a connector declares. Keeps nothing.

INVARIANT: the verifier never leaves this machine but to the token address, and the redirect address is the same string in
all three places. It names the issuer (RFC 9700, 4.4.2): a code that comes back by another's door is taken to nobody, so an
issuer that sends people on to an honest one gains nothing. Every call is cut at its deadline and goes to checked addresses
only (`fetch`).
"""

import base64
import hashlib
import secrets as entropy
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import structlog
from django.conf import settings as installation
from django.utils import timezone

from clients.channels.fetch import Reply, call, refused
from clients.channels.port import OAuth, SendFailed
from clients.channels.registry import connector_for
from clients.channels.secret import Secrets

log = structlog.get_logger(__name__)

CALL_SECONDS = 10.0
LONGEST_LIFE = timedelta(days=400)
OUR_NAME = "Relais"
# What the token address says when somebody must agree anew, as opposed to when it is out of order.
_OVER = frozenset({400, 401, 403})


@dataclass(frozen=True, slots=True)
class Client:
    """Who we are to a network. Public clients have no secret."""

    id: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a network handed out."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()


def is_available(kind: str) -> bool:
    """Whether this installation can go to the network of this kind: it has registered there, or need not."""
    oauth = connector_for(kind).oauth
    return oauth is None or not oauth.client or oauth.client in installation.OAUTH_CLIENTS


def client_for(oauth: OAuth, settings: Mapping[str, Any], redirect: str) -> Client:
    """Our registration with the network, made now where it makes them. Raises SendFailed."""
    if oauth.client in installation.OAUTH_CLIENTS:
        return Client(*installation.OAUTH_CLIENTS[oauth.client])
    if not oauth.register:
        raise SendFailed("client_not_registered", permanent=True, maybe_sent=False)
    form = {"client_name": OUR_NAME, "redirect_uris": redirect, "scopes": oauth.between.join(oauth.scopes)}
    said = _post(_at(oauth.register, settings), form)
    return Client(_text(said, "client_id"), _text(said, "client_secret"))


def new_verifier() -> str:
    return entropy.token_urlsafe(64)


def new_state() -> str:
    return entropy.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """S256, the only method: a plain challenge would be the verifier itself."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def issuer_of(kind: str, oauth: OAuth, settings: Mapping[str, Any]) -> str:
    """Who hands out the tokens, as the redirect address names them: no two issuers have one name."""
    if oauth.client:
        return oauth.client
    return f"{kind}-{hashlib.sha256(repr(_origin(_at(oauth.authorize, settings))).encode()).hexdigest()[:16]}"


def is_issued_by(address: str, iss: str) -> bool:
    """Whether an answer that names its issuer (RFC 9207) comes from where somebody was sent. One that names none says nothing."""
    return not iss or _origin(iss) == _origin(address)


def authorize_address(
    oauth: OAuth, settings: Mapping[str, Any], client: Client, *, redirect: str, state: str, verifier: str
) -> str:
    """Where the person agrees."""
    asked = {
        **dict(oauth.extra),
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": redirect,
        "scope": oauth.between.join(oauth.scopes),
        "state": state,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    return f"{_at(oauth.authorize, settings)}?{urlencode(asked)}"


def exchange(
    oauth: OAuth, settings: Mapping[str, Any], client: Client, *, redirect: str, code: str, verifier: str
) -> Tokens:
    """The tokens for a code. Raises SendFailed('code_refused') for a code that is old, used or somebody else's."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
    try:
        found = _tokens(oauth, _post(_at(oauth.token, settings), form | _named(client)))
        if not oauth.prolong:
            return found
        longer = {"grant_type": oauth.prolong, oauth.prolong: found.access}
        return _tokens(oauth, _post(_at(oauth.token, settings), longer | _named(client)))
    except SendFailed as failure:
        error = _over(failure, "code_refused")
    raise error


def renewed(oauth: OAuth, settings: Mapping[str, Any], client: Client, refresh: str) -> Tokens:
    """Fresh tokens; the network may keep the refresh token or give another. Raises SendFailed('credentials_refused')."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    try:
        found = _tokens(oauth, _post(_at(oauth.token, settings), form | _named(client)))
    except SendFailed as failure:
        error = _over(failure, "credentials_refused")
    else:
        return Tokens(found.access, found.refresh or refresh, found.expires_at, found.scopes)
    raise error


def forget(kind: str, settings: Mapping[str, Any], secrets: Secrets) -> bool:
    """Ask the network to end the token (RFC 7009). Never raises: our own end has been made already."""
    oauth = connector_for(kind).oauth
    token = secrets.reveal("refresh_token") or secrets.reveal("access_token")
    if oauth is None or not oauth.revoke or not token:
        return False
    client = client_in(oauth, secrets)
    try:
        reply = _call(_at(oauth.revoke, settings), {"token": token} | _named(client))
    except SendFailed as failure:
        log.info("token_not_revoked_there", kind=kind, code=failure.code)
        return False
    return reply.ok


def client_in(oauth: OAuth, secrets: Secrets) -> Client:
    """The registration that a channel's tokens were made with."""
    if secrets.reveal("client_id"):
        return Client(secrets.reveal("client_id"), secrets.reveal("client_secret"))
    return Client(*installation.OAUTH_CLIENTS.get(oauth.client, ("",)))


def kept_secrets(oauth: OAuth, client: Client, tokens: Tokens) -> dict[str, str]:
    """What goes into the vault. The installation's own client stays in its settings, where it can be rotated."""
    own = {} if oauth.client else {"client_id": client.id, "client_secret": client.secret}
    found = {"access_token": tokens.access, "refresh_token": tokens.refresh, **own}
    return {name: value for name, value in found.items() if value}


def _origin(address: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return "", "", None


def _at(address: str, settings: Mapping[str, Any]) -> str:
    return address.format_map(settings)


def _named(client: Client) -> dict[str, str]:
    return {"client_id": client.id} | ({"client_secret": client.secret} if client.secret else {})


def _call(address: str, form: Mapping[str, str]) -> Reply:
    until = time.monotonic() + CALL_SECONDS
    return call("POST", address, until=until, allow_private=installation.ALLOW_PRIVATE_HOSTS, form=form, effect=False)


def _post(address: str, form: Mapping[str, str]) -> dict[str, Any]:
    reply = _call(address, form)
    if not reply.ok:
        raise refused(reply, maybe_sent=False)
    return reply.fields()


def _tokens(oauth: OAuth, said: Mapping[str, Any]) -> Tokens:
    scope, refresh, life = said.get("scope"), said.get("refresh_token"), said.get("expires_in")
    scopes = tuple(scope.replace(",", " ").split()) if isinstance(scope, str) else oauth.scopes
    expires_at = None
    if isinstance(life, int) and not isinstance(life, bool) and life > 0:
        expires_at = timezone.now() + min(timedelta(seconds=min(life, 10**9)), LONGEST_LIFE)
    return Tokens(_text(said, "access_token"), refresh if isinstance(refresh, str) else "", expires_at, scopes)


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not found:
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=False)
    return found


def _over(failure: SendFailed, code: str) -> SendFailed:
    if failure.status in _OVER:
        return SendFailed(code, permanent=True, maybe_sent=False, status=failure.status)
    return SendFailed(failure.code, failure.permanent, False, failure.status, failure.retry_at)
