"""Talking to one NodeBB: its two APIs, its token, and what its refusals mean. Written to docs.nodebb.org/api."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings as installation

from clients.channels.fetch import Reply, call, refused
from clients.channels.port import SendFailed
from clients.channels.secret import Secrets

# The longest pause between two posts that NodeBB asks by default: of accounts that nobody has voted for yet.
PACE = timedelta(seconds=120)


@dataclass(frozen=True, slots=True, repr=False)
class Forum:
    """One forum until the end of one call."""

    settings: Mapping[str, Any]
    secret: Secrets
    until: float

    @property
    def site(self) -> str:
        return str(self.settings["site"])

    def ask(self, path: str) -> dict[str, Any] | None:
        """What stands at `path` of the read API, or None where nothing does."""
        reply = self._call("GET", path)
        return None if reply.status in (404, 410) else _good(reply).fields()

    def read(self, path: str) -> dict[str, Any] | None:
        """The same of the write API, out of its envelope."""
        reply = self._call("GET", f"/api/v3{path}")
        return None if reply.status in (404, 410) else _inside(_good(reply))

    def do(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A request with an effect; what its envelope holds if it was taken."""
        return _inside(_good(self._call(method, f"/api/v3{path}", json=body)))

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A new post. NodeBB says 400 to one that comes too soon as to any other that it refuses."""
        reply = self._call("POST", f"/api/v3{path}", json=body)
        last = self._last_post() if reply.status == 400 else None
        if last is not None and last + PACE > datetime.now(UTC):
            raise SendFailed("too_many_requests", permanent=False, maybe_sent=False, status=400, retry_at=last + PACE)
        return _inside(_good(reply))

    def me(self) -> dict[str, Any]:
        """The account that the token opens."""
        found = self.ask("/api/self")
        if found is None or not found.get("userslug"):
            raise SendFailed("credentials_refused", permanent=True, maybe_sent=False)
        return found

    def _last_post(self) -> datetime | None:
        moment = self.me().get("lastposttime")
        if not isinstance(moment, int) or not 0 < moment < 10**14:
            return None
        return datetime.fromtimestamp(moment / 1000, UTC)

    def _call(self, method: str, path: str, **more: Any) -> Reply:
        """A master token acts for the account that `_uid` names; any other token ignores it."""
        uid = self.settings.get("uid") or 0
        asked = f"{'&' if '?' in path else '?'}{urlencode({'_uid': uid})}" if uid else ""
        return call(
            method,
            self.site + path + asked,
            until=self.until,
            allow_private=installation.ALLOW_PRIVATE_HOSTS,
            headers={"Authorization": f"Bearer {self.secret.reveal('token')}"},
            **more,
        )


def _good(reply: Reply) -> Reply:
    if not reply.ok:
        raise refused(reply)
    return reply


def _inside(reply: Reply) -> dict[str, Any]:
    inside = reply.fields().get("response")
    if isinstance(inside, dict):
        return inside
    raise SendFailed("answer_unreadable", permanent=False, maybe_sent=reply.effect, status=reply.status)
