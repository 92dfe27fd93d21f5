"""RSS, Atom and JSON feeds. Nothing is fetched twice that has not changed: the server is asked first, then a digest compared."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings as installation

from clients.channels.fetch import Reply, call, refused
from clients.channels.port import SendFailed, SettingField
from clients.channels.rules import is_web_link
from clients.sources.parsing import parse_feed
from clients.sources.port import Ask, Found, Kind
from tenants.errors import Invalid

MOST_BYTES = 8_000_000
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_NAMED_BACK = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


def check(settings: Mapping[str, Any]) -> None:
    if not is_web_link(settings["url"]):
        raise Invalid("not_a_site", "url")


def read(ask: Ask) -> Found:
    """What stands in the feed now. One that has not changed brings nothing, and keeps its shape."""
    reply = call(
        "GET",
        ask.settings["url"],
        until=ask.until,
        allow_private=installation.ALLOW_PRIVATE_HOSTS,
        headers={"Accept": _ACCEPT, **_conditions(ask)},
        max_bytes=MOST_BYTES,
        cut=True,
    )
    if reply.status == 304:
        return Found(cursor=ask.cursor, problem=str(ask.cursor.get("problem", "")))
    if not reply.ok:
        raise refused(reply)
    digest = sha256(reply.body).hexdigest()
    if digest == ask.cursor.get("digest"):
        return Found(cursor={**ask.cursor, **_marks(reply)}, problem=str(ask.cursor.get("problem", "")))
    return _parsed(ask, reply, digest)


def _parsed(ask: Ask, reply: Reply, digest: str) -> Found:
    parsed = parse_feed(
        reply.body,
        base=reply.url,
        now=ask.now,
        content_type=reply.headers.get("content-type", ""),
        cut=reply.cut,
        twice=ask.cursor.get("twice", ()),
    )
    if parsed.problem == "not_a_feed":
        raise SendFailed("not_a_feed", permanent=False, maybe_sent=False)
    cursor = {"digest": digest, "twice": list(parsed.twice), "problem": parsed.problem, **_marks(reply)}
    return Found(raws=parsed.raws, cursor=cursor, shape=parsed.shape, problem=parsed.problem)


def _conditions(ask: Ask) -> dict[str, str]:
    return {asked: str(ask.cursor[told]) for told, asked in _NAMED_BACK.items() if ask.cursor.get(told)}


def _marks(reply: Reply) -> dict[str, str]:
    """What the server calls this version; kept only where it can be said back in a head."""
    found = {told: reply.headers.get(told, "") for told in _NAMED_BACK}
    return {told: said for told, said in found.items() if said and len(said) <= 500 and said.isprintable()}


KIND = Kind(
    name="feed",
    icon="book",
    fields=(SettingField("url"),),
    check=check,
    read=read,
    every=timedelta(minutes=15),
)
