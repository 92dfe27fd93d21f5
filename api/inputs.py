"""What a caller may write, value by value: a type reads a decoded JSON value strictly, and says its own JSON Schema.

Nothing is converted by guess: "1" is no number, and 1 is no text. What is wrong is told at once, up to `MOST_FAULTS`, each
fault with its JSON Pointer. The schema that the documents show and the check that runs are the same object, so they cannot
differ.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import islice, takewhile
from typing import Any, Protocol
from uuid import UUID

LONGEST_TEXT = 100_000
MOST_IN_A_LIST = 1_000
MOST_FAULTS = 100
"""That one answer names; what is wrong beyond them is not looked for."""
FAR = 2**53 - 1
"""The largest whole number that every reader of JSON agrees on."""
_CLOCK = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]$")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (a JSON Pointer, or the name of a parameter), which code, and what words it."""

    at: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class Type(Protocol):
    """How one value is read and described."""

    def read(self, value: Any, at: str, faults: list[Fault]) -> Any: ...

    def schema(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Text:
    most: int = LONGEST_TEXT
    least: int = 0

    def read(self, value: Any, at: str, faults: list[Fault]) -> str:
        if not isinstance(value, str):
            return _wrong(faults, at, "text", "")
        if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in value):
            faults.append(Fault(at, "control_characters"))
        elif len(value) > self.most:
            faults.append(Fault(at, "text_too_long", {"most": self.most}))
        elif len(value) < self.least:
            faults.append(Fault(at, "text_too_short", {"least": self.least}))
        return value

    def schema(self) -> dict[str, Any]:
        least = {"minLength": self.least} if self.least else {}
        return {"type": "string", "maxLength": self.most, **least}


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a closed list."""

    words: type[StrEnum] | tuple[str, ...]

    def read(self, value: Any, at: str, faults: list[Fault]) -> str:
        if not isinstance(value, str):
            return _wrong(faults, at, "text", "")
        if value not in self.known:
            faults.append(Fault(at, "unknown_choice", {"known": ", ".join(self.known)}))
        return value

    @property
    def known(self) -> tuple[str, ...]:
        return tuple(map(str, self.words))

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.known)}


@dataclass(frozen=True, slots=True)
class Id:
    def read(self, value: Any, at: str, faults: list[Fault]) -> UUID | None:
        try:
            if isinstance(value, str) and len(value) == 36:
                return UUID(value)
        except ValueError:
            pass
        faults.append(Fault(at, "wrong_type", {"wanted": "uuid"}))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A time with its offset (RFC 3339). Ours are told in UTC."""

    def read(self, value: Any, at: str, faults: list[Fault]) -> datetime | None:
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
            if moment is not None and moment.utcoffset() is None:
                faults.append(Fault(at, "time_without_zone"))
                return None
            if moment is not None and "T" in value.upper():
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        faults.append(Fault(at, "wrong_type", {"wanted": "date-time"}))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True, slots=True)
class Day:
    def read(self, value: Any, at: str, faults: list[Fault]) -> date | None:
        try:
            if isinstance(value, str) and len(value) == 10:
                return date.fromisoformat(value)
        except ValueError:
            pass
        faults.append(Fault(at, "wrong_type", {"wanted": "date"}))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day on the brand's clock, as 08:30."""

    def read(self, value: Any, at: str, faults: list[Fault]) -> time | None:
        if isinstance(value, str) and _CLOCK.fullmatch(value):
            return time.fromisoformat(value)
        faults.append(Fault(at, "wrong_type", {"wanted": "HH:MM"}))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": _CLOCK.pattern, "examples": ["08:30"]}


@dataclass(frozen=True, slots=True)
class Whole:
    least: int = 0
    most: int = FAR

    def read(self, value: Any, at: str, faults: list[Fault]) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            return _wrong(faults, at, "integer", self.least)
        if not self.least <= value <= self.most:
            faults.append(Fault(at, "number_not_within", {"least": self.least, "most": self.most}))
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Flag:
    def read(self, value: Any, at: str, faults: list[Fault]) -> bool:
        return value if isinstance(value, bool) else _wrong(faults, at, "boolean", False)

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Maybe:
    """Or null."""

    of: Type

    def read(self, value: Any, at: str, faults: list[Fault]) -> Any:
        return None if value is None else self.of.read(value, at, faults)

    def schema(self) -> dict[str, Any]:
        inner = self.of.schema()
        if not isinstance(inner.get("type"), str):
            return {"anyOf": [inner, {"type": "null"}]}
        choices = {"enum": [*inner["enum"], None]} if "enum" in inner else {}
        return {**inner, "type": [inner["type"], "null"], **choices}


