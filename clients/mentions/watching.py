"""What the briefing in force watches for and calls delicate, ready to be asked. Inside the brand's scope.

Compiled once for each version and process: what is kept is found by the row's own mark, which moves when an erasure takes words
out of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from clients.briefings.entries import Topic, WatchEntry, topics_of, watch_list_of, watched_topic
from clients.briefings.queries import words_to_compare_with
from clients.matching.matcher import Matcher, compile_watch
from clients.matching.watched import Watched
from tenants.errors import Invalid
from tenants.walls.scope import required_brand

_NEWEST = "SELECT id, xmin::text || ctid::text FROM briefings_briefingversion ORDER BY number DESC LIMIT 1"
MOST_KEPT = 256
_TOPIC = "topic "


@dataclass(frozen=True, slots=True)
class Seen:
    """What of the briefing stands in a text: keys of the watch list, and whether it touches a topic that needs care."""

    keys: tuple[str, ...]
    delicate: bool


def _compiled(entries: list[Watched]) -> Matcher:
    """A version from before entries were checked, or with words erased, keeps those that can be looked for."""
    while True:
        try:
            return compile_watch(entries)
        except Invalid as wrong:
            entries = [entry for entry in entries if entry.key != wrong.field]


class Watch:
    """The watch list and the topics of one version, in one automaton."""

    def __init__(self, entries: Iterable[WatchEntry] = (), topics: Iterable[Topic] = ()) -> None:
        listed = list(entries)
        self._topics = {f"{_TOPIC}{place}": topic for place, topic in enumerate(topics)}
        self._sources = {entry.watched.key: frozenset(entry.sources) for entry in listed if entry.sources}
        delicate = [replace(watched_topic(topic), key=key) for key, topic in self._topics.items()]
        self._matcher = _compiled([*(entry.watched for entry in listed), *delicate])

    def ask(self, text: str, language: str, named: frozenset[str], moment: datetime) -> Seen:
        """What stands in `text`. `named`: what the source is called, for entries that mean only some sources."""
        keys, delicate = [], False
        for key in self._matcher.keys(text, language):
            topic = self._topics.get(key)
            if topic is not None:
                delicate = delicate or topic.holds(moment)
            elif key not in self._sources or self._sources[key] & named:
                keys.append(key)
        return Seen(tuple(keys), delicate)


_kept: dict[tuple[UUID, UUID, str], Watch] = {}
NOTHING = Watch()


def watch_in_force() -> Watch:
    """One small query; the rest is known after the first time."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        newest = cursor.fetchone()
    if newest is None:
        return NOTHING
    key = (required_brand().id, *newest)
    if key not in _kept:
        sections = words_to_compare_with(newest[0])
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = Watch(watch_list_of(sections), topics_of(sections))
    return _kept[key]
