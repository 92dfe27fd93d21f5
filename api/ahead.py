"""What a reading is known to ask before its key was looked up, as one question whose answer is JSON already.

A list or a row whose fields are all columns is told by PostgreSQL in the bytes that `orjson` would write, so that nothing is
parsed here only to be written again. What a field draws in Python, what has a class of its own (its line in the ledger stands in
the transaction of the reading) and what PostgreSQL would write otherwise is read the ordinary way. `tests/api/test_ahead.py`
holds both ways side by side for every resource.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import JSONField
from psycopg.sql import Literal

from tenants.walls.backend.together import Answer, Question

TYPES: dict[type, str] = {UUID: "uuid", datetime: "timestamptz", int: "bigint"}
"""How PostgreSQL calls what may change from one reading to the next."""
_PLAIN = frozenset(
    {
        "UUIDField",
        "CharField",
        "TextField",
        "SlugField",
        "URLField",
        "EmailField",
        "BooleanField",
        "JSONField",
        "DateField",
    }
    | {
        f"{size}{kind}"
        for size in ("", "Positive")
        for kind in ("IntegerField", "BigIntegerField", "SmallIntegerField")
    }
)
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Shape:
    """How an answer is laid out: the fields by name; behind them the columns of the ETag, and at last those of the order.

    A `page` is so many rows of a list, which has an order and tells no tag; 0 is one row by itself.
    """

    fields: tuple[str, ...]
    tags: int
    page: int = 0
    order: int = 0


@dataclass(frozen=True, slots=True)
class Ahead:
    """A question, which of the values goes to which of its places, and how the columns of the order are read."""

    question: Question
    places: tuple[int, ...]
    order: tuple[Callable[[str], Any], ...]

    def asked(self, values: Sequence[Any]) -> tuple[Question, list[Any]]:
        return self.question, [values[which] for which in self.places]

    def page(self, answer: Answer, most: int) -> "Page":
        """The answer to the question of a list."""
        told, ids, *last = answer[0]
        if told is None or ids is None:
            return Page(b"", [], None)
        rows, of = told.split(b"\n"), ids.decode().split(",")
        behind = None
        if len(rows) > most:
            behind = [read(one.decode()) for read, one in zip(self.order, last, strict=True) if one is not None]
        return Page(b",".join(rows[:most]), of[:most], behind)


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page as the members of a JSON array, their ids, and the values of the order that the next one is behind."""

    told: bytes
    ids: list[str]
    behind: list[Any] | None


_known: dict[Hashable, Ahead | None] = {}


def known(name: Hashable) -> Ahead | None:
    """The question of this name; None where there is none, or none yet."""
    return _known.get(name)


def is_new(name: Hashable) -> bool:
    return name not in _known


def keep(name: Hashable, one: Ahead | None) -> None:
    if len(_known) >= _MOST:
        _known.clear()
    _known[name] = one


def forget() -> None:
    _known.clear()


def ahead_of(
    compiler: Any,
    sql: str,
    params: Sequence[Any],
    places: Sequence[tuple[int, int]],
    types: Sequence[type],
    shape: Shape,
) -> Ahead | None:
    """The question that asks what Django has written, in JSON. Its columns: the id, the fields, tags, a class, the order.

    `places` are (place among the parameters, which value). None for what PostgreSQL would not write as we do.
    """
    columns = [one[0] for one in compiler.select[: compiler.col_count]]
    as_json = [_as_json(f"s.c{at}", column) for at, column in enumerate(columns)]
    order = [_READ.get(column.output_field.get_internal_type()) for column in columns[len(columns) - shape.order :]]
    converters = compiler.get_converters(columns)
    if None in as_json or None in order or any(_changes(one) for found, _ in converters.values() for one in found):
        return None
    which = dict(places)
    pieces = ["%s" if place in which else _literal(param) for place, param in enumerate(params)]
    inner = sql.replace("%%", "%%%%") % tuple(pieces)
    asked = _page_of(inner, as_json, shape) if shape.page else _row_of(inner, as_json, shape)
    question = Question(asked, tuple(TYPES[types[which[place]]] for place in sorted(which)))
    return Ahead(question, tuple(which[place] for place in sorted(which)), tuple(order))  # type: ignore[arg-type]


def _row_of(inner: str, as_json: Sequence[Any], shape: Shape) -> str:
    """One row: as it is told, its id, the values of its tag."""
    at = 1 + len(shape.fields)
    tags = "".join(f", to_json({one})::text" for one in as_json[at : at + shape.tags])
    return f"SELECT row_to_json(t)::text, s.c0::text{tags} FROM {_told(inner, as_json, shape)}"  # noqa: S608  names of ours


def _page_of(inner: str, as_json: Sequence[Any], shape: Shape) -> str:
    """All rows as one, which costs a third less than one by one: no JSON has a line's end in it. The order of the last told."""
    order = range(len(as_json) - shape.order, len(as_json))
    row = ", ".join(["row_to_json(t)::text AS told", "s.c0", *(f"s.c{at}" for at in order)])
    last = "".join(f", (array_agg(c{at}))[{shape.page}]::text" for at in order)
    rows = f"SELECT {row} FROM {_told(inner, as_json, shape)}"  # noqa: S608
    return f"SELECT string_agg(told, E'\\n'), string_agg(c0::text, ','){last} FROM ({rows}) x"  # noqa: S608


def _told(inner: str, as_json: Sequence[Any], shape: Shape) -> str:
    told = ", ".join(f'{as_json[1 + n]} AS "{name}"' for n, name in enumerate(shape.fields))
    names = ", ".join(f"c{n}" for n in range(len(as_json)))
    return f"({inner}) s({names}), LATERAL (SELECT {told}) t"


def _as_json(name: str, column: Any) -> str | None:
    """What `row_to_json` writes as `orjson` would the value that we read; None where it would not."""
    kind = column.output_field.get_internal_type()
    if (
        kind == "DateTimeField"
    ):  # PostgreSQL leaves noughts out at the end of a second's parts, where Python writes six digits
        whole, part = ("""'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'""", """'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'""")
        parts = f"date_part('microseconds', {name})::int"
        said = f"CASE WHEN {parts} %% 1000000 = 0 THEN {whole} ELSE {part} END"
        said = f"to_json(to_char({name} AT TIME ZONE 'UTC', {said}))"
        return f"CASE WHEN {parts} %% 10 <> 0 THEN to_json({name}) ELSE {said} END"
    return name if kind in _PLAIN else None


def _changes(converter: Any) -> bool:
    """Whether a value is made into another one on its way: only what reads plain JSON is none."""
    of = getattr(converter, "__self__", None)
    return not (isinstance(of, JSONField) and of.decoder is None)


def _literal(param: Any) -> str:
    return Literal(param).as_string(connection.connection).replace("%", "%%")


_READ: dict[str, Callable[[str], Any]] = {
    "DateTimeField": datetime.fromisoformat,
    "UUIDField": UUID,
    "CharField": str,
    "IntegerField": int,
    "BigIntegerField": int,
    "PositiveIntegerField": int,
}
