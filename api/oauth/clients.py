"""A brand's OAuth client, and a request for tokens, as Authlib wants to see them."""

from hmac import compare_digest
from typing import Any

from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Payload, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidRequestError
from django.http import HttpRequest

from clients.keys.models import Key
from clients.keys.rules import Kind
from clients.keys.tokens import digest_of

GRANTS = {Kind.APP: ("authorization_code", "refresh_token"), Kind.SERVICE: ("client_credentials",)}
FORM = "application/x-www-form-urlencoded"


class Client(ClientMixin):
    """What Authlib asks of a client, answered by the key's row. Where a code may be sent is asked by the page of consent."""

    def __init__(self, key: Key) -> None:
        self.key = key

    def get_client_id(self) -> str:
        return self.key.prefix

    def check_client_secret(self, client_secret: str) -> bool:
        return self.key.is_confidential and compare_digest(digest_of(client_secret), self.key.digest)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method == "none") is not self.key.is_confidential

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in GRANTS[Kind(self.key.kind)]


class Payload(OAuth2Payload):
    """What stands in the body. INVARIANT: nothing is read from the address, where secrets would stand in logs of proxies."""

    def __init__(self, request: HttpRequest) -> None:
        self._post = request.POST

    @property
    def data(self) -> dict[str, Any]:
        return dict(self._post.items())

    @property
    def datalist(self) -> Any:
        return {name: self._post.getlist(name) for name in self._post}


class TokenRequest(OAuth2Request):
    """A form posted to an endpoint. Transport is what stands before the application; see the settings about TLS."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.method, "https://relais/", headers=request.headers)
        self.payload = Payload(request)
        self._kind = request.content_type

    @property
    def args(self) -> dict[str, str]:
        return {}

    @property
    def form(self) -> dict[str, Any]:
        found: dict[str, Any] = self.payload.data
        return found

    def require_sound(self) -> None:
        """Raises InvalidRequestError for another kind of body, and for anything that is said twice (RFC 6749 3.2)."""
        if self._kind != FORM:
            raise InvalidRequestError(f"The body must be {FORM}.")
        if twice := sorted(name for name, values in self.payload.datalist.items() if len(values) > 1):
            raise InvalidRequestError(f"Given twice: {', '.join(twice)[:100]}".encode("ascii", "replace").decode())
        if any("\0" in value for value in self.form.values()):
            raise InvalidRequestError("A value holds what no text holds.")

    def need(self, name: str) -> str:
        """The value of a parameter that must be there. Raises InvalidRequestError."""
        value = self.form.get(name, "")
        if not value:
            raise InvalidRequestError(f"Missing '{name}' in request.")
        return str(value)
