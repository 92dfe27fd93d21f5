"""Talking to one Discourse: its addresses, its key, and what its refusals mean. Written to docs.discourse.org."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings as installation

from clients.channels.answers import LONGEST_REST
from clients.channels.fetch import Reply, call, refused
from clients.channels.port import SendFailed
from clients.channels.secret import Secrets


@dataclass(frozen=True, slots=True, repr=False)
class Forum:
    """One forum until the end of one call."""

    settings: Mapping[str, Any]
    secret: Secrets
    until: float

    @property
    def site(self) -> str:
        return str(self.settings["site"])

    @property
    def user(self) -> str:
        return str(self.settings["user"])

    def ask(self, path: str) -> dict[str, Any] | None:
        """What stands at `path`, or None where nothing does."""
        reply = self._call("GET", path)
        if reply.status in (404, 410):
            return None
        return self._good(reply).fields()

    def do(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Reply:
        """A request with an effect; its answer if it was taken."""
        return self._good(self._call(method, path, json=body))

    def upload(self, name: str, data: bytes, mime: str) -> dict[str, Any]:
        """A picture that nobody sees before a post shows it."""
        files = {"file": (name, data, mime)}
        form = {"type": "composer", "synchronous": "true"}
        return self._good(self._call("POST", "/uploads.json", form=form, files=files, effect=False)).fields()

    def _good(self, reply: Reply) -> Reply:
        if reply.ok:
            return reply
        if reply.status == 403 and not self._opens():
            raise SendFailed("credentials_refused", permanent=True, maybe_sent=False, status=403)
        error = refused(reply)
        if reply.status == 429:
            error.retry_at = _named_rest(reply) or error.retry_at
        raise error

    def _opens(self) -> bool:
        """Whether the key opens anything at all: Discourse says 403 both to a wrong key and to a right one that may not."""
        return self._call("GET", "/session/current.json").status not in (401, 403, 404)

    def _call(self, method: str, path: str, **more: Any) -> Reply:
        return call(
            method,
            self.site + path,
            until=self.until,
            allow_private=installation.ALLOW_PRIVATE_HOSTS,
            headers={"Api-Key": self.secret.reveal("api_key"), "Api-Username": self.user},
            **more,
        )


def _named_rest(reply: Reply) -> datetime | None:
    """`extras.wait_seconds` of a rate limit: a limit of one account has no header that would say so."""
    try:
        seconds = float(json.loads(reply.body)["extras"]["wait_seconds"])
    except (ValueError, KeyError, TypeError):
        return None
    rest = timedelta(seconds=min(max(seconds, 0), LONGEST_REST.total_seconds()))
    return datetime.now(UTC) + rest
