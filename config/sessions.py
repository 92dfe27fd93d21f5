"""Sessions whose key is in the browser alone: the tables keep a digest of it, so a stolen dump opens nobody's session.

`session_key` is the digest everywhere on our side (allauth's list of open sessions keeps it too); the token that it is of goes
out with the cookie and is never stored or logged. Both classes belong together: SESSION_ENGINE and the middleware.
"""

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as StoredSession
from django.contrib.sessions.middleware import SessionMiddleware as StockMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import get_random_string

from tenants.ending import SEEN

TOKEN_LENGTH = 43
KEY_LENGTH = 40  # of the column; 160 bits of the digest


def digest_of(token: str) -> str:
    """What the tables keep of a token."""
    return sha256(token.encode()).hexdigest()[:KEY_LENGTH]


class SessionStore(StoredSession):
    """Django's session in the database, made with a token of which it keeps the digest."""

    token: str | None = None

    def _get_new_session_key(self) -> str:
        self.token = get_random_string(TOKEN_LENGTH)
        return digest_of(self.token)

    def encode(self, session_dict: dict[str, Any]) -> str:
        """With the moment at which it was used, for the end of what nobody uses."""
        return str(super().encode({**session_dict, SEEN: timezone.now().timestamp()}))

    @classmethod
    def get_model_class(cls) -> Any:
        """The table of Django's own."""
        return StoredSession.get_model_class()


class SessionMiddleware(StockMiddleware):
    """Django's, between cookie and digest."""

    def process_request(self, request: HttpRequest) -> None:
        """The session that the cookie's token opens, if any."""
        token = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        session: Any = self.SessionStore(digest_of(token) if token else None)
        session.token = token
        request.session = session

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """As Django's, with the token in the cookie it sets."""
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        if cookie is not None and cookie.value:
            token = getattr(request.session, "token", None) or ""
            cookie.set(cookie.key, token, token)
        return response
