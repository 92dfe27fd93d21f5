"""Filters that most lists have, and the types of what is told that nobody may write."""

from typing import Any

from api.inputs import Anything, Flag, Moment, Text, Type
from api.resource import Filter, Rows

WORDS = Anything({"type": "string"})
"""A text of any length, as it is told."""
WORD = Text(200)
"""A text to filter by."""
NUMBER = Anything({"type": "integer"})
DIGEST = Anything({"type": "string", "pattern": "^([0-9a-f]{64})?$"})


def listed(of: Type) -> Type:
    """A list of such values, of any length."""
    return Anything({"type": "array", "items": of.schema()})


def equal(name: str, of: Type, column: str = "", about: str = "") -> Filter:
    """Rows whose column (called like the parameter, without another name) has this value."""
    return Filter(name, of, lambda rows, value: rows.filter(**{column or name: value}), about)


def since(column: str, name: str = "since") -> Filter:
    """Rows from this moment on."""
    return Filter(
        name, Moment(), lambda rows, value: rows.filter(**{f"{column}__gte": value}), "From this moment on.", (column,)
    )


def until(column: str, name: str = "until") -> Filter:
    """Rows before this moment."""
    return Filter(
        name, Moment(), lambda rows, value: rows.filter(**{f"{column}__lt": value}), "Before this moment.", (column,)
    )


def given(name: str, column: str, about: str = "") -> Filter:
    """Rows that have, or have not, a value in a column that may be empty."""

    def narrow(rows: Rows, value: Any) -> Rows:
        return rows.filter(**{f"{column}__isnull": not value})

    return Filter(name, Flag(), narrow, about, (column,))
