"""Goals: what the brand wants a figure to be in a week or a month, as lines of its briefing. Pure.

What a figure counts is said above, in `reports.facts`: as it is loaded it names here those that may be a goal (`may_be_goal`).
A goal's number is a whole one of the figure's own unit (a count, minutes, hundredths of a percent), kept as text like every cell.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tenants.errors import Invalid

FIELD = "goals"
MOST = 999_999_999
Line = Mapping[str, str]


class Direction(StrEnum):
    """On which side of the number a figure is to be; the number itself is good either way."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class Per(StrEnum):
    """Of how long a stretch the number speaks."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Goal:
    """`figure`: its key, as 'acts.done' or 'clocks.in_time;clock=answer'. `since`: the first day of the first period it is for;
    None: whatever period was still under way when it was agreed.
    """

    figure: str
    direction: Direction
    value: int
    per: Per
    since: date | None = None


class Aim(NamedTuple):
    """A figure that may be a goal: the highest number it can have, and by which dimensions it may be told apart."""

    most: int
    opens: Callable[[dict[str, str]], bool]


_aims: dict[str, Aim] = {}


def may_be_goal(code: str, aim: Aim) -> None:
    """Declare a figure by the code of its definition."""
    _aims[code] = aim


def aim_of(key: str) -> Aim | None:
    """None for what is no figure, or none that takes a goal."""
    code, *parts = key.split(";")
    pairs = [part.partition("=") for part in parts]
    dimensions = {name: value for name, _, value in pairs}
    aim = _aims.get(code)
    return aim if aim and len(dimensions) == len(pairs) and aim.opens(dimensions) else None


def clean_goals(lines: Sequence[Line]) -> list[Line]:
    """Lines as they are kept. Raises Invalid with the cell as its field, as 'goals.0.value': 'goal_without_figure',
    'unknown_figure', 'goal_without_number', 'not_a_number', 'more_than_all', 'unknown_choice', 'not_a_date', 'goal_twice'.
    """
    done: list[Line] = []
    for place, line in enumerate(lines):
        clean = {column: CHECKS[column](f"{FIELD}.{place}.{column}", line) for column in CHECKS}
        if any(_names(clean) == _names(before) for before in done):
            raise Invalid("goal_twice", f"{FIELD}.{place}.figure")
        done.append(clean)
    return done


def goals_of(lines: Iterable[Line]) -> list[Goal]:
    """The goals among stored lines. A line out of which an erasure took a word is none any more."""
    return list(_readable(lines))


def _readable(lines: Iterable[Line]) -> Iterator[Goal]:
    for line in lines:
        try:
            since = date.fromisoformat(line["since"]) if line["since"] else None
            yield Goal(line["figure"], Direction(line["direction"]), int(line["value"]), Per(line["per"]), since)
        except ValueError:
            continue


def _names(line: Line) -> tuple[str, str, str]:
    return line["figure"], line["per"], line["since"]


def _figure(field: str, line: Line) -> str:
    if not line["figure"]:
        raise Invalid("goal_without_figure", field)
    if aim_of(line["figure"]) is None:
        raise Invalid("unknown_figure", field)
    return line["figure"]


def _value(field: str, line: Line) -> str:
    text, aim = line["value"], aim_of(line["figure"])
    if not text:
        raise Invalid("goal_without_number", field)
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(MOST)):
        raise Invalid("not_a_number", field)
    if aim is not None and int(text) > aim.most:
        raise Invalid("more_than_all", field)
    return str(int(text))


def _one_of(column: str, known: type[StrEnum]) -> Callable[[str, Line], str]:
    def check(field: str, line: Line) -> str:
        if line[column] not in set(known):
            raise Invalid("unknown_choice", field)
        return line[column]

    return check


def _since(field: str, line: Line) -> str:
    try:
        return date.fromisoformat(line["since"]).isoformat() if line["since"] else ""
    except ValueError as bad:
        raise Invalid("not_a_date", field) from bad


CHECKS: dict[str, Callable[[str, Line], str]] = {
    "figure": _figure,
    "direction": _one_of("direction", Direction),
    "value": _value,
    "per": _one_of("per", Per),
    "since": _since,
}
