"""Feeds read quickly: RSS, RDF, Atom and JSON Feed that are well formed, or were. For any other `parsing` has a patient reader.

INVARIANT: nothing is fetched or opened, no entity becomes words, and an entry has a date only where the document says one: a
library that makes dates of ids, and takes from today what is missing, is why these lines are our own.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import escape
from typing import Any
from urllib.parse import urljoin

from lxml import etree

_RSS = frozenset(
    {"", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/", "http://backend.userland.com/rss2"}
)
_ATOM = frozenset({"http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"})
_DC = frozenset({"http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"})
_CONTENT = frozenset({"http://purl.org/rss/1.0/modules/content/"})
_KNOWN = _RSS | _ATOM | _DC | _CONTENT
"""Others have elements of the same names that mean something else: a picture's title is no entry's."""
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# What an entry calls them, the first that is there.
_WORDS = {"title": ("title",), "id": ("guid", "id"), "author": ("author", "creator"), "language": ("language",)}
_TEXTS = ("description", "summary", "content", "encoded", "body", "abstract")
_DATES = {"published": ("pubdate", "published", "issued", "date", "created"), "updated": ("updated", "modified")}
_NOT_CLOSED = re.compile(
    rb"<(title|link|guid|id|pubDate|description|author|updated|published|summary)>([^<]*)(?=<[A-Za-z/])(?!</\1>)"
)
# A day of a month of a year, at least; a number alone is an id.
_DATED = re.compile(r"\d{4}-?\d\d|\d[\s-]+[A-Za-z]{3,9}\.?[\s-]+\d{2,4}\b|[A-Za-z]{3,9}\s+\d{1,2},?\s.*\d{4}")
_READ = re.compile(r"|text|html|xhtml|text/.*|application/xhtml\+xml", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"[\s\d]*")


class _Doubt(Exception):
    """The patient reader may do better."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Entries in the words that the patient reader uses; `language` as the document says it."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    language: str = ""


def read_quickly(data: bytes, *, mended: bool = False) -> Feed | None:
    """None for what is not well formed, defines words of its own, or says a date in a way that is not read here.

    `mended`: what should hold words alone is closed where something else begins.
    """
    bare = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    try:
        if bare[:1] == b"{":
            return _of_json(json.loads(bare))
        if b"<!DOCTYPE" in bare or b"\0" in bare[:200]:
            return None
        bare = _NOT_CLOSED.sub(rb"<\1>\2</\1>", bare) if mended else bare
        # Made anew for each document: one that is shared keeps what it was told before.
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        return _of_xml(etree.fromstring(bare, parser))
    except (etree.XMLSyntaxError, _Doubt, ValueError, RecursionError):
        return None


def told_date(said: str) -> datetime | None:
    """A date after RFC 822 or ISO 8601, in UTC. None where no day is told. Raises _Doubt for a day told otherwise."""
    text = " ".join(said.split())
    if not _DATED.search(text) or _BARE_NUMBER.fullmatch(text):
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    raise _Doubt


# --- XML ---------------------------------------------------------------------------------------------------------------


def _of_xml(root: Any) -> Feed | None:
    name = _name(root)
    if name == "feed" and _space(root) in _ATOM:
        return Feed([_entry(one) for one in root if _name(one) == "entry"], root.get(_LANGUAGE, ""))
    channel = next((one for one in root if _name(one) == "channel"), None)
    if name not in ("rss", "rdf") or channel is None:
        return None
    items = [one for place in (channel, root) for one in place if _name(one) == "item"]
    told = next((one.text or "" for one in channel if _name(one) == "language"), "")
    return Feed([_entry(one) for one in items], told or channel.get(_LANGUAGE, "") or root.get(_LANGUAGE, ""))


def _entry(item: Any) -> dict[str, Any]:
    parts: dict[str, list[Any]] = {}
    for part in item:
        if isinstance(part.tag, str) and _space(part) in _KNOWN:
            parts.setdefault(_name(part), []).append(part)
    if not parts:
        raise _Doubt
    texts = [{"value": _inner(part)} for name in _TEXTS for part in parts.get(name, ())]
    words = {key: _first(parts, names) for key, names in _WORDS.items()}
    words["id"] = words["id"].strip() or item.get(_ABOUT, "")
    words["language"] = words["language"] or item.get(_LANGUAGE, "")
    return {**words, "link": _link(parts, words["id"]), "content": texts, **_dates(parts)}


def _first(parts: dict[str, list[Any]], names: tuple[str, ...]) -> str:
    """The words of the first of these that has any; an author's are those of their name."""
    found = (part for name in names for part in parts.get(name, ()))
    named = (next((child for child in part if _name(child) == "name"), part) for part in found)
    return next((words for part in named if (words := _inner(part)).strip()), "")


def _link(parts: dict[str, list[Any]], own_id: str) -> str:
    links = parts.get("link", [])
    told = [link for link in links if link.get("rel", "alternate") == "alternate" and link.get("href")]
    address = next((urljoin(link.base or "", link.get("href")) for link in told), "")
    said = next((link.text for link in links if (link.text or "").strip()), "")
    permanent = own_id if own_id.startswith(("http://", "https://")) and "guid" in parts else ""
    return (said or address or permanent).strip()


def _dates(parts: dict[str, list[Any]]) -> dict[str, str]:
    told = {key: _first(parts, names) for key, names in _DATES.items()}
    return {key: found.isoformat() for key, said in told.items() if (found := told_date(said))}


def _inner(part: Any) -> str:
    """The words of an element; markup that stands in it unescaped is markup, under its names without their prefixes."""
    if part.get("mode") == "base64" or not _READ.fullmatch(part.get("type", "")):
        raise _Doubt
    if not len(part):
        return part.text or ""
    for below in part.iterdescendants(tag=etree.Element):
        below.tag = _name(below)
    return escape(part.text or "", quote=False) + "".join(etree.tostring(one, encoding="unicode") for one in part)


def _name(part: Any) -> str:
    return part.tag.rpartition("}")[2].lower() if isinstance(part.tag, str) else ""


def _space(part: Any) -> str:
    return part.tag[1:].partition("}")[0] if part.tag[:1] == "{" else ""


# --- JSON --------------------------------------------------------------------------------------------------------------


def _of_json(said: Any) -> Feed | None:
    items = said.get("items") if isinstance(said, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(said.get("version")):
        return None
    return Feed([_of_item(item) for item in items if isinstance(item, dict)], _text(said, "language"))


def _of_item(item: dict[str, Any]) -> dict[str, Any]:
    texts = [
        _text(item, "content_html"),
        *(escape(_text(item, name), quote=False) for name in ("content_text", "summary")),
    ]
    several = item.get("authors")
    authors = several if isinstance(several, list) else [item.get("author")]
    dates = {"published": _text(item, "date_published"), "updated": _text(item, "date_modified")}
    return {
        "id": _text(item, "id"),
        "title": escape(_text(item, "title"), quote=False),
        "link": _text(item, "url") or _text(item, "external_url"),
        "language": _text(item, "language"),
        "author": next((name for one in authors if isinstance(one, dict) and (name := _text(one, "name"))), ""),
        "content": [{"value": text} for text in texts],
        **{key: found.isoformat() for key, text in dates.items() if (found := told_date(text))},
    }


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
