"""Every figure of a quarter in three brands: facts, page, table, program and paper against SQL of the proof's own.

The quarter has a week with a change of clocks, an empty week, rows at the very edges of weeks, members without consent, and
rows of every class; it is read by the brand's owner, by a community manager of the agency and by the house for a report of class
`shared`. What each sees has to be what the tables hold within their class, in both directions: no figure too many, none
missing; and each figure opens down to as many rows as it says. Names of members without consent, and above a reader's class,
stand nowhere.

Paper is read as its holder reads it: reports of every kind are asked for and made as always, and the words on their pages (not
the data attached) are read back by the structure of the file and held against the same SQL, both editions, in both languages.

Goals are agreed twice, before the quarter and in it; what each figure of a period is held against, and whether it got there, is
reckoned day by day from the raw tables and held against facts, page, table, program and paper.

What is attached to the files is what a program is told of the same report, byte for byte, up to each class of a policy.

Listings are held against SQL line by line: which rows, in which order, what each says; on paper as far as they are printed.

Tried, one at a time, on the weekly paper of one brand: a definition that counted another kind of verdict, a cell and a tile of
the templates showing another's value, shares without their tenth, minutes to the ten; a listing
of another level, one the other way round. Each was found.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from html import unescape
from typing import Any

import time_machine
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from clients.community.models import Member
from clients.community.rules import Consent
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor
from reports.facts.canonical import COLUMNS
from reports.facts.definitions import DEFINITIONS
from reports.facts.opening import rows_of
from reports.facts.periods import Period, PeriodKind, period_between, period_of
from reports.facts.shapes import Facts, Unit
from reports.facts.sight import Sight
from reports.facts.whole import facts_of
from reports.kinds.values import value_text
from tenants import provisioning
from tenants.actions import create_brand
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.api.calls import api_of
from tests.conftest import make_person
from tests.database import brand_with
from tests.proof._figures_goals import WORDS, agree_goals, goals_of
from tests.proof._figures_lists import compare_lists
from tests.proof._figures_printed import Means, compare_printed
from tests.proof._figures_sql import Days, by_week, expected
from tests.proof._printed import Language
from tests.proof._quarter import CHANGE_OF_CLOCKS, EMPTY, START, Quarter
from tests.proof._scene import quiet
from tests.world import World, make_world

ROWS = {"small": 80, "full": 1_200}
OPEN = {"shared": ("public", "shared"), "named": ("public", "shared", "named"), "brand": tuple(InfoClass)}
VIEWS = {PeriodKind.WEEK: "week", PeriodKind.QUARTER: "quarter"}
_LINE = re.compile(r'data-figure="([^"]*)".*?data-label="Value">([^<]*)<.*?data-label="Goal">(.*?)</td>', re.DOTALL)
NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
Tally = Counter[str]


def run(scale: str) -> tuple[str, bool]:
    """Write, count six ways, compare."""
    counted: Tally = Counter()
    wrong: list[str] = []
    with quiet(), override("en"), time_machine.travel(NOW):
        for seed, world in enumerate(_worlds(), 1):
            Quarter(world.brand, seed, ROWS[scale]).write()
            agree_goals(world)
            for period in _periods(world)[: None if seed == 1 or scale == "full" else 2]:
                _compare(world, period, counted, wrong)
            _names(world, counted, wrong)
            for asked in _reports(world, every=scale == "full" or seed == 1):
                compare_printed(world, asked, Means(_days, _counted, OPEN), counted, wrong)
    for line in wrong[:20]:
        print(f"  differs: {line}")
    figures = (
        f"{counted['figures']:,} figures of 3 brands compared with SQL, {counted['page']:,} of them on pages, "
        f"{counted['csv']:,} in tables, {counted['api']:,} through the API, {counted['points']:,} points of series, "
        f"{counted['printed']:,} on {counted['papers']} papers with {counted['printed_before']:,} comparisons and "
        f"{counted['printed_points']:,} points, "
        f"{counted['goals']:,} goals and {counted['printed_goals']:,} on paper, "
        f"{counted['opened']:,} opened to {counted['rows']:,} rows, {counted['withheld']:,} rows withheld and counted; "
        f"{counted['attached']} times what is attached to them through the API, "
        f"{counted['lines']:,} lines of {counted['lists']:,} listings and {counted['printed_lines']:,} of them on paper, "
        f"{counted['names']} names told, {counted['unnamed']} kept; {len(wrong)} differences"
    )
    parts = (
        "figures",
        "page",
        "csv",
        "api",
        "points",
        "opened",
        "withheld",
        "names",
        "unnamed",
        "printed",
        "printed_points",
        "goals",
        "printed_goals",
        "lines",
        "printed_lines",
        "attached",
    )
    return figures, not wrong and all(counted[part] for part in parts)


def _worlds() -> Iterator[World]:
    provisioning.top_up(1)
    create_brand("Maison C", "maison-c")
    for slug in ("maison-a", "maison-b", "maison-c"):
        yield make_world(brand_with(slug), make_person)


def _periods(world: World) -> list[Period]:
    zone = world.brand.time_zone
    weeks = [period_of(PeriodKind.WEEK, day, zone) for day in (CHANGE_OF_CLOCKS, EMPTY, date(2026, 10, 19))]
    return [period_of(PeriodKind.QUARTER, START, zone), *weeks, weeks[0].after]


def _reports(world: World, *, every: bool) -> Iterator[tuple[str, Period, Language]]:
    """Every kind in both languages, or of the others than the weekly one none."""
    zone = world.brand.time_zone
    week, month, quarter = (
        period_of(kind, CHANGE_OF_CLOCKS, zone) for kind in (PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.QUARTER)
    )
    kinds = [("weekly", week), ("monthly", month), ("dossier", quarter), ("press", quarter), ("audit", month)]
    kinds += [("custom", period_between(date(2026, 10, 5), date(2026, 11, 17), zone))]
    for kind, period in kinds if every else kinds[:1]:
        yield kind, period, "fr"
        yield kind, period, "en"


def _compare(world: World, period: Period, counted: Tally, wrong: list[str]) -> None:
    """One period through every pair of eyes."""
    cm, owner = world.cm, world.owner
    kinds = ("weekly", "monthly") if period.kind is PeriodKind.QUARTER else ("weekly",)
    for kind in kinds:
        for who, sight, classes in (
            ("cm", Sight(InfoClass.BRAND, cm), "shared"),
            ("house", Sight(InfoClass.SHARED), "shared"),
            ("owner", Sight(InfoClass.BRAND, owner), "brand"),
        ):
            _with_sql(world, period, kind, who, sight, OPEN[classes], counted, wrong)
    for kind in ("audit", "press"):
        _with_sql(world, period, kind, "owner", Sight(InfoClass.BRAND, owner), OPEN["brand"], counted, wrong)
    view = VIEWS[period.kind]
    kind = "weekly" if view == "week" else "monthly"
    for actor, role, classes in ((owner, Role.BRAND_OWNER, "brand"), (cm, Role.COMMUNITY_MANAGER, "shared")):
        _pages(world, period, (view, kind, role, actor), OPEN[classes], counted, wrong)
    _program(world, period, kind, counted, wrong)


def _with_sql(
    world: World,
    period: Period,
    kind: str,
    who: str,
    sight: Sight,
    classes: tuple[str, ...],
    counted: Tally,
    wrong: list[str],
) -> None:
    with brand_scope(world.brand):
        facts = facts_of(world.brand, sight, kind, period, now=NOW)
    now, before = (expected(_days(world, one, classes)) for one in (period, period.before))
    place = f"{world.brand.slug} {period.code} {kind} {who}"
    told = {figure.key: figure for _, figure in facts.figures()}
    for key, figure in told.items():
        counted["figures"] += 1
        _same(f"{place} {key}", figure.value, _counted(now, key), wrong)
        if figure.code != "coming.items":
            _same(f"{place} before {key}", figure.before, _counted(before, key), wrong)
    _aimed(world, facts, now, counted, wrong, place)
    codes = {figure.code for figure in told.values()}
    missing = [key for key, value in now.items() if value and key.split(";")[0] in codes and key not in told]
    wrong += [f"{place} {key} is not told" for key in missing]
    _points(world, facts, classes, counted, wrong, place)
    days = _days(world, period, classes)
    same = partial(_noted, wrong)
    compare_lists(facts, days, is_brand="brand" in classes, tally=counted, same=same, place=place)
    if who == "cm":
        _opened(world, facts, sight, counted, wrong, place)


def _aimed(
    world: World, facts: Facts, now: dict[str, int | None], counted: Tally, wrong: list[str], place: str
) -> None:
    """Every goal stands beside its figure, wherever that is told, and in the section of goals; and there is no other."""
    goals, section = goals_of(world, facts.period, NOW), facts.section("goals")
    for _, one in facts.figures():
        counted["goals"] += one.goal is not None
        told = (one.goal, one.direction, one.reached)
        _same(f"{place} goal of {one.key}", told, goals.told(one.key, _counted(now, one.key)), wrong)
    if section is not None:
        _same(f"{place} goals", {one.key for one in section.figures}, set(goals.aims), wrong)


def _counted(found: dict[str, int | None], key: str) -> int | None:
    """What the tables hold. What has no row is 0 where it is counted, or a share of something; of all else there is none."""
    code = key.split(";", maxsplit=1)[0]
    if code == "channels.share":
        return found.get(key, 0 if found["acts.done"] else None)
    usual = 0 if DEFINITIONS[code].unit is Unit.COUNT and not code.startswith("fairness.") else None
    return found.get(key, usual)


def _points(world: World, facts: Facts, classes: tuple[str, ...], counted: Tally, wrong: list[str], place: str) -> None:
    trends = facts.section("trends")
    if trends is None:
        return
    weeks = facts.period.weeks
    days = Days(world.brand, weeks[0].start, weeks[-1].end, (weeks[-1].end, weeks[-1].end), classes)
    found = by_week(days)
    for series in trends.series:
        for point in series.points if series.code in found else ():
            counted["points"] += 1
            _same(f"{place} {series.code} {point.at}", point.value, found[series.code].get(point.at, 0), wrong)


def _opened(world: World, facts: Facts, sight: Sight, counted: Tally, wrong: list[str], place: str) -> None:
    with brand_scope(world.brand):
        for _, figure in facts.figures():
            opened = rows_of(figure.key, sight, facts.period, most=5)
            counted["opened"] += 1
            counted["rows"] += opened.seen
            counted["withheld"] += opened.withheld
            _same(
                f"{place} rows of {figure.key}", (opened.seen, opened.withheld), (figure.rows, figure.withheld), wrong
            )


def _pages(
    world: World,
    period: Period,
    asked: tuple[str, str, Role, Actor],
    classes: tuple[str, ...],
    counted: Tally,
    wrong: list[str],
) -> None:
    """The page as it is read, and the table as it is taken home."""
    view, _kind, role, _actor = asked
    now, place = expected(_days(world, period, classes)), f"{world.brand.slug} {period.code} {role}"
    client = Client(headers={"host": f"{world.brand.slug}.{settings.HUB_HOST}", "accept-language": "en"})
    client.force_login(world.people[role], backend="allauth.account.auth_backends.AuthenticationBackend")
    query = {"view": view, "period": period.code}
    page = client.get("/figures/", query).content.decode()
    goals = goals_of(world, period, datetime.now(UTC))
    for key, shown, goal in _LINE.findall(page):
        counted["page"] += 1
        value, unit = _counted(now, unescape(key)), DEFINITIONS[key.split(";")[0]].unit
        _same(f"{place} page {key}", unescape(shown), value_text(value, unit, "en"), wrong)
        number, side, got = goals.told(unescape(key), value)
        said = f"{WORDS['en'][side]}{value_text(number, unit, 'en')} {WORDS['en'][got]}" if side and got else "–"
        seen = unescape(re.sub("<[^>]*>", " ", goal)).split()
        _same(f"{place} page goal of {key}", seen, said.split(), wrong)
    table = client.get("/figures/figures.csv", query).content.decode("utf-8-sig").splitlines()
    _same(f"{place} heads", tuple(table[0].split(";")), COLUMNS, wrong)
    for code, by, cell, goal, side, got in _cells(table[1:]):
        counted["csv"] += 1
        key = f"{code};{by}" if by else code
        told = None if cell == "" else int(cell)
        _same(f"{place} table {key}", told, _counted(now, key), wrong)
        aimed = (int(goal) if goal else None, side or None, got or None)
        _same(f"{place} table goal of {key}", aimed, goals.told(key, _counted(now, key)), wrong)
    _same(f"{place} page and table", len(_LINE.findall(page)), len(table) - 1, wrong)


def _program(world: World, period: Period, kind: str, counted: Tally, wrong: list[str]) -> None:
    """Through a key whose policy reaches to `named`."""
    now, goals = expected(_days(world, period, OPEN["named"])), goals_of(world, period, datetime.now(UTC))
    got: Any = api_of(world).get(f"figures?report={kind}&period={period.code}")
    for section in got.json()["sections"]:
        for one in section["figures"]:
            counted["api"] += 1
            place, value = f"{world.brand.slug} {period.code} API {one['key']}", _counted(now, one["key"])
            _same(place, one["value"], value, wrong)
            aimed = (one["goal"], one.get("direction"), one.get("reached"))
            _same(f"{place} goal", aimed, goals.told(one["key"], value), wrong)


def _names(world: World, counted: Tally, wrong: list[str]) -> None:
    """Of members who said something, those alone are named who agreed to be named and whom the reader may read."""
    quarter = period_of(PeriodKind.QUARTER, START, world.brand.time_zone)
    for actor, readable in ((world.owner, OPEN["brand"]), (world.cm, OPEN["shared"])):
        with brand_scope(world.brand):
            facts = facts_of(
                world.brand, Sight(InfoClass.BRAND, actor), "custom", quarter, now=NOW, chosen=("members",)
            )
            allowed = set(
                Member.objects.filter(naming_consent=Consent.GIVEN, info_class__in=readable).values_list(
                    "name", flat=True
                )
            )
        for listing in facts.sections[0].listings:
            for record in listing.records():
                counted["names" if record["name"] else "unnamed"] += 1
                if record["name"] and record["name"] not in allowed:
                    wrong.append(f"{world.brand.slug} names {record['name']}")


def _days(world: World, period: Period, classes: tuple[str, ...]) -> Days:
    """The days, from the calendar alone: the week, month or quarter that follows is reckoned here, too."""
    after = period.end + timedelta(days=1)
    months = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3}.get(period.kind, 0)
    days = (_months_after(after, months) - after).days if months else (after - period.start).days
    return Days(world.brand, period.start, period.end, (after, after + timedelta(days=days - 1)), classes)


def _months_after(first: date, months: int) -> date:
    return date(first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1, 1)


def _cells(lines: list[str]) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Code, what it is told apart by, value, goal, side and whether it is reached.

    What it is told apart by may hold semicolons: then it stands in quotes.
    """
    for line in lines:
        found = re.fullmatch(
            r'[^;]*;([^;]*);(?:"([^"]*)"|([^;"]*));[^;]*;([^;]*);[^;]*;([^;]*);([^;]*);([^;]*);.*', line
        )
        assert found is not None, line
        yield found[1], found[2] or found[3] or "", found[4], found[5], found[6], found[7]


def _noted(wrong: list[str], place: str, told: Any, counted: Any) -> None:
    _same(place, told, counted, wrong)


def _same(place: str, told: Any, counted: Any, wrong: list[str]) -> None:
    if told != counted:
        wrong.append(f"{place}: {told} told, {counted} counted")
