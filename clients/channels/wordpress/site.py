"""One WordPress site: its questions and answers, and what its refusals mean.

Asked through `?rest_route=`, which every site has, whatever its permalinks look like. WordPress says much of what matters
only in its own codes: a flood of comments is a 400, and a role that is too small is a 403 like any other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings as installation

from clients.channels.fetch import Reply, call, refused
from clients.channels.port import Outbound, SendFailed
from clients.channels.secret import Secrets

# The pause that WordPress itself asks for between two comments of one person, and does not tell.
FLOOD = timedelta(seconds=15)
# The account's role lacks a right: no other act of this kind could pass either.
ROLE_TOO_SMALL = frozenset(
    {"rest_cannot_create", "rest_cannot_publish", "rest_comment_invalid_status", "rest_forbidden_context"}
)
_NAME = re.compile(r"(post|comment)-([1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Site:
    """How one call reaches one site, until when."""

    settings: Mapping[str, Any] = field(repr=False)
    secret: Secrets
    until: float

    @classmethod
    def of(cls, outbound: Outbound, until: float) -> "Site":
        return cls(outbound.settings, outbound.secret, until)

    def ask(self, route: str, **params: Any) -> Reply:
        """A question. Raises SendFailed for every answer that is no success."""
        return _good(self._call("GET", route, params))

    def ask_as_editor(self, route: str, **params: Any) -> Reply:
        """A question about what readers do not see. TRAP: whoever may not ask gets 400, a wrong parameter, and no 401."""
        reply = self._call("GET", route, {**params, "context": "edit"})
        if reply.status == 400:
            self.ask("users/me", context="edit")
            raise SendFailed("scope_missing", permanent=True, maybe_sent=False, status=400)
        return _good(reply)

    def there(self, route: str) -> dict[str, Any] | None:
        """One thing as its editors see it, or None where it is not (any more)."""
        reply = self._call("GET", route, {"context": "edit"})
        return None if reply.status in (404, 410) else _good(reply).fields()

    def tell(self, route: str, said: Mapping[str, Any], *, effect: bool) -> dict[str, Any]:
        """Make or change something."""
        return _good(self._call("POST", route, {}, json=dict(said), effect=effect)).fields()

    def remove(self, route: str, *, for_good: bool = False) -> None:
        """Into the trash; what is there already, or gone for good, is no failure."""
        reply = self._call("DELETE", route, {"force": "true"} if for_good else {}, effect=True)
        if reply.status not in (404, 410):
            _good(reply)

    def upload(self, name: str, data: bytes, mime: str, alt: str) -> dict[str, Any]:
        """A picture for the library, with its words."""
        reply = self._call(
            "POST",
            "media",
            {},
            form={"alt_text": alt, "slug": name, "title": name},
            files={"file": (f"{name}.{mime.rpartition('/')[2].replace('jpeg', 'jpg')}", data, mime)},
            effect=False,
        )
        return _good(reply).fields()

    def _call(self, method: str, route: str, params: Mapping[str, Any], **more: Any) -> Reply:
        return call(
            method,
            f"{self.settings['site']}/",
            params={"rest_route": f"/wp/v2/{route}", **{name: str(value) for name, value in params.items()}},
            until=self.until,
            allow_private=installation.ALLOW_PRIVATE_HOSTS,
            auth=(self.settings["user"], self.secret.reveal("password")),
            **more,
        )


def number_in(name: str | None, kind: str) -> int:
    """The site's number in a remote id such as 'post-12'. Raises SendFailed('target_not_here') for any other."""
    found = _NAME.fullmatch(name or "")
    if found is None or found[1] != kind:
        raise SendFailed("target_not_here", permanent=True, maybe_sent=False)
    return int(found[2])


def kind_of(name: str | None) -> str:
    """'post' or 'comment'."""
    found = _NAME.fullmatch(name or "")
    if found is None:
        raise SendFailed("target_not_here", permanent=True, maybe_sent=False)
    return found[1]


def listed(reply: Reply) -> list[dict[str, Any]]:
    """A list of things."""
    found = reply.json()
    if isinstance(found, list) and all(isinstance(each, dict) for each in found):
        return found
    raise SendFailed("answer_unreadable", permanent=False, maybe_sent=False, status=reply.status)


def total(reply: Reply) -> int | None:
    """How many there are in all, as a header says; None where it does not."""
    said = reply.headers.get("x-wp-total", "")
    return int(said) if said.isdigit() else None


def _good(reply: Reply) -> Reply:
    if reply.ok:
        return reply
    code = _code(reply)
    if code == "comment_flood":
        wait = datetime.now(UTC) + FLOOD
        raise SendFailed("too_many_requests", permanent=False, maybe_sent=False, status=reply.status, retry_at=wait)
    if reply.status == 403 and code in ROLE_TOO_SMALL:
        raise SendFailed("scope_missing", permanent=True, maybe_sent=False, status=403)
    raise refused(reply)


def _code(reply: Reply) -> str:
    """WordPress's own code: the one word of an answer that is read, and compared with known ones only."""
    try:
        return str(reply.fields().get("code", ""))
    except SendFailed:
        return ""
