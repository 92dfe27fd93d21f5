"""Statements that are written once: the SQL of a steady list or row is kept, and asked again with other values.

Django takes longer to write a statement than the server to answer it, and a program asks the same one all day. Kept is what the
ORM itself wrote, under everything that it was written from: brand, person, role, class, fields, filters. What changes from one
reading to the next (an id, a cursor) goes in as a parameter. INVARIANT: a statement is only asked inside the brand it was written
in, and the doors of `clients` are passed on every request: nothing is remembered about what somebody may.
"""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import randbelow
from typing import Any
from uuid import UUID, uuid4

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import JSONField

from api import ahead
from api.resource import Rows

Row = tuple[Any, ...]
MOST = 2_000
_MARKS = 8


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL, its parameters, and at which of their places which value goes; how each column is read."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]
    readers: tuple[tuple[int, tuple[Callable[[Any], Any], ...]], ...]

    def rows(self, values: Sequence[Any]) -> list[Row]:
        params = list(self.params)
        for place, which in self.places:
            params[place] = values[which]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchall()
        return [self._read(row) for row in found] if self.readers else found

    def _read(self, row: Row) -> Row:
        values = list(row)
        for at, readers in self.readers:
            for reader in readers:
                values[at] = reader(values[at])
        return tuple(values)


_kept: dict[Hashable, Statement] = {}


def rows_of(
    name: Hashable | None,
    build: Callable[..., Rows],
    values: Sequence[Any] = (),
    *,
    as_text: Collection[int] = (),
    shape: ahead.Shape | None = None,
) -> list[Row]:
    """The rows of `build(*values)`, a queryset of `values_list`. `name` holds all that `build` depends on besides the values.

    Without a name, or with values that no mark can stand for, Django writes it anew. JSON columns at `as_text` come as fragments
    that `orjson` copies into an answer. With a `shape` the question is kept, too, that asks for the same as JSON (`ahead_of`).
    """
    marks = _marks_for(values)
    if name is None or marks is None:
        return list(build(*values))
    kind = (name, tuple(map(type, values)), tuple(as_text))
    statement = _kept.get(kind)
    if statement is None:
        statement = _written(build(*marks), marks, as_text, (name_of(name, values), shape) if shape else None)
        if statement is None:
            return list(build(*values))
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[kind] = statement
    return statement.rows(values)


def name_of(name: Hashable, values: Sequence[Any]) -> Hashable:
    """Of the question for values of these types: `ahead.known`."""
    return name, tuple(map(type, values))


_OF_TYPE: dict[type, tuple[Any, ...]] = {
    UUID: tuple(uuid4() for _ in range(_MARKS)),
    datetime: tuple(datetime(4711, 1, 1 + n, microsecond=randbelow(1_000_000), tzinfo=UTC) for n in range(_MARKS)),
    int: tuple(1_000_000_000 + n * 10_000_000 + randbelow(10_000_000) for n in range(_MARKS)),
}


def _marks_for(values: Sequence[Any]) -> list[Any] | None:
    """Values of the same types that nothing else has: where they stand in the parameters, the real ones will."""
    if len(values) > _MARKS or not all(type(value) in _OF_TYPE for value in values):
        return None
    return [_OF_TYPE[type(value)][at] for at, value in enumerate(values)]


def _written(
    rows: Rows, marks: Sequence[Any], as_text: Collection[int], told: tuple[Hashable, ahead.Shape] | None
) -> Statement | None:
    """What Django writes; None for what has no rows in any case, and where a mark was not found again."""
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    places = tuple(
        (place, which)
        for place, param in enumerate(params)
        for which, mark in enumerate(marks)
        if type(param) is type(mark) and param == mark
    )
    if {which for _, which in places} != set(range(len(marks))):
        return None
    if told:
        name, shape = told
        ahead.keep(name, ahead.ahead_of(compiler, sql, params, places, [type(mark) for mark in marks], shape))
    columns = [one[0] for one in compiler.select[: compiler.col_count]]
    return Statement(sql, tuple(params), places, _readers(compiler.get_converters(columns), as_text))


def _readers(
    converters: dict[int, tuple[list[Any], Any]], as_text: Collection[int]
) -> tuple[tuple[int, tuple[Callable[[Any], Any], ...]], ...]:
    def reader(at: int, converter: Any, expression: Any) -> Callable[[Any], Any]:
        field = getattr(converter, "__self__", None)
        if isinstance(field, JSONField) and field.decoder is None:
            return _fragment if at in as_text else _json
        return lambda value: converter(value, expression, connection)

    return tuple((at, tuple(reader(at, one, of) for one in found)) for at, (found, of) in converters.items())


def _json(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value


def _fragment(value: Any) -> Any:
    return orjson.Fragment(value.encode()) if isinstance(value, str) else value
