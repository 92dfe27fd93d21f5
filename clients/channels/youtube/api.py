"""The YouTube Data API: one question or act, and what its refusals mean, which often hide behind a 403."""

from typing import Any

from django.conf import settings as installation

from clients.channels.fetch import Reply, call, refused
from clients.channels.port import SendFailed

_REASONS: dict[str, tuple[str, bool]] = {
    "quotaExceeded": ("too_many_requests", False),
    "rateLimitExceeded": ("too_many_requests", False),
    "userRateLimitExceeded": ("too_many_requests", False),
    "processingFailure": ("service_refused", False),
    "insufficientPermissions": ("scope_missing", True),
    "authError": ("credentials_refused", True),
}


class Api:
    """Talks for one token until one moment."""

    def __init__(self, address: str, token: str, until: float) -> None:
        self._address, self._until = address, until
        self._head = {"authorization": f"Bearer {token}"}

    def ask(self, path: str, **params: str) -> list[dict[str, Any]]:
        """The items of a list. Raises SendFailed."""
        found = self._call("GET", path, params).fields().get("items")
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def do(self, method: str, path: str, params: dict[str, str], json: Any = None) -> Reply:
        return self._call(method, path, params, json)

    def _call(self, method: str, path: str, params: dict[str, str], json: Any = None) -> Reply:
        reply = call(
            method,
            f"{self._address}/{path}",
            until=self._until,
            allow_private=installation.ALLOW_PRIVATE_HOSTS,
            headers=self._head,
            params=params,
            json=json,
        )
        if reply.ok:
            return reply
        raise meant(reply)


def meant(reply: Reply) -> SendFailed:
    """The error for a refusal: YouTube's reason where it gives one that we know, the status otherwise."""
    plain = refused(reply)
    try:
        reason = str(reply.fields()["error"]["errors"][0]["reason"]) if 400 <= reply.status < 500 else ""
    except (SendFailed, KeyError, TypeError, IndexError):
        reason = ""
    if reason not in _REASONS:
        return plain
    code, permanent = _REASONS[reason]
    return SendFailed(code, permanent, False, reply.status, plain.retry_at)
