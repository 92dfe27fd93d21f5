"""The lines of a charter as a form shows them, and back again.

INVARIANT: a line that nobody touched reads as the grant that it was: what the form cannot show it must not change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from clients.autonomy.grant import MINUTES_A_DAY
from portal.times import clock_of
from portal.wording import WEEKDAYS

FIELDS = ("channel", "kind", "sensitivity", "level", "start", "end", "daily_cap", "until")
EVERY_DAY = "0123456"
SPARE_LINES = 3
MOST_LINES = 2000

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form. `wrong` names its field that was refused; `limited` opens the part with the limits."""

    number: int
    values: Typed
    days: tuple[tuple[str, str, bool], ...]
    wrong: str
    limited: bool


def lines_of(typed: Iterable[Typed], wrong: str) -> list[Line]:
    """The lines and a few empty ones. `wrong`: the path of the refused field, like 'grants.3.level'."""
    empty: Typed = {"days": EVERY_DAY}
    return [_line(n, values, wrong) for n, values in enumerate([*typed, *([empty] * SPARE_LINES)])]


def typed_in(posted: QueryDict) -> list[Typed]:
    """The lines with a level; one whose level is emptied is taken out."""
    counted = posted.get("count", "")
    count = min(int(counted), MOST_LINES) if counted.isdecimal() and len(counted) < 9 else 0
    lines = [
        {name: posted.get(f"{name}-{n}", "") for name in FIELDS} | {"days": "".join(posted.getlist(f"days-{n}"))}
        for n in range(count)
    ]
    return [line for line in lines if line["level"]]


def draft_from(line: Typed) -> dict[str, Any]:
    """What was typed as a draft, of which nothing is believed yet."""
    kept = {name: line[name] for name in ("channel", "kind", "sensitivity", "level")}
    return kept | {"hours": _hours(line), "daily_cap": line["daily_cap"] or None, "until": line["until"] or None}


def typed_from(draft: Mapping[str, Any]) -> Typed:
    """A draft as a person would have typed it."""
    hours = draft["hours"]
    return {
        **{name: str(draft[name]) for name in ("channel", "kind", "sensitivity", "level")},
        "start": f"{clock_of(hours['start']):0>5}" if hours else "",
        "end": f"{clock_of(hours['end'] % MINUTES_A_DAY):0>5}" if hours else "",
        "days": "".join(str(day) for day in hours["weekdays"]) if hours else EVERY_DAY,
        "daily_cap": str(draft["daily_cap"] or ""),
        "until": draft["until"] or "",
    }


def _line(number: int, values: Typed, wrong: str) -> Line:
    mine, _dot, field = wrong.removeprefix("grants.").partition(".")
    here = field or "channel" if mine == str(number) and wrong.startswith("grants.") else ""
    days = tuple((day, str(name), day in values["days"]) for day, name in WEEKDAYS.items())
    limits = any(values.get(name) for name in ("start", "end", "daily_cap", "until"))
    limited = (
        limits or set(values["days"]) != set(EVERY_DAY) or here.partition(".")[0] in {"hours", "daily_cap", "until"}
    )
    return Line(number, values, days, here, limited)


def _hours(line: Typed) -> dict[str, Any] | None:
    if not (line["start"] or line["end"]) and set(line["days"]) == set(EVERY_DAY):
        return None
    # A clock has no 24:00: an end at midnight is the end of the day.
    end = _minutes(line["end"]) or MINUTES_A_DAY
    return {"start": _minutes(line["start"]), "end": end, "weekdays": list(line["days"])}


def _minutes(clock: str) -> int | str:
    hours, _sign, minutes = (clock or "0:0").partition(":")
    typed = hours.isdecimal() and minutes.isdecimal() and len(clock) <= len("00:00:00")
    return int(hours) * 60 + int(minutes) if typed else clock
