"""One account's door to its server: what we ask, what we do, and what its refusals mean."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings as installation

from clients.channels.egress import seconds_left
from clients.channels.fetch import Reply, call, refused
from clients.channels.port import MediaFile, SendFailed
from clients.channels.secret import Secrets

# What a server leaves for the act itself when it has spent our time on a picture.
_FOR_THE_ACT = 2.0
_PAUSE = 0.25
NOT_SPOKEN = frozenset({404, 405, 501})
_OUT_OF_SCOPE = ("insufficient_scope", "invalid_scope")


@dataclass(frozen=True, slots=True)
class Server:
    """A server and the token of one account there."""

    site: str
    token: Secrets = field(repr=False)
    until: float

    def ask(self, path: str, **params: str) -> dict[str, Any]:
        return expected(self.reply("GET", path, params=params))

    def list(self, path: str, **params: str) -> list[dict[str, Any]] | None:
        """None where the server does not speak this part of the API."""
        reply = self.reply("GET", path, params=params)
        if reply.status in NOT_SPOKEN:
            return None
        if not reply.ok:
            raise failed(reply)
        found = reply.json()
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def status(self, number: str) -> dict[str, Any] | None:
        """A status by its id, which is no number on every server; None where it is gone."""
        reply = self.reply("GET", f"statuses/{quote(number, safe='')}")
        return None if reply.status in (404, 410) else expected(reply)

    def upload(self, file: MediaFile) -> str:
        """The id of a picture that is ready to be shown. Raises SendFailed('media_not_ready') when it will not be in time."""
        given: dict[str, Any] = {
            "files": {"file": ("picture", file.data, file.mime)},
            "form": {"description": file.alt},
        }
        reply = self.reply("POST", "media", version=2, effect=False, **given)
        if reply.status in NOT_SPOKEN:
            reply = self.reply("POST", "media", effect=False, **given)
        number = named(expected(reply))
        while reply.status in (202, 206):
            if self.until - time.monotonic() < _FOR_THE_ACT + _PAUSE:
                raise SendFailed("media_not_ready", permanent=False, maybe_sent=False)
            time.sleep(_PAUSE)
            reply = self.reply("GET", f"media/{quote(number, safe='')}")
            expected(reply)
        return number

    def reply(self, method: str, path: str, version: int = 1, key: str = "", **more: Any) -> Reply:
        seconds_left(self.until)
        headers = {"Authorization": f"Bearer {self.token.reveal('access_token')}"}
        return call(
            method,
            f"{self.site}/api/v{version}/{path}",
            until=self.until,
            allow_private=installation.ALLOW_PRIVATE_HOSTS,
            headers=headers | ({"Idempotency-Key": key} if key else {}),
            **more,
        )


def server_of(settings: Mapping[str, Any], secret: Secrets, until: float) -> Server:
    return Server(settings["site"], secret, until)


def expected(reply: Reply) -> dict[str, Any]:
    if not reply.ok:
        raise failed(reply)
    return reply.fields()


def named(found: Mapping[str, Any], *, effect: bool = False) -> str:
    """The id of what a server gave us: any text, or a number on servers that are careless."""
    number = found.get("id")
    if isinstance(number, str | int) and not isinstance(number, bool) and str(number):
        return str(number)
    raise SendFailed("answer_unreadable", permanent=False, maybe_sent=effect)


def failed(reply: Reply) -> SendFailed:
    """The shared table; a 403 is about the token's scope where the server says so."""
    if reply.status == 403 and _is_out_of_scope(reply):
        return SendFailed("scope_missing", permanent=True, maybe_sent=False, status=403)
    return refused(reply)


def _is_out_of_scope(reply: Reply) -> bool:
    head = reply.headers.get("www-authenticate", "").lower()
    # The one place where only a sentence tells: the API has no code for it.
    return any(name in head for name in _OUT_OF_SCOPE) or b"outside the authorized scopes" in reply.body
