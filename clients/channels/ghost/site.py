"""One Ghost site: signed questions and answers of its Admin API.

The key of an integration is '<id>:<secret>'. It never travels: every call carries a token signed with it, good for
minutes and for this API only.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from django.conf import settings as installation

from clients.channels.fetch import Reply, call, refused
from clients.channels.port import Outbound, SendFailed
from clients.channels.secret import Secrets

# The form of the API that all versions since 5.0 speak.
VERSION = "v5.0"
TOKEN_SECONDS = 240
_KEY = re.compile(r"[0-9a-f]{24,64}:(?:[0-9a-f]{2}){16,64}")
_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Site:
    """How one call reaches one site, until when."""

    settings: Mapping[str, Any] = field(repr=False)
    secret: Secrets
    until: float

    @classmethod
    def of(cls, outbound: Outbound, until: float) -> "Site":
        return cls(outbound.settings, outbound.secret, until)

    def ask(self, route: str, **params: str) -> dict[str, Any]:
        """A question. Raises SendFailed for every answer that is no success."""
        return _good(self._call("GET", route, params=params)).fields()

    def post_there(self, route: str) -> dict[str, Any] | None:
        """One post as its editors see it, or None where it is not (any more)."""
        reply = self._call("GET", route, params={"formats": "html"})
        return None if reply.status == 404 else post_in(_good(reply))

    def tell(self, method: str, route: str, said: Mapping[str, Any], *, effect: bool) -> Reply:
        """Make or change a post; a conflict (409) comes back as it is."""
        body = {"posts": [dict(said)]}
        params = {"source": "html", "formats": "html"}
        reply = self._call(method, route, params=params, json=body, effect=effect)
        return reply if reply.status == 409 else _good(reply)

    def remove(self, route: str) -> None:
        """For good; what is gone already is no failure."""
        reply = self._call("DELETE", route, effect=True)
        if reply.status != 404:
            _good(reply)

    def upload(self, name: str, data: bytes, mime: str) -> str:
        """The address of a picture, put there."""
        file = (f"{name}.{mime.rpartition('/')[2].replace('jpeg', 'jpg')}", data, mime)
        reply = _good(
            self._call("POST", "images/upload/", files={"file": file}, form={"purpose": "image"}, effect=False)
        )
        found = reply.fields().get("images")
        if isinstance(found, list) and found and isinstance(found[0], dict) and isinstance(found[0].get("url"), str):
            return str(found[0]["url"])
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=False, status=reply.status)

    def _call(self, method: str, route: str, **more: Any) -> Reply:
        return call(
            method,
            f"{self.settings['site']}/ghost/api/admin/{route}",
            until=self.until,
            allow_private=installation.ALLOW_PRIVATE_HOSTS,
            headers={"Authorization": f"Ghost {_token(self.secret)}", "Accept-Version": VERSION},
            **more,
        )


def is_key(value: str) -> bool:
    """Whether it is '<id>:<secret>', both hexadecimal."""
    return bool(_KEY.fullmatch(value))


def post_id(name: str | None) -> str:
    """A post's id, safe to stand in an address. Raises SendFailed('target_not_here')."""
    if not _ID.fullmatch(name or ""):
        raise SendFailed("target_not_here", permanent=True, maybe_sent=False)
    return str(name)


def post_in(reply: Reply) -> dict[str, Any]:
    """The one post of an answer."""
    found = reply.fields().get("posts")
    if isinstance(found, list) and len(found) == 1 and isinstance(found[0], dict):
        return found[0]
    raise SendFailed("answer_unreadable", permanent=False, maybe_sent=reply.effect, status=reply.status)


def _token(secret: Secrets) -> str:
    if not is_key(secret.reveal("admin_key")):
        raise SendFailed("credentials_refused", permanent=True, maybe_sent=False)
    now = int(time.time())
    return jwt.encode(
        {"iat": now, "exp": now + TOKEN_SECONDS, "aud": "/admin/"},
        bytes.fromhex(secret.reveal("admin_key").partition(":")[2]),
        algorithm="HS256",
        headers={"kid": secret.reveal("admin_key").partition(":")[0]},
    )


def _good(reply: Reply) -> Reply:
    if reply.ok:
        return reply
    raise refused(reply)
