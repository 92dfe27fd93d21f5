"""What each kind of report tells, section by section, and how each section is put together."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from clients.evidence.queries import newest_checkpoint
from clients.people.rules import Verb
from reports.facts import accounted, acts, handover, happened, lists, pending, served
from reports.facts.definitions import DEFINITIONS
from reports.facts.gathering import Gathering
from reports.facts.periods import Period
from reports.facts.shapes import Checkpoint, Figure, Listing, Section
from reports.facts.trends import trends
from tenants.errors import Invalid

Make = Callable[[Gathering], Section]


def _plain(code: str, *listings: Callable[[Gathering], Listing]) -> Make:
    """The plain counts of a section, and what stands beside them one by one."""
    return lambda making: Section(
        code, tuple(making.counts(code)), listings=tuple(listed(making) for listed in listings)
    )


def _listed(code: str, *listings: Callable[[Gathering], Listing]) -> Make:
    """A section without a count of its own."""
    return lambda making: Section(code, listings=tuple(listed(making) for listed in listings))


def _channels(making: Gathering) -> Section:
    return Section("channels", tuple(acts.channel_mix(making)))


def _field(making: Gathering) -> Section:
    return Section("field", (*making.counts("field"), *acts.field_ratio(making)))


def _talk(making: Gathering) -> Section:
    counted = making.counts("talk")
    return Section("talk", tuple(counted), listings=(lists.topics(making, counted),))


def _members(making: Gathering) -> Section:
    return Section("members", tuple(making.counts("members")), listings=(lists.members(making),))


def _pictures(making: Gathering) -> Section:
    figure, listing = lists.pictures(making)
    return Section("pictures", (figure,), listings=(listing,))


def _clocks(making: Gathering) -> Section:
    return Section("clocks", (*served.clocks(making), *making.counts("clocks")))


def _fairness(making: Gathering) -> Section:
    return Section("fairness", tuple(served.fairness(making)))


def _insights(making: Gathering) -> Section:
    told = (happened.noted(making), lists.said_and_done(making))
    return Section("insights", tuple(making.counts("insights")), listings=told)


def _coming(making: Gathering) -> Section:
    figure, plan = lists.coming(making)
    return Section("coming", (figure,), listings=(plan, lists.watch(making)))


def _benefit(making: Gathering) -> Section:
    return Section("benefit", (*making.counts("benefit"), *acts.benefit(making)))


def _trends(making: Gathering) -> Section:
    return Section("trends", series=trends(making))


def _goals(making: Gathering) -> Section:
    """Every figure that has a goal for the period, whatever section it stands in, in the order of the registry.

    What is told apart and of which there is no row is told all the same: it is what was not reached.
    """
    wanted = {key.partition(";")[0] for key in making.goals}
    sections = dict.fromkeys(one.section for one in DEFINITIONS.values() if one.code in wanted)
    found = {one.key: one for section in sections for one in _all_of(section, making) if one.goal is not None}
    for key in making.goals.keys() - found.keys():
        found[key] = _none_of(key, making)
    order = list(DEFINITIONS)
    return Section("goals", tuple(sorted(found.values(), key=lambda one: (order.index(one.code), one.key))))


def _all_of(section: str, making: Gathering) -> Iterator[Figure]:
    yield from making.counts(section)
    for make in _DERIVED.get(section, ()):
        yield from make(making)


def _none_of(key: str, making: Gathering) -> Figure:
    code, *parts = key.split(";")
    by = tuple((name, value) for name, _, value in (part.partition("=") for part in parts))
    return making.derived(code, 0 if DEFINITIONS[code].counted else None, None, by)


def _press(making: Gathering) -> Section:
    return Section("press", tuple(making.counts("press")), listings=(lists.press(making),))


def _proof(making: Gathering) -> Section:
    return Section("proof", tuple(making.counts("proof")), listings=(lists.checked(making),))


_DERIVED: Mapping[str, tuple[Callable[[Gathering], list[Figure]], ...]] = MappingProxyType(
    {"field": (acts.field_ratio,), "clocks": (served.clocks,), "benefit": (acts.benefit,)}
)
"""The figures of a section that are no plain counts, where some of them may be a goal."""
SECTIONS: Mapping[str, Make] = MappingProxyType(
    {
        "done": _plain("done", happened.acts),
        "talk": _talk,
        "members": _members,
        "pictures": _pictures,
        "field": _field,
        "channels": _channels,
        "clocks": _clocks,
        "fairness": _fairness,
        "insights": _insights,
        "coming": _coming,
        "names": _plain("names", happened.told_at_once, happened.trusted),
        "brakes": _plain("brakes", happened.refusals, happened.holds, happened.incidents),
        "trends": _trends,
        "goals": _goals,
        "benefit": _benefit,
        "business": _plain("business"),
        "press": _press,
        "receipts": _plain("receipts"),
        "reads": _plain("reads", accounted.readings),
        "left": _plain("left", accounted.disclosures),
        "proof": _proof,
        "charter": _listed("charter", handover.mandates, handover.charter),
        "briefing": _listed("briefing", handover.briefing),
        "places": _listed("places", handover.channels, handover.sources),
        "people": _listed("people", handover.people),
        "talks": _listed("talks", pending.talks),
        "plans": _listed("plans", pending.holds, pending.plans, pending.series, pending.standing),
        "ready": _listed("ready", handover.ready_words),
        "known": _listed("known", handover.known, handover.ambassadors),
        "lessons": _listed("lessons", pending.lessons),
        "tickets": _listed("tickets", pending.tickets),
    }
)
NEEDS: Mapping[str, Verb] = MappingProxyType(
    {"reads": Verb.AUDIT_READ, "left": Verb.DISCLOSURE_READ, "proof": Verb.AUDIT_READ, "tickets": Verb.CRM_READ}
)
"""What somebody has to be allowed to do to get a section that not every insider may read."""
HANDED_OVER = frozenset({"dossier"})
"""Kinds for whoever takes over: what both sides or named people read leaves such sections out."""
_OF_A_WEEK = ("talk", "members", "pictures", "field", "channels", "clocks", "fairness", "insights")
WEEKLY = ("done", *_OF_A_WEEK, "coming", "names", "brakes")
HANDOVER = ("places", "people", "talks", "plans", "ready", "known", "lessons", "tickets")
AUDIT = ("receipts", "reads", "left", "proof")
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "weekly": ("done", "goals", *_OF_A_WEEK, "coming", "names", "brakes"),
        "monthly": ("done", "trends", "goals", "business", "benefit", *_OF_A_WEEK, "names", "brakes"),
        "press": ("press",),
        "audit": AUDIT,
        "dossier": (
            "charter",
            "briefing",
            "goals",
            *HANDOVER,
            *WEEKLY,
            "trends",
            "benefit",
            "business",
            "press",
            *AUDIT,
        ),
        "custom": tuple(SECTIONS),
    }
)
"""Which sections a kind of report has, in order; of `custom` whoever makes it chooses."""


def sections_of(kind: str, chosen: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The codes of a kind's sections; of those, the chosen ones where any are. Invalid('unknown_choice', 'kind' | 'sections')."""
    if kind not in KINDS:
        raise Invalid("unknown_choice", "kind")
    if set(chosen) - set(KINDS[kind]):
        raise Invalid("unknown_choice", "sections")
    return tuple(one for one in KINDS[kind] if not chosen or one in chosen)


def shut(kind: str, chosen: tuple[str, ...] = ()) -> frozenset[str]:
    """The sections that this kind's editions for both sides and for named people leave out."""
    return frozenset(sections_of(kind, chosen)) & NEEDS.keys() if kind in HANDED_OVER else frozenset()


def checkpoint_now() -> Checkpoint | None:
    """The newest signed head of the log; None before the first."""
    return _head(newest_checkpoint())


def checkpoint_at(period: Period) -> Checkpoint | None:
    """The newest signed head of the log when the period ended; None where the log was not sealed by then."""
    return _head(newest_checkpoint(before=period.until))


def _head(found: Any) -> Checkpoint | None:
    return Checkpoint(found.size, bytes(found.root).hex(), found.at) if found else None
