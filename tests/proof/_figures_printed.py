"""Reports drawn as they always are, by asking and making, and every figure on their pages held against the proof's own SQL."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from django.utils.translation import override

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import process_of
from reports.facts.definitions import DEFINITIONS
from reports.facts.periods import Period
from reports.facts.sections import sections_of
from reports.facts.shapes import Unit
from reports.making.actions import ask_report, make_report
from reports.making.models import Paper
from tenants.walls.scope import brand_scope
from tests.proof._figures_attached import compare_attached
from tests.proof._figures_goals import WORDS, Goals, goals_of
from tests.proof._figures_lists import compare_printed_lists
from tests.proof._figures_sql import Days, by_week, expected
from tests.proof._paper import tree_of
from tests.proof._printed import (
    NOTHING,
    Language,
    Reading,
    Said,
    agrees,
    change_agrees,
    figures_of,
    place_of,
    series_place,
)
from tests.world import World

Counts = dict[str, int | None]
DaysOf = Callable[[World, Period, tuple[str, ...]], Days]
Counted = Callable[[Counts, str], int | None]
CHOSEN = ("done", "talk", "clocks", "trends", "brakes")
"""The sections of the ad hoc report."""
MOST_TOPICS = 10
CLOSED = frozenset({"reads.noted", "left.items", "log.lines"})
"""What rests on rows that no report for both sides may count."""
OF_CLOCKS = tuple((code, clock) for code in ("clocks.median", "clocks.in_time") for clock in ("acknowledge", "answer"))


@dataclass(frozen=True)
class Means:
    """What the comparison needs of the proof: days for SQL, what a missing row means, classes by ceiling."""

    days: DaysOf
    counted: Counted
    classes: dict[str, tuple[str, ...]]


@dataclass
class Sheet:
    """One paper: its figures, what SQL says of its period and of the one before, and what is wrong with it."""

    world: World
    kind: str
    period: Period
    language: Language
    ceiling: str
    reading: Reading
    now: Counts
    before: Counts
    goals: Goals
    means: Means
    tally: "Counter[str]"
    wrong: list[str]

    def same(self, place: str, told: object, counted: object) -> None:
        if told != counted:
            self.wrong.append(f"{place}: {told} told, {counted} counted")

    @property
    def name(self) -> str:
        return f"{self.world.brand.slug} {self.kind} {self.period.code} {self.language} {self.ceiling} on paper"


def compare_printed(
    world: World, asked: tuple[str, Period, Language], means: Means, tally: "Counter[str]", wrong: list[str]
) -> None:
    """One report, in one language, and each of its editions."""
    kind, period, language = asked
    chosen = CHOSEN if kind == "custom" else ()
    report = ask_report(world.owner, kind=kind, period=period, language=language, sections=chosen)
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    with brand_scope(world.brand):
        papers = list(Paper.objects.filter(edition__report=report).select_related("edition"))
    if not papers:
        wrong.append(f"{world.brand.slug} {kind} {language}: not drawn")
    compare_attached(world, report, papers, tally, wrong)
    for paper in papers:
        ceiling = str(paper.edition.ceiling)
        classes = means.classes[ceiling]
        with brand_scope(world.brand):
            paper.file.seek(0)
            tree = tree_of(paper.file.read())
        reading = figures_of(tree, language)
        now, before = (expected(means.days(world, one, classes)) for one in (period, period.before))
        tally["papers"] += 1
        goals = goals_of(world, period, datetime.now(UTC))
        sheet = Sheet(world, kind, period, language, ceiling, reading, now, before, goals, means, tally, wrong)
        with override(language):
            _compare(sheet, chosen, classes)
            of, days = sections_of(kind, chosen), means.days(world, period, classes)
            is_brand = ceiling == "brand"
            compare_printed_lists(tree, of, days, is_brand=is_brand, tally=tally, same=sheet.same, place=sheet.name)


def _compare(sheet: Sheet, chosen: tuple[str, ...], classes: tuple[str, ...]) -> None:
    names = _names(sheet)
    claimed = set()
    for section in sections_of(sheet.kind, chosen):
        keys = list(sheet.goals.aims) if section == "goals" else list(_keys(sheet, section))
        for key in keys:
            place = ("goals", *place_of("", key, names)[1:]) if section == "goals" else place_of(section, key, names)
            if section == "goals" and len(place) > 2:
                place = ("goals", "–".join(place[1:]))
            claimed.add(place)
            _figure(sheet, key, sheet.reading.found.get(place), is_needed=section in sheet.reading.sections)
            _goal(sheet, key, sheet.reading.found.get(place), is_needed=section == "goals")
        if section == "trends":
            claimed |= _trends(sheet, classes)
    for place in set(sheet.reading.found) - claimed:
        sheet.wrong.append(f"{sheet.name}: {place} stands there, and nobody counted it")
    sheet.wrong += [f"{sheet.name}: {place} says two things" for place in sheet.reading.twice]


def _keys(sheet: Sheet, section: str) -> Iterator[str]:
    """What a section may tell of: each whole figure, and each part of which there is a row."""
    for code, one in DEFINITIONS.items():
        if one.section != section:
            continue
        parts = {key for key in (*sheet.now, *sheet.before) if key.startswith(f"{code};")}
        if code.startswith("clocks."):
            parts |= {f"{code};clock={clock}" for clock in ("acknowledge", "answer")}
        elif one.whole:
            yield code
        if not (sheet.ceiling == "shared" and code in CLOSED):
            yield from _largest(sheet, parts) if code == "mentions.topic" else sorted(parts)


def _largest(sheet: Sheet, keys: set[str]) -> list[str]:
    found = [key for key in keys if sheet.now.get(key)]
    return sorted(found, key=lambda key: (-(sheet.now[key] or 0), key))[:MOST_TOPICS]


def _goal(sheet: Sheet, key: str, said: Said | None, *, is_needed: bool) -> None:
    """What a figure is to be, and whether it is: in the section of goals, and below each tile."""
    number, side, got = sheet.goals.told(key, sheet.means.counted(sheet.now, key))
    text = said.goal if said is not None else None
    if text is None:
        if is_needed or (number is not None and said is not None and ";" not in key):
            sheet.wrong.append(f"{sheet.name} {key}: no goal printed, {number} agreed")
        return
    sheet.tally["printed_goals"] += 1
    words, unit = WORDS[sheet.language], DEFINITIONS[key.partition(";")[0]].unit
    bound, reached = words[side or "yes"], words[got or "yes"]
    bare = text.removeprefix(bound).removesuffix(f", {reached}")
    if text != f"{bound}{bare}, {reached}" or number is None or not agrees(bare, unit, sheet.language, number):
        sheet.wrong.append(f"{sheet.name} {key}: goal '{text}' printed, {number} {side} {got} agreed")


def _figure(sheet: Sheet, key: str, said: Said | None, *, is_needed: bool) -> None:
    code, _, parts = key.partition(";")
    unit, is_closed = DEFINITIONS[code].unit, sheet.ceiling == "shared" and code in CLOSED
    now, before = (None if is_closed else sheet.means.counted(one, key) for one in (sheet.now, sheet.before))
    if code == "coming.items":
        before = None
    place = f"{sheet.name} {key}"
    if said is None:
        is_whole = not parts or parts in {"clock=answer", "clock=acknowledge"}
        if now or (is_whole and is_needed):
            sheet.wrong.append(f"{place}: not there, {now} counted")
        return
    sheet.tally["printed"] += 1
    _same(sheet, place, said.now, unit, now)
    if said.before is not None:
        sheet.tally["printed_before"] += 1
        _same(sheet, f"{place} before", said.before, unit, before)
    if said.change is not None and now is not None and before is not None:
        sheet.tally["printed_before"] += 1
        if not change_agrees(said.change, unit, sheet.language, now, before):
            sheet.wrong.append(f"{place}: '{said.change}' printed, {now} after {before} counted")
    elif said.change not in {None, NOTHING}:
        sheet.wrong.append(f"{place}: '{said.change}' printed where nothing can be compared")


def _trends(sheet: Sheet, classes: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Every week of every trend: counts by week, the ratio of two of them, and both clocks week by week."""
    weeks, claimed = sheet.period.weeks, set()
    whole = Days(sheet.world.brand, weeks[0].start, weeks[-1].end, (weeks[-1].end, weeks[-1].end), classes)
    counts = by_week(whole)
    for week in weeks:
        clocks = expected(sheet.means.days(sheet.world, week, classes))
        exact: dict[tuple[str, str], int | None] = {
            (code, ""): found.get(week.code, 0) for code, found in counts.items()
        }
        exact |= {(code, clock): clocks.get(f"{code};clock={clock}") for code, clock in OF_CLOCKS}
        exact["field.ratio", ""] = clocks["field.ratio"]
        for (code, clock), value in exact.items():
            place = series_place(code, clock, week.code, sheet.language)
            said = sheet.reading.found.get(place)
            claimed.add(place)
            if said is not None:
                sheet.tally["printed_points"] += 1
                _same(sheet, f"{sheet.name} {code} {clock} {week.code}", said.now, DEFINITIONS[code].unit, value)
            elif value:
                sheet.wrong.append(f"{sheet.name} {code} {clock} {week.code}: not there, {value} counted")
    return claimed


def _names(sheet: Sheet) -> dict[str, str]:
    days = sheet.means.days(sheet.world, sheet.period, ())
    rows = cast("list[tuple[Any, Any]]", days.rows("SELECT id::text, name FROM {s}.channels_channel"))
    return dict(rows)


def _same(sheet: Sheet, place: str, text: str, unit: Unit, exact: int | None) -> None:
    if not agrees(text, unit, sheet.language, exact):
        sheet.wrong.append(f"{place}: '{text}' printed, {exact} counted")
