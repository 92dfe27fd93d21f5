"""Meta's Graph API, for every connector of a network of Meta's: one question or act, and what its errors mean.

Its tokens travel in a header, never in an address.
"""

from collections.abc import Container, Mapping
from typing import Any

from django.conf import settings as installation

from clients.channels.fetch import Reply, call, refused
from clients.channels.port import OAuth, SendFailed

VERSION = "v21.0"
API = f"https://graph.facebook.com/{VERSION}"
# Meta answers 400 to nearly everything; its own number says what is meant.
_MEANINGS: tuple[tuple[Container[int], str, bool], ...] = (
    (frozenset({102, 190, 463, 467}), "credentials_refused", True),
    (frozenset({4, 17, 32, 341, 613, 80001, 80002}), "too_many_requests", False),
    (frozenset({10, *range(200, 300)}), "scope_missing", True),
    (frozenset({-2, -1, 1, 2}), "service_refused", False),
)
_GONE = (100, 33)
Narrower = Mapping[int, tuple[str, bool]]


class Graph:
    """Talks for one token until one moment. `narrower`: what a network's own subcodes mean, as (code, permanent)."""

    def __init__(self, api: str, token: str, until: float, narrower: Narrower | None = None) -> None:
        self._api, self.until, self._narrower = api, until, narrower or {}
        self._head = {"authorization": f"Bearer {token}"}

    def ask(self, path: str, **params: str) -> dict[str, Any]:
        """An object or a list. Raises SendFailed."""
        return self._read(
            call(
                "GET",
                f"{self._api}/{path}",
                until=self.until,
                allow_private=installation.ALLOW_PRIVATE_HOSTS,
                headers=self._head,
                params=params,
            )
        )

    def do(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        effect: bool = True,
    ) -> dict[str, Any]:
        """An act, or with effect=False something that nobody sees. Raises SendFailed."""
        return self._read(
            call(
                method,
                f"{self._api}/{path}",
                until=self.until,
                allow_private=installation.ALLOW_PRIVATE_HOSTS,
                headers=self._head,
                form=form,
                files=files,
                effect=effect,
            )
        )

    def _read(self, reply: Reply) -> dict[str, Any]:
        if reply.ok:
            return reply.fields()
        raise meant(reply, self._narrower)


def oauth_for(scopes: tuple[str, ...]) -> OAuth:
    """One registration with Meta serves all its networks: they differ in what a person is asked to grant."""
    return OAuth(
        authorize=f"https://www.facebook.com/{VERSION}/dialog/oauth",
        token=f"{API}/oauth/access_token",
        scopes=scopes,
        between=",",
        client="meta",
        prolong="fb_exchange_token",
    )


def granted_to(person: Graph) -> tuple[str, ...]:
    """What the person whose token it is has granted."""
    told = listed(person.ask("me/permissions"))
    return tuple(str(each.get("permission")) for each in told if each.get("status") == "granted")


def id_in(said: dict[str, Any], *, hidden: bool = False) -> str:
    """The id in an answer. `hidden`: after an act, an answer without one leaves open what happened."""
    found = said.get("id")
    if not isinstance(found, str) or not found:
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=hidden)
    return found


def listed(said: dict[str, Any]) -> list[dict[str, Any]]:
    found = said.get("data")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def meant(reply: Reply, own: Narrower) -> SendFailed:
    """The error for a refusal: Meta's number where it gives one, the status otherwise."""
    plain = refused(reply)
    if reply.status not in (400, 401, 403, 404, 429):
        return plain
    number, narrower = _numbers(reply)
    code, permanent = own.get(narrower) or _code(number, narrower)
    if not code:
        return plain
    return SendFailed(code, permanent, False, reply.status, plain.retry_at)


def _code(number: int, narrower: int) -> tuple[str, bool]:
    """(code, permanent); '' for a number that says no more than the status."""
    if (number, narrower) == _GONE:
        return "target_gone", True
    for known, code, permanent in _MEANINGS:
        if number in known:
            return code, permanent
    return "", False


def _numbers(reply: Reply) -> tuple[int, int]:
    try:
        error = reply.fields()["error"]
        return int(error["code"]), int(error.get("error_subcode", 0))
    except (SendFailed, KeyError, TypeError, ValueError, AttributeError):
        return 0, 0
