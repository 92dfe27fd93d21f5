"""A briefing's lines as values: what is watched, which topics need care, who is called, what may be answered and quoted.

Pure, over the stored sections of one version, older ones included. Matching words against a text is not done here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from clients.briefings.columns import ALWAYS, Then, span_of, split
from clients.briefings.rules import Section, normal
from clients.matching.matcher import compile_watch
from clients.matching.watched import Watched
from tenants.errors import Invalid

Sections = Mapping[str, Any]
NEARBY = 10
"""Words that may stand between, where a line does not say."""


@dataclass(frozen=True, slots=True)
class WatchEntry:
    """One line of the watch list: what is looked for, under which name, and in which sources (none: in all).

    `watched.key` is the same in every version.
    """

    label: str
    watched: Watched
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """Words that ask for care: sensitive ones raise the sensitivity of an act, the others need the brand or refuse."""

    section: Section
    phrases: tuple[str, ...]
    exclusions: tuple[str, ...] = ()
    then: Then = Then.APPROVE
    until: str = ""

    def holds(self, moment: datetime) -> bool:
        """Whether it is to be asked at `moment`, which is on the brand's clock. An embargo's last day counts whole."""
        if not self.until:
            return True
        if len(self.until) == len("2026-11-24"):
            return moment.date() <= date.fromisoformat(self.until)
        return moment.replace(tzinfo=None) < datetime.fromisoformat(self.until)


@dataclass(frozen=True, slots=True)
class Answer:
    """Ready words to a question, in one language; the same `key` in every version and language."""

    key: str
    language: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class HouseRule:
    """A rule by the number that an act of moderation cites. `urgent`: why such an act may not wait, '' where it may."""

    number: int
    rule: str
    urgent: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call about a topic. Of several with one topic the first is called first: the others are deputies, in order."""

    topic: str
    name: str
    contact: str
    hours: str = ""

    def on_duty(self, moment: datetime, *, brand_is_open: bool) -> bool:
        """Whether to call now; `moment` on the brand's clock. Without hours of their own, the brand's count."""
        if not self.hours:
            return brand_is_open
        span = None if self.hours == ALWAYS else span_of(self.hours)
        if span is None:
            return True
        days, start, end = span
        clock = moment.time().replace(tzinfo=None)
        if start < end:
            return moment.weekday() in days and start <= clock < end
        late, early = clock >= start, clock < end
        return (late and moment.weekday() in days) or (early and (moment.weekday() - 1) % 7 in days)


@dataclass(frozen=True, slots=True)
class Licence:
    """What may be quoted of a source in the press review: `excerpt` characters, or as many as the house's rule says."""

    source: str
    licence: str
    excerpt: int | None
    remark: str


@dataclass(frozen=True, slots=True)
class ServiceTarget:
    """Within how many working minutes a member is to be acknowledged and answered; an empty column holds for all.

    `channel`: the name of a channel, its kind, or a medium (email, phone, direct ...).
    """

    channel: str
    topic: str
    sensitivity: str
    acknowledge: int
    answer: int


def watch_list_of(sections: Sections) -> list[WatchEntry]:
    """In the order of the list."""
    return [
        WatchEntry(line["label"], _watched(line), split(line["sources"]))
        for line in _lines(sections, Section.WATCH_LIST)
    ]


def topics_of(sections: Sections) -> list[Topic]:
    """Forbidden, sensitive and embargoed, in this order."""
    kinds = (Section.FORBIDDEN_TOPICS, Section.SENSITIVE_TOPICS, Section.EMBARGOES)
    return [_topic(section, line) for section in kinds for line in _lines(sections, section)]


def answers_of(sections: Sections) -> list[Answer]:
    return [Answer(**line) for line in _lines(sections, Section.APPROVED_ANSWERS)]


def house_rules_of(sections: Sections) -> list[HouseRule]:
    lines = _lines(sections, Section.HOUSE_RULES)
    rules = [HouseRule(int(line["number"]), line["rule"], line["urgent"]) for line in lines]
    return sorted(rules, key=lambda rule: rule.number)


def contacts_of(sections: Sections, topic: str = "") -> list[Contact]:
    """In the order in which they are called; of one topic, or all of them."""
    found = [Contact(**line) for line in _lines(sections, Section.ESCALATION)]
    return [one for one in found if not topic or one.topic.casefold() == topic.casefold()]


def licences_of(sections: Sections) -> list[Licence]:
    return [
        Licence(line["source"], line["licence"], int(line["excerpt"]) if line["excerpt"] else None, line["remark"])
        for line in _lines(sections, Section.PRESS_LICENCES)
    ]


def service_of(sections: Sections) -> list[ServiceTarget]:
    """In the order of the list."""
    return [
        ServiceTarget(
            line["channel"],
            line["topic"],
            line["sensitivity"],
            int(line["acknowledge_within"]),
            int(line["answer_within"]),
        )
        for line in _lines(sections, Section.SERVICE)
    ]


def check_watched(sections: Sections) -> None:
    """That everything can be looked for. Raises Invalid with the section as its field and what is wrong as its `fact`."""
    for section in (Section.WATCH_LIST, Section.FORBIDDEN_TOPICS, Section.SENSITIVE_TOPICS, Section.EMBARGOES):
        lines = list(enumerate(_lines(sections, section), 1))
        entries = [replace(_watched(line), key=str(place)) for place, line in lines]
        try:
            compile_watch(entries)
        except Invalid as wrong:
            raise Invalid(wrong.code, field=str(section), **wrong.facts) from wrong


def watched_topic(topic: Topic) -> Watched:
    """A topic as something to look for, in French and English; the caller gives it its key."""
    return Watched("", phrases=topic.phrases, exclusions=topic.exclusions)


def _watched(line: Mapping[str, str]) -> Watched:
    return Watched(
        line.get("key", ""),
        phrases=split(line.get("phrases") or line.get("words", "")),
        exclusions=split(line["exclusions"]),
        near=split(line.get("near", "")),
        within=int(line.get("within") or NEARBY),
        language=line.get("language", ""),
        pattern=line.get("pattern", ""),
    )


def _topic(section: Section, line: Mapping[str, str]) -> Topic:
    words, exclusions = split(line["words"]), split(line["exclusions"])
    return Topic(section, words, exclusions, Then(line.get("then") or Then.APPROVE), line.get("until", ""))


def _lines(sections: Sections, section: Section) -> Iterator[Mapping[str, str]]:
    yield from normal(section, sections.get(section) or ())
