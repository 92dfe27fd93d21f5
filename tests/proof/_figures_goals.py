"""The goals of the proof's brands, and what each has to be in a period: read from the raw tables, reckoned day by day.

`agree_goals` has both sides agree as people do, before the quarter and once more in it; `Goals` is what that means for a period.
"""

import json
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.db import connections

from clients.briefings.actions import agree_briefing, propose_briefing
from clients.disclosure.rules import InfoClass
from reports.facts.periods import Period
from tenants.vocabulary import Role
from tenants.walls.backend.base import OWNER
from tests.world import World

COLUMNS = ("figure", "direction", "value", "per", "since")
FIRST = (
    ("acts.done", "at_least", "9", "week", ""),
    ("acts.done", "at_most", "200", "month", ""),
    ("field.ratio", "at_most", "2500", "month", ""),
    ("mentions.found", "at_least", "4", "week", ""),
    ("members.active", "at_least", "3", "week", ""),
    ("clocks.in_time;clock=answer", "at_least", "8000", "month", ""),
    ("clocks.nine_in_ten;clock=answer", "at_most", "300", "week", "2026-10-05"),
    ("promises.broken", "at_most", "1", "week", ""),
    ("waiting.median", "at_most", "600", "month", ""),
)
THEN = (
    ("acts.done", "at_least", "30", "week", "2026-11-30"),
    *FIRST[3:6],
    ("insights.noted", "at_least", "2", "month", "2026-10-01"),
)
AGREED = (datetime(2026, 10, 1, 12, tzinfo=UTC), FIRST), (datetime(2026, 11, 20, 12, tzinfo=UTC), THEN)
SUMS = ("acts.done", "field.acts", "mentions.found", "clocks.late", "promises.broken", "insights.noted")
PEOPLE = ("members.active",)
WORDS = {
    "en": {
        "at_least": "at least ", "at_most": "at most ", "yes": "reached", "no": "missed", "under_way": "still under way",
        "not_measurable": "not measurable",
    },
    "fr": {
        "at_least": "au moins ", "at_most": "au plus ", "yes": "atteint", "no": "manqué", "under_way": "période en cours",
        "not_measurable": "non mesurable",
    },
}  # fmt: skip
Aim = tuple[int, str]
"""A number, and on which side of it."""


def agree_goals(world: World) -> None:
    """As both sides do it, at two moments."""
    for base, (moment, lines) in enumerate(AGREED, 1):
        with time_machine.travel(moment, tick=False):
            goals = [dict(zip(COLUMNS, line, strict=True)) for line in lines]
            done = propose_briefing(
                actor=world.owner, base=base, changes={"goals": goals}, classes={"goals": InfoClass.SHARED}
            )
            if done.proposal:
                agree_briefing(
                    actor=world.actor(Role.AGENCY_MANAGER),
                    proposal_id=done.proposal.pk,
                    seen_digest=done.proposal.digest,
                )


@dataclass(frozen=True)
class Goals:
    """What the figures of one period are held against, and whether that period is over."""

    aims: dict[str, Aim]
    is_over: bool

    def told(self, key: str, value: int | None) -> tuple[int | None, str | None, str | None]:
        """Number, side, and whether it is reached; nothing at all for a figure without a goal."""
        if key not in self.aims:
            return None, None, None
        number, direction = self.aims[key]
        if value is None:
            return number, direction, "not_measurable"
        if not self.is_over:
            return number, direction, "under_way"
        return number, direction, "yes" if (value >= number if direction == "at_least" else value <= number) else "no"


def goals_of(world: World, period: Period, now: datetime) -> Goals:
    """Of the versions that were agreed before the period's end, the newest says which figures have a goal."""
    end = datetime.combine(period.end + timedelta(days=1), datetime.min.time(), ZoneInfo(period.zone))
    versions = _versions(world, end)
    aims: dict[str, Aim] = {}
    for key in {line["figure"] for line in (versions[0] if versions else [])}:
        own, other = ("week", "month") if period.kind == "week" else ("month", "week")
        found = (
            _number(line, key, period) for per in (own, other) for line in _lines(versions, key, per, period.start)
        )
        aims.update((key, aim) for aim in [next((one for one in found if one), None)] if aim)
    return Goals(aims, now >= end)


def _versions(world: World, end: datetime) -> list[list[dict[str, str]]]:
    statement = (
        "SELECT v.sections->'goals', m.info_class FROM {s}.briefings_briefingversion v LEFT JOIN {s}.briefings_briefingsection m"
        " ON m.version_id = v.id AND m.section = 'goals' WHERE v.agreed_by_brand_at < %s ORDER BY v.number DESC"
    )
    with connections[OWNER].cursor() as cursor:
        cursor.execute(statement.format(s=f'"{world.brand.schema_name}"'), [end])
        return [_parsed(goals) if mark in {"public", "shared"} else [] for goals, mark in cursor.fetchall()]


def _parsed(goals: Any) -> list[dict[str, str]]:
    return list(json.loads(goals) if isinstance(goals, str) else goals or [])


def _lines(versions: list[list[dict[str, str]]], key: str, per: str, first_day: date) -> Iterator[dict[str, str]]:
    """The line that counts, if one does: the latest day that has come, in the newest version where one has."""
    for version in versions:
        mine = [line for line in version if (line["figure"], line["per"]) == (key, per)]
        begun = [line for line in mine if line["since"] <= first_day.isoformat()]
        if begun:
            yield max(begun, key=lambda line: line["since"])
        if begun or not mine:
            return


def _number(line: dict[str, str], key: str, period: Period) -> Aim | None:
    value, direction, code = int(line["value"]), line["direction"], key.partition(";")[0]
    if period.kind == line["per"] or code not in (*SUMS, *PEOPLE):
        return value, direction
    if code in PEOPLE:
        return None
    days = [period.start + timedelta(days=n) for n in range((period.end - period.start).days + 1)]
    exact = value * sum(Fraction(1, 7 if line["per"] == "week" else monthrange(one.year, one.month)[1]) for one in days)
    return (ceil(exact) if direction == "at_least" else floor(exact)), direction