@dataclass(frozen=True, slots=True)
class ListOf:
    of: Type
    most: int = MOST_IN_A_LIST
    least: int = 0

    def read(self, value: Any, at: str, faults: list[Fault]) -> list[Any]:
        if not isinstance(value, list):
            return _wrong(faults, at, "array", [])
        if not self.least <= len(value) <= self.most:
            faults.append(Fault(at, "list_not_within", {"least": self.least, "most": self.most}))
            return []
        within = takewhile(lambda _: len(faults) < MOST_FAULTS, enumerate(value))
        return [self.of.read(one, f"{at}/{place}", faults) for place, one in within]

    def schema(self) -> dict[str, Any]:
        least = {"minItems": self.least} if self.least else {}
        return {"type": "array", "items": self.of.schema(), "maxItems": self.most, **least}


@dataclass(frozen=True, slots=True)
class MapOf:
    """Names that the caller chooses, each with a value of one type."""

    of: Type
    most: int = 100
    longest_name: int = 100

    def read(self, value: Any, at: str, faults: list[Fault]) -> dict[str, Any]:
        if not isinstance(value, dict):
            return _wrong(faults, at, "object", {})
        if len(value) > self.most:
            faults.append(Fault(at, "list_not_within", {"least": 0, "most": self.most}))
            return {}
        for name in value:
            Text(self.longest_name).read(name, pointer(at, name), faults)
        return {name: self.of.read(one, pointer(at, name), faults) for name, one in value.items()}

    def schema(self) -> dict[str, Any]:
        names = {"propertyNames": {"maxLength": self.longest_name}}
        return {"type": "object", "additionalProperties": self.of.schema(), "maxProperties": self.most, **names}


@dataclass(frozen=True, slots=True)
class Anything:
    """A value that is only told, never read: how a field is described whose shape is said elsewhere."""

    shape: Mapping[str, Any] = field(default_factory=dict)

    def read(self, value: Any, at: str, faults: list[Fault]) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return dict(self.shape)


@dataclass(frozen=True, slots=True)
class AnObject:
    """An object that is read later, by somebody who knows its names."""

    def read(self, value: Any, at: str, faults: list[Fault]) -> dict[str, Any]:
        return value if isinstance(value, dict) else _wrong(faults, at, "object", {})

    def schema(self) -> dict[str, Any]:
        return {"type": "object"}


@dataclass(frozen=True, slots=True)
class Input:
    """One named value of a body or of a query."""

    name: str
    type: Type
    required: bool = False
    default: Any = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """An object of exactly these names. What is not given stands under its default, unless `partial`."""

    inputs: tuple[Input, ...]
    partial: bool = False

    def read(self, value: Any, at: str, faults: list[Fault]) -> dict[str, Any]:
        if not isinstance(value, dict):
            return _wrong(faults, at, "object", {})
        known = {one.name: one for one in self.inputs}
        faults += [Fault(pointer(at, one.name), "field_missing") for one in self._missing(value)]
        unknown = islice((name for name in value if name not in known), max(MOST_FAULTS - len(faults), 0))
        faults += [Fault(pointer(at, name), "field_unknown", {"name": name[:80]}) for name in unknown]
        given = {
            name: one.type.read(value[name], pointer(at, name), faults) for name, one in known.items() if name in value
        }
        return given if self.partial else {one.name: one.default for one in self.inputs} | given

    def _missing(self, value: Mapping[str, Any]) -> Iterable[Input]:
        return (one for one in self.inputs if self._needs(one) and one.name not in value)

    def _needs(self, one: Input) -> bool:
        """Of a change, only what it is about is said."""
        return one.required and not self.partial

    def schema(self) -> dict[str, Any]:
        properties = {
            one.name: one.type.schema() | ({"description": one.about} if one.about else {}) for one in self.inputs
        }
        required = [one.name for one in self.inputs if self._needs(one)]
        return {"type": "object", "properties": properties, "additionalProperties": False} | (
            {"required": required} if required else {}
        )


def pointer(at: str, name: str) -> str:
    """One step further in a JSON Pointer (RFC 6901)."""
    return f"{at}/{name[:80].replace('~', '~0').replace('/', '~1')}"


def _wrong(faults: list[Fault], at: str, wanted: str, instead: Any) -> Any:
    faults.append(Fault(at, "wrong_type", {"wanted": wanted}))
    return instead
