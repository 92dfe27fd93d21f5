"""The watched words in what somebody said, marked: always text, never markup of theirs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from clients.briefings.access import words_open_to
from clients.briefings.entries import WatchEntry, topics_of, watch_list_of
from clients.briefings.rules import Section
from clients.matching.matcher import compile_watch
from clients.matching.watched import Watched
from clients.mentions.models import Mention
from clients.people.actor import Actor
from tenants.errors import Invalid


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `marked` where a watched word stands."""

    text: str
    marked: bool


def watch_list(actor: Actor) -> list[WatchEntry]:
    """The watch list in force, for who may read it; empty for others and before the first briefing."""
    return watch_list_of(words_open_to(actor))


def labels_of(entries: Iterable[WatchEntry]) -> dict[str, str]:
    """What the keys of a mention are called."""
    return {entry.watched.key: entry.label for entry in entries}


def marked(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """`text` cut at the spans, in order; spans that overlap are one, and what lies outside the text is no span."""
    pieces, at = [], 0
    for first, last in sorted(spans):
        start, end = max(first, at), min(last, len(text))
        if start >= end:
            continue
        pieces += [Piece(text[at:start], False)] if start > at else []
        pieces.append(Piece(text[start:end], True))
        at = end
    return [*pieces, Piece(text[at:], False)] if at < len(text) else pieces


def marks_of(mention: Mention, entries: Iterable[WatchEntry]) -> list[Piece]:
    """The text with the words of those entries marked that it was found for. The list in force may know them no longer."""
    wanted = [entry.watched for entry in entries if entry.watched.key in mention.matched]
    return marked(mention.text, _spans(wanted, mention.text, mention.language))


def topics_in(actor: Actor, mention: Mention) -> list[tuple[str, str]]:
    return topics_touched(words_open_to(actor), f"{mention.title}\n{mention.text}", mention.language)


def topics_touched(sections: Mapping[str, Any], text: str, language: str) -> list[tuple[str, str]]:
    """(section, words) of the topics that a text touches, of the sections its reader may read: what needs care in an answer."""
    topics = topics_of(sections)
    found = []
    for number, topic in enumerate(topics):
        watched = Watched(str(number), phrases=topic.phrases, exclusions=topic.exclusions)
        if _spans([watched], text, language):
            found.append((str(Section(topic.section)), ", ".join(topic.phrases)))
    return found


def _spans(entries: list[Watched], text: str, language: str) -> list[tuple[int, int]]:
    """Nothing is marked by a list that cannot be read: a mention is shown whatever the list says."""
    try:
        hits = compile_watch(entries).hits(text, language) if entries else ()
    except Invalid:
        return []
    return [(hit.start, hit.end) for hit in hits]
