"""Feeds: bytes to entries, as far as they can be read. A quick reader for what is well formed, a patient one for the rest.

TRAP: the patient reader opens an address, and even a file, when it is given a text that looks like one; so it is handed a
stream. INVARIANT: nothing is ever fetched or opened here. Entities that a document declares for itself are taken out before
the patient reader sees it: ten lines of them could fill a machine.
"""

import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import feedparser

from clients.mentions.raw import RawMention
from clients.sources.plain import (
    LONGEST_ID,
    LONGEST_NAME,
    LONGEST_TITLE,
    from_html,
    language_of,
    line_of,
    text_of,
    web_link,
)
from clients.sources.rules import believable
from clients.sources.wellformed import read_quickly

MOST_ENTRIES = 2_000
MOST_PATIENT = 1_500_000
"""Bytes: the patient reader takes about a millisecond for an entry."""
MOST_TWICE = 200
_DECLARED = re.compile(rb"<!ENTITY[^>]*>?", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(\[[^\]]*\]?)?[^>]*>?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parsed:
    """`problem`: '', or a code for what was wrong with the document. `twice`: digests of ids that name several entries."""

    raws: tuple[RawMention, ...] = ()
    shape: frozenset[str] = frozenset()
    problem: str = ""
    twice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Document:
    entries: Sequence[Mapping[str, Any]]
    language: str = ""
    problem: str = ""


def parse_feed(
    data: bytes, *, base: str, now: datetime, content_type: str = "", cut: bool = False, twice: Collection[str] = ()
) -> Parsed:
    """Everything in a feed, newest first as it stands there. Never raises for what `data` is."""
    document = _quick(data) or _most(_patient(data, content_type), _mended(data))
    if document is None:
        return Parsed(problem="feed_cut" if cut else "not_a_feed")
    entries = document.entries[:MOST_ENTRIES]
    raws = [raw for entry in entries if (raw := _raw(entry, base, now, document.language))]
    named, doubled = _told_apart(raws, set(twice))
    too_many = len(document.entries) > MOST_ENTRIES
    problem = "feed_cut" if cut or too_many else document.problem
    return Parsed(tuple(named), _shape(named), problem, tuple(sorted(doubled))[:MOST_TWICE])


def _quick(data: bytes) -> _Document | None:
    found = read_quickly(data)
    return _Document(found.entries, found.language) if found else None


def _mended(data: bytes) -> _Document | None:
    found = read_quickly(data, mended=True)
    return _Document(found.entries, found.language, "feed_broken") if found else None


def _most(patient: _Document | None, mended: _Document | None) -> _Document | None:
    """Of a document that is broken, what has more entries; the patient reader knows better what they say."""
    if patient is None or mended is None:
        return patient
    return mended if len(mended.entries) > len(patient.entries) else patient


def _patient(data: bytes, content_type: str) -> _Document | None:
    harmless = _DECLARED.sub(b"", _DOCTYPE.sub(b"", data[:MOST_PATIENT]))
    headers = {"content-type": content_type} if content_type else {}
    try:
        found = feedparser.parse(io.BytesIO(harmless), response_headers=headers, sanitize_html=False)
        entries = [entry for entry in found.get("entries") or () if isinstance(entry, Mapping)]
    except Exception:  # noqa: BLE001 - it promises not to raise, and raises for some bytes
        return None
    if not entries and not found.get("version"):
        return None
    problem = "feed_cut" if len(data) > MOST_PATIENT else "feed_broken" if found.get("bozo") else ""
    return _Document(entries, _word(found.get("feed"), "language"), problem)


def _raw(entry: Mapping[str, Any], base: str, now: datetime, language: str) -> RawMention | None:
    """None for an entry that says nothing at all."""
    title = from_html(_word(entry, "title"), LONGEST_TITLE).replace("\n", " ")
    text = from_html(_longest_words(entry))
    link = web_link(_word(entry, "link"), base)
    published = believable(_moment(entry), now)
    if not (title or text or link):
        return None
    own = text_of(_word(entry, "id"), LONGEST_ID)
    return RawMention(
        own_id=own or link or _digest(title, text, _word(entry, "published")),
        title=title,
        text="" if text == title else text,
        author=line_of(from_html(_author(entry), LONGEST_NAME)),
        url=link,
        language=language_of(_language(entry) or language),
        published_at=published,
    )


def _told_apart(raws: list[RawMention], twice: set[str]) -> tuple[list[RawMention], set[str]]:
    """Entries that share an id and are not the same: each is named by its place as well, from now on and for ever.

    INVARIANT: the name of an entry must not depend on what stands beside it in one poll, so which ids these are is remembered.
    """
    kinds = Counter(own for own, _ in {(raw.own_id, raw.url or raw.title) for raw in raws})
    twice = twice | {_digest(own)[:16] for own, count in kinds.items() if count > 1}
    named: dict[str, RawMention] = {}
    for raw in raws:
        shared = twice and _digest(raw.own_id)[:16] in twice
        own = f"{raw.own_id} {raw.url or _digest(raw.title, raw.text)}" if shared else raw.own_id
        named.setdefault(own, _renamed(raw, own) if shared else raw)
    return list(named.values()), twice


def _renamed(raw: RawMention, own: str) -> RawMention:
    return RawMention(own, raw.title, raw.text, raw.author, raw.author_handle, raw.url, raw.language, raw.published_at)


def _shape(raws: list[RawMention]) -> frozenset[str]:
    """What most of the entries have; nothing is said of a feed that is empty but that."""
    if not raws:
        return frozenset()
    parts = {
        "title": sum(bool(raw.title) for raw in raws),
        "text": sum(bool(raw.text) for raw in raws),
        "url": sum(bool(raw.url) for raw in raws),
        "date": sum(raw.published_at is not None for raw in raws),
        "author": sum(bool(raw.author) for raw in raws),
    }
    return frozenset({"entries", *(name for name, count in parts.items() if 2 * count > len(raws))})


def _longest_words(entry: Mapping[str, Any]) -> str:
    return max(_texts(entry), key=len, default="")


def _texts(entry: Mapping[str, Any]) -> Iterator[str]:
    yield _word(entry, "description")
    yield _word(entry, "summary")
    content = entry.get("content")
    for part in content if isinstance(content, list) else ():
        yield _word(part, "value")


def _author(entry: Mapping[str, Any]) -> str:
    detail = entry.get("author_detail")
    return _word(detail, "name") or _word(entry, "author")


def _language(entry: Mapping[str, Any]) -> str:
    return _word(entry, "language") or _word(entry.get("title_detail"), "language")


def _moment(entry: Mapping[str, Any]) -> datetime | None:
    for name in ("published", "updated"):
        parsed = entry.get(f"{name}_parsed")
        try:
            if parsed:
                year, month, day, hour, minute, second = parsed[:6]
                return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
            found = datetime.fromisoformat(_word(entry, name)) if entry.get(name) else None
        except (TypeError, ValueError, OverflowError):
            continue
        if found:
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _word(part: Any, name: str) -> str:
    value = part.get(name) if isinstance(part, Mapping) else None
    return value if isinstance(value, str) else ""


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
