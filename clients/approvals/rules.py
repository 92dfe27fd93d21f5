"""Which brakes cover an act, and why an item does or does not match a standing approval. Pure."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

import orjson

from clients.approvals.words import HoldScope
from clients.autonomy.vocabulary import ActionKind
from clients.briefings.entries import Answer
from clients.items.content import Content

SLOT = re.compile(r"\{[a-z_]+\}")
LONGEST_FILLING = 80
_DOT = "[.\u2024\u3002\uff0e\uff61]"
ADDRESS = re.compile(rf"https?://|www{_DOT}|[@\uff20]|[^\W_]{_DOT}[^\W\d_]{{2}}", re.IGNORECASE)
"""The shortest piece that makes an address, in any script and with any sign that browsers read as a dot; found in a text, it
also lies in every longer one."""


def hold_covers(scope: str, value: str, *, channel: str, kind: str, person: str, item: str) -> bool:
    """Whether a brake of this scope covers an act of this channel, kind, person and item."""
    return {
        HoldScope.ALL: True,
        HoldScope.CHANNEL: value == channel,
        HoldScope.KIND: value == kind,
        HoldScope.PERSON: value == person,
        HoldScope.ITEM: value == item,
    }[HoldScope(scope)]


@dataclass(frozen=True, slots=True)
class Template:
    """What a brand approved in advance. Empty `channels` means any channel; empty `link_hosts` means no link at all.

    `subject` is the title that goes along, slots and all; empty means none: what goes out is what was approved.
    """

    id: str
    kind: str
    sensitivity: str
    channels: tuple[str, ...]
    text: str
    link_hosts: tuple[str, ...] = ()
    media_allowed: bool = False
    until: date | None = None
    uses_left: int | None = None
    subject: str = ""


def template_digest(template: Template) -> str:
    """SHA-256 in hex of what is signed: everything but the row's id."""
    return hashlib.sha256(orjson.dumps(replace(template, id=""), option=orjson.OPT_SORT_KEYS)).hexdigest()


def mismatches(template: Template, content: Content, channel: str, today: date) -> list[str]:
    """The codes of everything by which a content misses a template; empty means that it matches."""
    text = content.text_for(channel)
    checks = {
        "kind": content.kind == template.kind,
        "sensitivity": content.sensitivity == template.sensitivity,
        "channel": not template.channels or channel in template.channels,
        "title": not content.title or fits(template.subject, content.title),
        # What follows in a thread or stands under it was in no template: not one word of it is approved.
        "text": fits(template.text, text) and not content.parts and not content.first_comment,
        "link": not content.link or _host(content.link) in template.link_hosts,
        "media": not content.media or template.media_allowed,
        "ended": template.until is None or today <= template.until,
        "used_up": template.uses_left is None or template.uses_left > 0,
    }
    return [code for code, holds in checks.items() if not holds]


def matching(templates: Iterable[Template], content: Content, channel: str, today: date) -> str:
    """The id of the first template that the content matches, or ''."""
    return next((t.id for t in templates if not mismatches(t, content, channel, today)), "")


ANSWER = "answer:"
"""How the name of an approved answer begins, where that of a standing approval could stand."""
ANSWERING = frozenset({ActionKind.ANSWER, ActionKind.ACKNOWLEDGE, ActionKind.DIRECT_MESSAGE})


def answer_matching(answers: Iterable[Answer], version: int, content: Content, channel: str) -> str:
    """The name of the first approved answer that the content is, word for word, or ''.

    One slot at most, filled as in a template, and nothing beside: it is the answer that was approved, of whatever sensitivity.
    """
    if content.kind not in ANSWERING:
        return ""
    for ready in answers:
        parts = SLOT.split(ready.answer)
        template = Template("", content.kind, content.sensitivity, (), ready.answer)
        if len(parts) <= 2 and any(p.strip() for p in parts) and not mismatches(template, content, channel, date.min):
            return f"{ANSWER}{version}:{ready.key}:{ready.language}"
    return ""


def fits(template: str, text: str) -> bool:
    """Whether `text` is the template with each {slot} filled by 1 to 80 characters of one line without an address.

    Fillings must not make an address with what stands beside them either: the text has those of the template and no other.
    Keeps the set of places reachable so far, so the cost is length x slots x 80 whatever the text is: no backtracking.
    """
    first, *rest = SLOT.split(template)
    if not text.startswith(first) or len(ADDRESS.findall(text)) != sum(len(ADDRESS.findall(p)) for p in (first, *rest)):
        return False
    reached = {len(first)}
    for literal in rest:
        reached = {end for start in reached for end in _after_filling(text, start, literal)}
    return len(text) in reached if rest else text == first


def _after_filling(text: str, start: int, literal: str) -> Iterable[int]:
    last = min(start + LONGEST_FILLING, len(text))
    line, address = text.find("\n", start, last), ADDRESS.search(text, start, last)
    last = min(last, line if line >= 0 else last, address.end() - 1 if address else last)
    return (end + len(literal) for end in range(start + 1, last + 1) if text.startswith(literal, end))


def _host(link: str) -> str:
    return (urlsplit(link).hostname or "").lower()
