"""What the briefing in force says to an act, as the gate asks it: read or not, genuine or not, topics touched, ready answers.

One query where the version is known to this process. What is kept is verified and compiled once; it is found by the row's own
mark, which moves when an erasure takes words out of it, and by how often the brand has agreed again to what such a one left.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from clients.briefings.columns import Then
from clients.briefings.entries import Answer, HouseRule, Topic, answers_of, house_rules_of, topics_of, watched_topic
from clients.briefings.models import BriefingVersion
from clients.briefings.rules import Section
from clients.briefings.soundness import is_sound
from clients.matching.matcher import Matcher, compile_watch
from tenants.walls.scope import required_brand

_ASKED = """
    SELECT newest.id, newest.number, newest.xmin::text || newest.ctid::text ||
           (SELECT count(*) FROM briefings_reagreement WHERE version_id = newest.id)::text,
           EXISTS (SELECT FROM briefings_acknowledgement WHERE version_id = newest.id AND person_id = %s), {also}
    FROM (SELECT) always
    LEFT JOIN (SELECT id, number, xmin, ctid FROM briefings_briefingversion ORDER BY number DESC LIMIT 1) newest ON true
"""
MOST_KEPT = 1_024


@dataclass(frozen=True, slots=True)
class Touched:
    """A topic, and the places in a text where its words stand."""

    topic: Topic
    words: tuple[str, ...]


class Topics:
    """The topics of one version, ready to be asked."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self._topics = list(topics)
        self._matcher: Matcher = compile_watch(
            replace(watched_topic(topic), key=str(place)) for place, topic in enumerate(self._topics)
        )

    def touched(self, texts: Iterable[str], moment: datetime) -> list[Touched]:
        """What these texts touch at `moment` (on the brand's clock), in the order of the briefing."""
        words: dict[int, dict[str, None]] = {}
        for text in texts if self._topics else ():
            for hit in self._matcher.hits(text):
                words.setdefault(int(hit.key), {})[text[hit.start : hit.end]] = None
        return [
            Touched(self._topics[place], tuple(found))
            for place, found in sorted(words.items())
            if self._topics[place].holds(moment)
        ]


NO_TOPICS = Topics(())


@dataclass(frozen=True, slots=True)
class Guidance:
    """Version 0: there is none. One that is not `sound` was written or altered by no action of the brand."""

    number: int = 0
    acknowledged: bool = False
    sound: bool = True
    topics: Topics = NO_TOPICS
    answers: tuple[Answer, ...] = ()
    rules: tuple[HouseRule, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    sound: bool
    topics: Topics
    answers: tuple[Answer, ...]
    rules: tuple[HouseRule, ...]


_kept: dict[tuple[UUID, UUID, str], _Known] = {}


def guidance_for(person_id: UUID | None, *, also: str = "false") -> tuple[Guidance, Any]:
    """What the version in force says to this person's acts, and the answer to one more question that rides along.

    `also`: an expression of SQL, written in the code of a feature above. Inside the brand's scope.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ASKED.format(also=also), [person_id])
        version_id, number, mark, acknowledged, said = cursor.fetchone()
    if version_id is None:
        return Guidance(), said
    known = _known(version_id, mark)
    answers = known.answers if known.sound else ()
    return Guidance(number, acknowledged, known.sound, known.topics, answers, known.rules), said


def topics_in_force() -> Topics:
    """For a page that shows what a text touches. Inside the brand's scope."""
    return guidance_for(None)[0].topics


def _known(version_id: UUID, mark: str) -> _Known:
    key = (required_brand().id, version_id, mark)
    known = _kept.get(key)
    if known is None:
        known = _read(BriefingVersion.objects.get(pk=version_id))
        while len(_kept) >= MOST_KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = known
    return known


def _read(version: BriefingVersion) -> _Known:
    """A version that was altered keeps its topics: they only take away."""
    topics = Topics(topics_of(version.sections))
    answers, rules = tuple(answers_of(version.sections)), tuple(house_rules_of(version.sections))
    return _Known(is_sound(version), topics, answers, rules)


def needs_brand(touched: Iterable[Touched], then: Then) -> Iterator[Section]:
    """The sections whose topics, of those touched, ask for this; sensitive ones ask for neither."""
    barring = (Section.FORBIDDEN_TOPICS, Section.EMBARGOES)
    return (one.topic.section for one in touched if one.topic.section in barring and one.topic.then is then)
