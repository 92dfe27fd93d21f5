"""An authorization request, read strictly (OAuth 2.1 4.1.1), and the address that its answer goes to. Pure.

INVARIANT: before the client and the address are known to belong together nothing is sent anywhere: the person reads why.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from clients.keys.rules import Asked, fits, is_challenge
from clients.keys.scopes import in_order, read_list
from tenants.errors import Refused

LONGEST_STATE = 1_000
READ = ("client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method")
NOT_OFFERED = {"request": "request_not_supported", "request_uri": "request_uri_not_supported"}
Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A request that the client is told about, in the words of the standard."""

    error: str
    redirect_uri: str
    state: str


def client_in(given: Given) -> str:
    """The client that asks; '' for none, or for more than one."""
    return _one(given, "client_id")


def read_request(given: Given, *, registered: Collection[str], scopes: Collection[str]) -> Asked | Wrong:
    """What a registered client asks, or what is wrong with it. Raises Refused('redirect_unknown')."""
    redirect, state = _one(given, "redirect_uri"), _one(given, "state")
    if not fits(registered, redirect):
        raise Refused("redirect_unknown")
    if error := _error(given, scopes):
        return Wrong(error, redirect, state[:LONGEST_STATE])
    wanted = in_order(read_list(_one(given, "scope"))) or in_order(scopes)
    return Asked(client_in(given), redirect, _one(given, "code_challenge"), tuple(wanted), state)


def answer_address(redirect_uri: str, issuer: str, state: str, **values: str) -> str:
    """Where the browser is sent with the answer: what the address already asks stays; `iss` says who answers (RFC 9207)."""
    parts = urlsplit(redirect_uri)
    told = [*values.items(), *([("state", state)] if state else []), ("iss", issuer)]
    asked = parse_qsl(parts.query, keep_blank_values=True)
    return urlunsplit(parts._replace(query=urlencode([*asked, *told])))


def origin_of(redirect_uri: str) -> str:
    """Scheme, host and port, as a policy for forms names them."""
    parts = urlsplit(redirect_uri)
    return f"{parts.scheme}://{parts.netloc}"


def _error(given: Given, scopes: Collection[str]) -> str:
    if any(len(given.get(name, ())) > 1 for name in READ):
        return "invalid_request"
    if offered := [error for name, error in NOT_OFFERED.items() if given.get(name)]:
        return offered[0]
    if _one(given, "response_type") != "code":
        return "unsupported_response_type" if _one(given, "response_type") else "invalid_request"
    if _one(given, "response_mode") not in {"", "query"} or len(_one(given, "state")) > LONGEST_STATE:
        return "invalid_request"
    # Without a method the standard would mean `plain`, which proves nothing to whoever saw the request.
    if _one(given, "code_challenge_method") != "S256" or not is_challenge(_one(given, "code_challenge")):
        return "invalid_request"
    return "invalid_scope" if set(read_list(_one(given, "scope"))) - set(scopes) else ""


def _one(given: Given, name: str) -> str:
    values = given.get(name, ())
    return values[0] if len(values) == 1 else ""
