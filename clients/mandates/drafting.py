"""From what somebody wrote (a form, an API call) to grants, or to errors that name the field.  Pure.

A draft is a list of plain mappings; nothing in it is believed. Errors are collected, not raised, so that a person sees all of
them at once; `field` is the path of the value, like `grants.3.level`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.autonomy.grant import ANY, EVERY_DAY, MINUTES_A_DAY, Grant, Hours
from clients.autonomy.levels import IRREVERSIBLE_CEILING, Level
from clients.autonomy.vocabulary import IRREVERSIBLE, ActionKind, Sensitivity

Draft = Mapping[str, Any]
MOST_GRANTS = 2000
"""More lines than anybody could have meant to sign: every cell of forty channels, one by one."""
HIGHEST_CAP = 100_000


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong, where, and the values to word it with."""

    field: str
    code: str
    facts: Mapping[str, object]


class _Wrong(Exception):
    def __init__(self, field: str, code: str, **facts: object) -> None:
        super().__init__(code)
        self.field, self.code, self.facts = field, code, facts


def validate_grants(
    drafts: Sequence[Draft], known_channels: Collection[str], since: date | None = None
) -> list[FieldError]:
    """All that is wrong with a draft; empty when it can be proposed. `since` is the mandate's first day."""
    return read_grants(drafts, known_channels, since)[1]


def read_grants(
    drafts: Sequence[Draft], known_channels: Collection[str], since: date | None = None
) -> tuple[tuple[Grant, ...], list[FieldError]]:
    """The grants in a draft, and what is wrong with the others.

    A draft line has channel, kind, sensitivity, level and, where wanted, hours ({start, end, weekdays} in minutes and
    Monday = 0), daily_cap, until (a date, or its ISO text). Channel and kind may be '' or absent: any.
    """
    if len(drafts) > MOST_GRANTS:
        return (), [FieldError("grants", "too_many_grants", {"most": MOST_GRANTS})]
    grants: list[Grant] = []
    errors: list[FieldError] = []
    lines: dict[str, int] = {}
    for number, draft in enumerate(drafts):
        grant, wrong = _read(draft, known_channels, since)
        errors += [FieldError(f"grants.{number}{w.field and '.'}{w.field}", w.code, w.facts) for w in wrong]
        if grant is None:
            continue
        if grant.key in lines:
            errors.append(FieldError(f"grants.{number}", "overlapping_grants", {"with": lines[grant.key]}))
        lines.setdefault(grant.key, number)
        grants.append(grant)
    return tuple(grants), errors


def draft_of(grant: Grant) -> dict[str, Any]:
    """The draft that reads as this grant: what a form is filled with, and what a digest is taken of."""
    hours = grant.hours
    return {
        "channel": grant.channel,
        "kind": str(grant.kind),
        "sensitivity": str(grant.sensitivity),
        "level": int(grant.level),
        "hours": {"start": hours.start, "end": hours.end, "weekdays": sorted(hours.weekdays)} if hours else None,
        "daily_cap": grant.daily_cap,
        "until": grant.until.isoformat() if grant.until else None,
    }


def _read(draft: object, known: Collection[str], since: date | None) -> tuple[Grant | None, list[_Wrong]]:
    if not isinstance(draft, Mapping):
        return None, [_Wrong("", "not_a_grant")]
    wrong: list[_Wrong] = []
    values: dict[str, Any] = {}
    for name, read in READERS.items():
        try:
            values[name] = read(draft.get(name))
        except _Wrong as error:
            wrong.append(error)
    wrong += _misfits(values, known, since)
    wrong += [_Wrong(str(name), "unknown_field") for name in draft if name not in READERS]
    return (Grant(**values) if not wrong else None), wrong


def _misfits(values: Mapping[str, Any], known: Collection[str], since: date | None) -> list[_Wrong]:
    """What is wrong only in the light of the other values, or of the brand."""
    wrong = []
    channel, until = values.get("channel", ANY), values.get("until")
    if channel != ANY and channel not in known:
        wrong.append(_Wrong("channel", "unknown_channel", value=channel))
    if values.get("kind") in IRREVERSIBLE and values.get("level", Level.CLOSED) > IRREVERSIBLE_CEILING:
        wrong.append(_Wrong("level", "above_irreversible_ceiling", most=int(IRREVERSIBLE_CEILING)))
    if until is not None and since is not None and until < since:
        wrong.append(_Wrong("until", "end_before_start", start=since.isoformat()))
    return wrong


def _channel(value: Any) -> str:
    return ANY if value is None else str(value)


def _kind(value: Any) -> ActionKind | str:
    if value in (None, ANY):
        return ANY
    try:
        return ActionKind(value)
    except ValueError:
        raise _Wrong("kind", "unknown_kind", value=str(value)) from None


def _sensitivity(value: Any) -> Sensitivity:
    try:
        return Sensitivity(value)
    except ValueError:
        raise _Wrong("sensitivity", "unknown_sensitivity", value=str(value)) from None


def _whole(value: Any, field: str, code: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise _Wrong(field, code, value=str(value))
    try:
        return int(value)
    except ValueError:
        raise _Wrong(field, code, value=str(value)[:40]) from None


def _level(value: Any) -> Level:
    number = _whole(value, "level", "unknown_level")
    try:
        return Level(number)
    except ValueError:
        raise _Wrong("level", "unknown_level", value=number) from None


def _hours(value: Any) -> Hours | None:
    if value is None:
        return None
    if isinstance(value, Hours):
        value = {"start": value.start, "end": value.end, "weekdays": value.weekdays}
    if not isinstance(value, Mapping):
        raise _Wrong("hours", "not_hours")
    start = _minute(value.get("start", 0), "hours.start")
    end = _minute(value.get("end", MINUTES_A_DAY), "hours.end")
    if end < start:
        raise _Wrong("hours.end", "end_before_start", start=start)
    weekdays = _weekdays(value.get("weekdays", EVERY_DAY))
    if end == start or not weekdays:
        raise _Wrong("hours", "hours_empty")
    return Hours(start, end, weekdays)


def _minute(value: Any, field: str) -> int:
    minute = _whole(value, field, "not_a_minute")
    if not 0 <= minute <= MINUTES_A_DAY:
        raise _Wrong(field, "not_a_minute", value=minute)
    return minute


def _weekdays(value: Any) -> frozenset[int]:
    if isinstance(value, str | Mapping) or not isinstance(value, Collection):
        raise _Wrong("hours.weekdays", "unknown_weekday", value=str(value))
    days = frozenset(_whole(day, "hours.weekdays", "unknown_weekday") for day in value)
    if not days <= EVERY_DAY:
        raise _Wrong("hours.weekdays", "unknown_weekday", value=str(min(days - EVERY_DAY)))
    return days


def _daily_cap(value: Any) -> int | None:
    if value in (None, ""):
        return None
    cap = _whole(value, "daily_cap", "cap_below_one")
    if cap < 1:
        raise _Wrong("daily_cap", "cap_below_one", value=cap)
    if cap > HIGHEST_CAP:
        raise _Wrong("daily_cap", "cap_too_high", most=HIGHEST_CAP)
    return cap


def _until(value: Any) -> date | None:
    if value in (None, ""):
        return None
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise _Wrong("until", "not_a_date", value=str(value)[:40]) from None


READERS: dict[str, Callable[[Any], Any]] = {
    "channel": _channel,
    "kind": _kind,
    "sensitivity": _sensitivity,
    "level": _level,
    "hours": _hours,
    "daily_cap": _daily_cap,
    "until": _until,
}
