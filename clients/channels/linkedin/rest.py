"""LinkedIn's versioned REST API: one question or act, its names for things, and its way to write a text."""

import re
from typing import Any
from urllib.parse import quote

from django.conf import settings as installation

from clients.channels.fetch import Reply, call, refused
from clients.channels.port import SendFailed
from clients.channels.website import is_within

VERSION = "202410"
_URN = re.compile(r"urn:li:(share|ugcPost|comment|activity):[A-Za-z0-9:(),]{1,200}")
# The signs that its 'little text' format gives a meaning to.
_SIGNS = re.compile(r"([\\|{}@\[\]()<>#*_~])")


class Rest:
    """Talks for one token until one moment. `domains`: where LinkedIn may want a picture to be put."""

    def __init__(self, api: str, token: str, until: float, domains: tuple[str, ...]) -> None:
        self._api, self._until, self._domains = api, until, domains
        self._head = {
            "authorization": f"Bearer {token}",
            "linkedin-version": VERSION,
            "x-restli-protocol-version": "2.0.0",
        }

    def ask(self, path: str, **params: str) -> dict[str, Any]:
        """An object or a list. Raises SendFailed."""
        method = {"x-restli-method": "FINDER"} if params.get("q") else {}
        reply = call(
            "GET",
            f"{self._api}/{path}",
            until=self._until,
            allow_private=installation.ALLOW_PRIVATE_HOSTS,
            headers=self._head | method,
            params=params,
        )
        return _good(reply).fields()

    def do(self, method: str, path: str, json: Any = None, *, meaning: str = "", effect: bool = True) -> Reply:
        """An act, or with effect=False something that nobody sees. `meaning` is what Rest.li is to take it for."""
        reply = call(
            method,
            f"{self._api}/{path}",
            until=self._until,
            allow_private=installation.ALLOW_PRIVATE_HOSTS,
            headers=self._head | ({"x-restli-method": meaning} if meaning else {}),
            json=json,
            effect=effect,
        )
        return _good(reply)

    def upload(self, address: str, data: bytes, mime: str) -> None:
        """To the address that LinkedIn gave for it; nobody sees a picture before a post shows it."""
        if not is_within(address, self._domains):
            raise SendFailed("answer_unreadable", permanent=True, maybe_sent=False)
        reply = call(
            "PUT",
            address,
            until=self._until,
            allow_private=installation.ALLOW_PRIVATE_HOSTS,
            headers={"authorization": self._head["authorization"], "content-type": mime},
            content=data,
            effect=False,
        )
        _good(reply)


def little_text(text: str) -> str:
    """The text with every sign that would be a command shown as itself."""
    return _SIGNS.sub(r"\\\1", text)


def is_urn(value: str | None) -> bool:
    return value is not None and _URN.fullmatch(value) is not None


def in_path(urn: str) -> str:
    """A name inside an address."""
    return quote(urn, safe="")


def listed(said: dict[str, Any]) -> list[dict[str, Any]]:
    found = said.get("elements")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _good(reply: Reply) -> Reply:
    if reply.ok:
        return reply
    raise refused(reply)
