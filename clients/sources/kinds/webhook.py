"""A program tells us: JSON, signed after the Standard Webhooks specification with a secret that we made and showed once."""

import base64
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from clients.channels.port import SettingField, SettingType
from clients.channels.webhook import signature
from clients.mentions.raw import RawMention
from clients.sources.moments import told_moment
from clients.sources.plain import LONGEST_ID, LONGEST_TITLE, from_html, language_of, line_of, web_link
from clients.sources.port import Kind
from clients.sources.rules import believable
from tenants.errors import Invalid

MOST_BYTES, MOST_AT_ONCE = 262_144, 200
SECRET_BYTES = 32
CLOCK = 300
"""Seconds that the sender's clock may be wrong; what is older may be a recording."""


def new_secret() -> str:
    """A signing secret, as the specification writes one."""
    return signature.PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether the three headers (names in lower case) say that whoever knows the secret said this, and just now."""
    key, moment, given = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not secret or not key or len(key) > LONGEST_ID or not moment.isascii() or not moment.isdigit():
        return False
    if len(moment) > 12 or abs(int(moment) - now.timestamp()) > CLOCK:
        return False
    right = signature.headers([secret], key=key, moment=int(moment), body=body)["webhook-signature"]
    return any(hmac.compare_digest(right.encode(), one.encode()) for one in given.split(" ")[:10])


def raws_of(body: bytes, *, key: str, now: datetime) -> Sequence[RawMention]:
    """One thing, or a list of them, alone or as the `data` of an event.

    Raises Invalid('not_json' | 'too_many' | 'nothing_said').
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid("not_json") from None
    inside = said.get("data", said) if isinstance(said, dict) else said
    things = inside if isinstance(inside, list) else [inside]
    if len(things) > MOST_AT_ONCE:
        raise Invalid("too_many", most=MOST_AT_ONCE)
    raws = [_raw(thing, f"{key} {place}" if place else key, now) for place, thing in enumerate(things)]
    if not raws or not all(raw.title or raw.text for raw in raws):
        raise Invalid("nothing_said")
    return raws


def _raw(thing: Any, key: str, now: datetime) -> RawMention:
    """Without an `id` of its own it is called as the delivery that brought it: a repeat has the same."""
    said = thing if isinstance(thing, dict) else {}

    def word(name: str) -> str:
        value = said.get(name)
        return str(value) if isinstance(value, str | int) else ""

    return RawMention(
        own_id=line_of(word("id") or key, LONGEST_ID),
        title=line_of(from_html(word("title")), LONGEST_TITLE),
        text=from_html(word("text")),
        author=line_of(word("author")),
        author_handle=line_of(word("author_handle")),
        url=web_link(word("url")),
        language=language_of(word("language")),
        published_at=believable(told_moment(said.get("published_at")), now),
    )


KIND = Kind(
    name="webhook",
    icon="channel",
    fields=(SettingField("keep", SettingType.CHOICE, default="all", choices=("all", "matching")),),
    opens=True,
    keeps_all=lambda settings: settings["keep"] == "all",
    arrives=True,
)
