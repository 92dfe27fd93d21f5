"""The endpoints: tokens, giving back, and what there is (RFC 8414). Who tries secrets out waits a minute."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.csrf import csrf_exempt

from api.door import address_of
from api.oauth.server import HEADERS, METHODS, Server
from clients.keys.actions import note_miss
from clients.keys.issuer import AUTHORIZE, REVOKE, TOKEN, issuer_of
from clients.keys.queries import is_guessing
from clients.keys.scopes import SCOPES
from tenants.walls.scope import brand_scope

GUESSES = frozenset({"invalid_client", "invalid_grant"})
View = Callable[[HttpRequest], HttpResponse]


def endpoint(answer: Callable[[HttpRequest, Server], JsonResponse]) -> View:
    """POST alone; no cookie, no session. INVARIANT: whoever has guessed too often is not even looked at."""

    @csrf_exempt
    def view(request: Any) -> HttpResponse:
        if request.method != "POST":
            return _refused(405, "invalid_request", "POST", Allow="POST")
        about, minute = _visitor(request), _minute()
        with brand_scope(request.brand):
            guessing = is_guessing(about, minute)
        if guessing:
            return _refused(429, "temporarily_unavailable", "Too many attempts.", **{"Retry-After": "60"})
        response = answer(request, Server(request))
        if getattr(response, "guessed", False):
            note_miss(request.brand, about=about, since=minute)
        return response

    view.machine = True  # type: ignore[attr-defined]
    return view


@endpoint
def token(request: HttpRequest, server: Server) -> JsonResponse:
    """Tokens for a code, a refresh token, or a service."""
    return _marked(server.create_token_response(request))


@endpoint
def revoke(request: HttpRequest, server: Server) -> JsonResponse:
    """A token is needed no more."""
    return _marked(server.create_endpoint_response("revocation", request))


def metadata(request: Any) -> HttpResponse:
    """What a client may know of this server before it is one; the same for everybody."""
    if request.method not in {"GET", "HEAD"}:
        return _refused(405, "invalid_request", "GET", Allow="GET, HEAD")
    response = JsonResponse(metadata_of(issuer_of(request.brand)))
    response["Cache-Control"] = "public, max-age=3600"
    return response


def metadata_of(issuer: str) -> dict[str, Any]:
    """RFC 8414 2, RFC 9207 3. No introspection: nobody but the brand's own host is asked about its tokens."""
    return {
        "issuer": issuer,
        "authorization_endpoint": issuer + AUTHORIZE,
        "token_endpoint": issuer + TOKEN,
        "revocation_endpoint": issuer + REVOKE,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "token_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "scopes_supported": list(SCOPES),
        "service_documentation": f"{issuer}/api/v1/docs/",
        "ui_locales_supported": ["fr", "en"],
    }


def _marked(response: JsonResponse) -> JsonResponse:
    """Whether this answer tells of a wrong secret."""
    response.guessed = response.status_code >= 400 and any(  # type: ignore[attr-defined]
        f'"{error}"'.encode() in response.content for error in GUESSES
    )
    return response


def _refused(status: int, error: str, words: str, **headers: str) -> JsonResponse:
    body = {"error": error, "error_description": words}
    return JsonResponse(body, status=status, headers=dict(HEADERS) | headers)


def _visitor(request: HttpRequest) -> str:
    """An address as it is counted: by a keyed digest, for it is nobody's business here."""
    return salted_hmac("api.oauth", address_of(request), algorithm="sha256").hexdigest()


def _minute() -> datetime:
    return timezone.now().replace(second=0, microsecond=0)
