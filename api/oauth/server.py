"""The authorization server of one brand, for one request: which grants there are, and which action each of them calls.

There are three: a code with its proof (PKCE), a refresh token, a service for itself. No password, no implicit grant, no device.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, TokenEndpoint
from authlib.oauth2.rfc6749.errors import (
    InvalidClientError,
    InvalidGrantError,
    InvalidScopeError,
    OAuth2Error,
    UnauthorizedClientError,
)
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from api.door import address_of, request_id
from api.oauth.clients import Client, TokenRequest
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.queries import tally_of
from clients.disclosure.steps import tally
from clients.keys.actions import Shown, exchange_code, give_to_service, refresh_tokens, return_token
from clients.keys.actions.exchanging import NO_CLIENT, NO_GRANT, NO_SCOPE
from clients.keys.queries import client_called
from clients.keys.rules import comes_from
from clients.keys.scopes import read_list
from clients.keys.steps import Issued
from clients.people.actor import Actor, process_of
from tenants.errors import Refused
from tenants.walls.scope import brand_scope

METHODS = ["client_secret_basic", "client_secret_post", "none"]
HEADERS = [("Cache-Control", "no-store"), ("Pragma", "no-cache")]
GIVEN = "oauth.given"
"""Kind of the tally of tokens that were handed out."""
MOST_GIVEN = 30
"""Answers with tokens for one client within a minute."""
Answer = tuple[int, dict[str, Any], list[tuple[str, str]]]


class Server(AuthorizationServer):
    """Authlib's server, bound to the brand of the request's host."""

    def __init__(self, request: Any) -> None:
        super().__init__()
        self.brand, self.ip = request.brand, address_of(request)
        self.actor: Actor = process_of(self.brand, EntryPoint.API, "oauth", request_id())
        for grant in (CodeGrant, RefreshGrant, ServiceGrant):
            self.register_grant(grant)
        self.register_endpoint(Revocation)

    def query_client(self, client_id: str) -> Client | None:
        if not client_id or "\0" in client_id:
            return None
        with brand_scope(self.brand):
            key = client_called(client_id)
        return Client(key) if key is not None else None

    def authenticate_client(self, request: TokenRequest, methods: list[str], endpoint: str = "token") -> Client:
        """One answer for an unknown client, a wrong secret and a network that is not on its list."""
        try:
            client: Client = super().authenticate_client(request, methods, endpoint)
        except InvalidClientError:
            raise no_client() from None
        if not comes_from(client.key.networks, self.ip):
            raise no_client()
        return client

    def create_oauth2_request(self, request: HttpRequest) -> TokenRequest:
        return TokenRequest(request)

    def handle_response(self, status: int, body: Any, headers: Any) -> JsonResponse:
        kept = {name: value for name, value in dict(headers).items() if name.lower() != "content-type"}
        return JsonResponse(body, status=status, headers=kept | dict(HEADERS))

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """What happens is written where it happens."""


class CodeGrant(AuthorizationCodeGrant):
    """A code, with the proof that whoever brings it asked for it."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def validate_token_request(self) -> None:
        authenticate(self)
        request: TokenRequest = self.request
        given = [request.need(name) for name in ("code", "redirect_uri", "code_verifier")]
        self.shown = Shown(request.client.key.prefix, *given)

    def create_token_response(self) -> Answer:
        with refusals():
            return told(self, exchange_code(self.server.actor, shown=self.shown))


class RefreshGrant(RefreshTokenGrant):
    """A refresh token, for the next ones."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def validate_token_request(self) -> None:
        authenticate(self)
        self.token = self.request.need("refresh_token")

    def create_token_response(self) -> Answer:
        with refusals():
            client, scopes = self.request.client.key.prefix, scopes_of(self.request)
            return told(self, refresh_tokens(self.server.actor, client=client, token=self.token, scopes=scopes))


class ServiceGrant(ClientCredentialsGrant):
    """A service, for itself."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS[:2]

    def validate_token_request(self) -> None:
        authenticate(self)

    def create_token_response(self) -> Answer:
        with refusals():
            client, scopes = self.request.client.key.prefix, scopes_of(self.request)
            return told(self, give_to_service(self.server.actor, client=client, scopes=scopes))


class Revocation(TokenEndpoint):
    """A token given back (RFC 7009): 200 whether it was one or not, so that nobody learns which texts are tokens."""

    ENDPOINT_NAME = "revocation"
    CLIENT_AUTH_METHODS = METHODS

    def __call__(self, request: TokenRequest) -> Answer:
        request.require_sound()
        client = self.authenticate_endpoint_client(request)
        with refusals():
            return_token(self.server.actor, client=client.key.prefix, token=request.need("token"))
        return 200, {}, HEADERS


def authenticate(grant: Any) -> None:
    """A sound request, of a client that is who it says and may use this grant, and that was not given too many just now."""
    grant.request.require_sound()
    client = grant.authenticate_token_endpoint_client()
    if not client.check_grant_type(grant.GRANT_TYPE):
        raise UnauthorizedClientError(f"The client is not authorized to use 'grant_type={grant.GRANT_TYPE}'")
    with brand_scope(grant.server.brand):
        if tally_of(GIVEN, str(client.key.pk), _minute()) >= MOST_GIVEN:
            raise TooMany
    grant.request.client = client


def scopes_of(request: TokenRequest) -> list[str] | None:
    """What is asked for; None where nothing is said. Raises InvalidScopeError for a list without words."""
    text = request.payload.scope
    if text is None:
        return None
    found = read_list(str(text))
    if not found:
        raise InvalidScopeError
    return found


def told(grant: Any, issued: Issued) -> Answer:
    """RFC 6749 5.1. Counted is what was handed out: a stranger who knows a client's public name uses nothing of it up."""
    with brand_scope(grant.server.brand):
        tally(GIVEN, str(grant.request.client.key.pk), _minute())
    body: dict[str, Any] = {
        "access_token": issued.access,
        "token_type": "Bearer",
        "expires_in": int(issued.lasts.total_seconds()),
        "scope": " ".join(issued.scopes),
    }
    return 200, body | ({"refresh_token": issued.refresh} if issued.refresh else {}), HEADERS


class TooMany(OAuth2Error):
    """Nothing in RFC 6749 says this; RFC 6585 4 does."""

    error = "temporarily_unavailable"
    description = "Too many tokens for one client; wait a minute."
    status_code = 429

    def get_headers(self) -> list[tuple[str, str]]:
        return [*super().get_headers(), ("Retry-After", "60")]


def _minute() -> datetime:
    return timezone.now().replace(second=0, microsecond=0)


def no_client() -> InvalidClientError:
    return InvalidClientError(status_code=401, description="The client could not be authenticated.")


@contextmanager
def refusals() -> Iterator[None]:
    """What an action refuses, in the words of the standard (RFC 6749 5.2)."""
    try:
        yield
    except Refused as refused:
        raise _error(refused.code) from None


def _error(code: str) -> OAuth2Error:
    if code == NO_CLIENT:
        return no_client()
    errors = {NO_GRANT: InvalidGrantError, NO_SCOPE: InvalidScopeError}
    return errors[code]()
