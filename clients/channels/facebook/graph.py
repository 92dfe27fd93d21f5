"""Meta's Graph API: one question or act, and what its errors mean. Its tokens travel in a header, never in an address."""

from collections.abc import Container, Mapping
from typing import Any

from django.conf import settings as installation

from clients.channels.fetch import Reply, call, refused
from clients.channels.port import SendFailed

# Meta answers 400 to nearly everything; its own number says what is meant.
_MEANINGS: tuple[tuple[Container[int], str, bool], ...] = (
    (frozenset({102, 190, 463, 467}), "credentials_refused", True),
    (frozenset({4, 17, 32, 341, 613}), "too_many_requests", False),
    (frozenset({10, *range(200, 300)}), "scope_missing", True),
    (frozenset({1, 2}), "service_refused", False),
)
_GONE = (100, 33)


class Graph:
    """Talks for one token until one moment."""

    def __init__(self, api: str, token: str, until: float) -> None:
        self._api, self._until = api, until
        self._head = {"authorization": f"Bearer {token}"}

    def ask(self, path: str, **params: str) -> dict[str, Any]:
        """An object or a list. Raises SendFailed."""
        return self._read(
            call(
                "GET",
                f"{self._api}/{path}",
                until=self._until,
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
                until=self._until,
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
        raise meant(reply)


def meant(reply: Reply) -> SendFailed:
    """The error for a refusal: Meta's number where it gives one, the status otherwise."""
    plain = refused(reply)
    if reply.status not in (400, 401, 403, 404, 429):
        return plain
    number, narrower = _numbers(reply)
    code, permanent = _code(number, narrower)
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
