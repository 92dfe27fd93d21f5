"""What each kind of report tells, section by section, and how each section is put together."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from clients.evidence.queries import newest_checkpoint
from clients.people.rules import Verb
from reports.facts import acts, lists, served
from reports.facts.gathering import Gathering
from reports.facts.shapes import Checkpoint, Section
from reports.facts.trends import trends
from tenants.errors import Invalid

Make = Callable[[Gathering], Section]


def _plain(code: str) -> Make:
    return lambda making: Section(code, tuple(making.counts(code)))


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
    return Section("insights", tuple(making.counts("insights")), listings=(lists.said_and_done(making),))


def _coming(making: Gathering) -> Section:
    figure, plan = lists.coming(making)
    return Section("coming", (figure,), listings=(plan, lists.watch(making)))


def _benefit(making: Gathering) -> Section:
    return Section("benefit", (*making.counts("benefit"), *acts.benefit(making)))


def _trends(making: Gathering) -> Section:
    return Section("trends", series=trends(making))


def _goals(making: Gathering) -> Section:
    """Every figure that the brand set a goal for, whatever section it stands in, in the order of the registry."""
    found = (_done, _field, _talk, _members, _clocks, _insights) if making.goals else ()
    return Section("goals", tuple(one for make in found for one in make(making).figures if one.goal is not None))


def _press(making: Gathering) -> Section:
    return Section("press", tuple(making.counts("press")), listings=(lists.press(making),))


def _proof(making: Gathering) -> Section:
    return Section("proof", tuple(making.counts("proof")), listings=(lists.checked(making),))


_done = _plain("done")
SECTIONS: Mapping[str, Make] = MappingProxyType(
    {
        "done": _done,
        "talk": _talk,
        "members": _members,
        "pictures": _pictures,
        "field": _field,
        "channels": _channels,
        "clocks": _clocks,
        "fairness": _fairness,
        "insights": _insights,
        "coming": _coming,
        "names": _plain("names"),
        "brakes": _plain("brakes"),
        "trends": _trends,
        "goals": _goals,
        "benefit": _benefit,
        "press": _press,
        "receipts": _plain("receipts"),
        "reads": _plain("reads"),
        "left": _plain("left"),
        "proof": _proof,
    }
)
NEEDS: Mapping[str, Verb] = MappingProxyType(
    {"reads": Verb.AUDIT_READ, "left": Verb.DISCLOSURE_READ, "proof": Verb.AUDIT_READ}
)
"""What somebody has to be allowed to do to get a section that not every insider may read."""
WEEKLY = (
    *("done", "talk", "members", "pictures", "field", "channels", "clocks", "fairness", "insights", "coming", "names"),
    "brakes",
)
KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "weekly": WEEKLY,
        "monthly": ("done", "trends", "goals", "benefit", *WEEKLY[1:9], "names", "brakes"),
        "press": ("press",),
        "audit": ("receipts", "reads", "left", "proof"),
        "dossier": tuple(one for one in SECTIONS if one != "goals"),
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


def checkpoint_now() -> Checkpoint | None:
    """The newest signed head of the log; None before the first."""
    newest = newest_checkpoint()
    return Checkpoint(newest.size, bytes(newest.root).hex(), newest.at) if newest else None
