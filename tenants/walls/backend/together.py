"""Several statements of one brand in one message to the server, for doors where each round trip is felt.

A small request spends more on its round trips and on the planning of its statements than on what it asks. So what is known
ahead is sent together: the beginning of the transaction, where it stands, the questions, its end. What comes back often is
prepared, by its text and in its brand; behind a pooler, where a session is nobody's, nothing is.

INVARIANT: the server is settled in the brand first, by the same words as everywhere, in the same transaction; the guard has seen
every statement by itself; values are bound by psycopg, as literals of their type.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import orjson
import psycopg
from psycopg import generators, pq
from psycopg import sql as psycopg_sql
from psycopg.types.json import Jsonb

from tenants.brandref import BrandRef
from tenants.limits import statement_seconds
from tenants.pooler import is_pooled
from tenants.walls.guard import refuse_or_pass
from tenants.walls.place import CrossBrand

SETTLE = "SELECT set_config('search_path', %s, true), set_config('role', %s, true), set_config('statement_timeout', %s, true)"
_SETTLE = "SET LOCAL search_path TO {}; SET LOCAL role TO {}; SET LOCAL statement_timeout TO {}"
"""The same in half the time, for a SELECT is planned and its row sent. Where values are to be bound, only the first will do."""
Answer = list[tuple[bytes | None, ...]]
"""Rows as the server wrote them, in text."""
MOST_PREPARED = 100
"""Of one connection: each keeps its plan in the server's memory. The one that was not asked for longest makes room."""
_MOST_SEEN = 2_000
_UNKNOWN = object()  # after a savepoint rollback only the server knows
_OWN = ("BEGIN READ ONLY", "COMMIT", "ROLLBACK")
_INNER = ("SAVEPOINT together", "RELEASE SAVEPOINT together", "ROLLBACK TO SAVEPOINT together")


@dataclass(frozen=True, slots=True)
class Question:
    """SQL with `%s` for each value (every other % is doubled), and the PostgreSQL type of each. `tells`: it has rows to tell."""

    sql: str
    types: tuple[str, ...] = ()
    tells: bool = True

    def spelled(self, values: Sequence[str]) -> str:
        """With these literals in their places."""
        return self.sql % tuple(f"{value}::{kind}" for value, kind in zip(values, self.types, strict=True))

    def prepared(self, name: str) -> str:
        kinds = f" ({', '.join(self.types)})" if self.types else ""
        return f"PREPARE {name}{kinds} AS {self.sql % tuple(f'${at + 1}' for at in range(len(self.types)))}"


Told = Callable[[Answer], None]


class Later(NamedTuple):
    """What was written and is sent with the next message, and who wants to know what came back."""

    question: Question
    values: Sequence[Any]
    told: Told | None


class Together:
    """The part of a walled connection that asks several questions at once."""

    if TYPE_CHECKING:
        connection: Any
        in_atomic_block: bool
        frames: list[Any]
        queries_logged: bool
        queries_log: Any
        wrap_database_errors: Any

        @property
        def brand(self) -> BrandRef | None: ...
        def ensure_connection(self) -> None: ...
        def close_if_health_check_failed(self) -> None: ...

    _settled: object = None
    gathers: bool = False
    """Inside `gathering`: what is only written waits for the next question, or for the end."""
    waits_in: BrandRef | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.later: list[Later] = []

    def write_together(self, brand: BrandRef, asked: Sequence[Later]) -> None:
        """Statements that write, in this brand's scope: at once, or with whatever the transaction sends next.

        INVARIANT: nothing else is sent before them, so whoever reads finds what they wrote; an error of theirs is met there, or
        when the transaction ends. A rollback forgets them.
        """
        if self.gathers and all(frame.brand == brand for frame in self.frames):
            for one in asked:
                refuse_or_pass(one.question.sql, in_brand=True)
            self.later += asked
            self.waits_in = brand
            return
        answers = self.ask_together(brand, [(one.question, one.values) for one in asked])
        _hand_out(asked, answers)

    def send_waiting(self, *, last: bool = False) -> None:
        """What waits, now; `last` with the end of the transaction behind it."""
        if self.later and self.waits_in is not None:
            waiting, self.later = self.later, []
            with self.wrap_database_errors:
                answers = self._asked(self.waits_in, [(one.question, one.values) for one in waiting], last=last)
            _hand_out(waiting, answers)

    def ask_together(self, brand: BrandRef, asked: Sequence[tuple[Question, Sequence[Any]]]) -> list[Answer]:
        """The rows of each question, in one round trip.

        Inside the brand's scope they belong to its transaction. Outside every scope they are a transaction of their own, which
        reads and cannot write. Raises CrossBrand inside another brand.
        """
        if self.brand is not None and self.brand != brand:
            raise CrossBrand("asked_of_another_brand")
        for question, _ in asked:
            refuse_or_pass(question.sql, in_brand=True)
        self.close_if_health_check_failed()
        self.ensure_connection()
        if self.brand is None:
            self.send_waiting()
        waiting, self.later = self.later, []
        with self.wrap_database_errors:
            answers = self._asked(brand, [*((one.question, one.values) for one in waiting), *asked])
        return _hand_out(waiting, answers)

    def _asked(
        self, brand: BrandRef, asked: Sequence[tuple[Question, Sequence[Any]]], *, last: bool = False
    ) -> list[Answer]:
        raw, place = self.connection, place_and_limit(brand)
        kept = _Kept.of(raw)
        said = [part for question, values in asked for part in kept.said(raw, brand, question, values)]
        begin, end, undo = _around(last, self.brand is not None, self.in_atomic_block)
        if begin != _OWN[0] and raw.pgconn.transaction_status == pq.TransactionStatus.IDLE:
            begin = (
                f"BEGIN; {begin}" if begin else "BEGIN"
            )  # psycopg would send it alone, with the first statement of a block
        is_settled = self._settled == place and (last or self.brand is not None)
        settling = "" if is_settled else _settling(place)
        self._settled = _UNKNOWN if self.in_atomic_block else None
        try:
            found = _sent(raw, "; ".join(part for part in (begin, settling, *said, end) if part), undo)
        except psycopg.Error:
            kept.distrust(said)
            raise
        if self.in_atomic_block and not last:
            self._settled = place
        if self.queries_logged:
            self.queries_log.append({"sql": "; ".join(said), "time": "0"})
        return found


def _around(last: bool, is_inside: bool, is_open: bool) -> tuple[str, str, str]:
    """What stands before the questions, behind them, and what undoes it."""
    if last:
        return "", "COMMIT", ""
    return ("", "", "") if is_inside else _INNER if is_open else _OWN


def _hand_out(waited: Sequence[Later], answers: list[Answer]) -> list[Answer]:
    """To each who wanted to know; the answers behind those."""
    telling = [one for one in waited if one.question.tells]
    for one, rows in zip(telling, answers, strict=False):
        if one.told is not None:
            one.told(rows)
    return answers[len(telling) :]


class _Kept:
    """What one connection has prepared, by brand and question."""

    def __init__(self, may: bool) -> None:
        self.may, self.made = may, 0
        self.names: dict[tuple[str, Question], str] = {}
        self.seen: set[tuple[str, Question]] = set()

    @classmethod
    def of(cls, raw: Any) -> "_Kept":
        """A connection's own, which ends with it."""
        kept: _Kept | None = getattr(raw, "kept", None)
        if kept is None:
            kept = raw.kept = cls(may=not is_pooled(raw))
        return kept

    def said(self, raw: Any, brand: BrandRef, question: Question, values: Sequence[Any]) -> list[str]:
        """The statement, from its second time on by a name of its own."""
        literals = [_literal(raw, value) for value in values]
        what = (brand.schema_name, question)
        if name := self.names.pop(what, ""):
            self.names[what] = name  # the newest again
            return [_executed(name, literals)]
        if what not in self.seen or not self.may:
            if len(self.seen) >= _MOST_SEEN:
                self.seen.clear()
            self.seen.add(what)
            return [question.spelled(literals)]
        gone = [f"DEALLOCATE {self.names.pop(next(iter(self.names)))}"] if len(self.names) >= MOST_PREPARED else []
        self.made += 1
        self.names[what] = name = f"together_{self.made}"
        return [*gone, question.prepared(name), _executed(name, literals)]

    def distrust(self, said: Sequence[str]) -> None:
        """The message failed somewhere: nobody knows which of its names there are. Nothing is prepared here any more."""
        if any(one.startswith(("PREPARE", "DEALLOCATE")) for one in said):
            self.may = False
            self.names.clear()


def _sent(raw: Any, message: str, undo: str) -> list[Answer]:
    with raw.lock:
        try:
            raw.pgconn.send_query(message.encode())
            results = raw.wait(generators.execute(raw.pgconn))
            if failed := next((one for one in results if one.status == pq.ExecStatus.FATAL_ERROR), None):
                raise psycopg.errors.error_from_result(failed)
        except psycopg.Error:
            if undo and raw.pgconn.status == pq.ConnStatus.OK:
                raw.pgconn.exec_(undo.encode())
            raise
    return [_rows(one) for one in results if one.status == pq.ExecStatus.TUPLES_OK]


def _rows(result: Any) -> Answer:
    columns = range(result.nfields)
    return [tuple(result.get_value(row, column) for column in columns) for row in range(result.ntuples)]


def place_and_limit(brand: BrandRef | None) -> tuple[str, str, str]:
    """Search path, role and time limit of a place."""
    seconds = f"{statement_seconds(brand)}s"
    return (
        (f"{brand.schema_name}, public, pg_temp", brand.role_name, seconds)
        if brand
        else ("public, pg_temp", "none", seconds)
    )


@lru_cache(maxsize=2048)
def _settling(place: tuple[str, str, str]) -> str:
    path, role, seconds = place
    literals = [psycopg_sql.Literal(one).as_string(None) for one in (*path.split(", "), role, seconds)]
    return _SETTLE.format(", ".join(literals[:-2]), *literals[-2:])


def _literal(raw: Any, value: Any) -> str:
    """As psycopg writes it, at a tenth of the time for what needs no care: its type is said beside it."""
    if write := _WRITTEN.get(type(value)):
        return write(value)
    if isinstance(value, str):  # one of our enums: its text
        return _quoted(str.__str__(value))
    if isinstance(value, Jsonb) and (text := _json(value.obj)) is not None:
        return _quoted(text)
    return psycopg_sql.Literal(value).as_string(raw)


def _quoted(text: str) -> str:
    """As libpq quotes what comes in UTF-8; a NUL no text of PostgreSQL can hold."""
    if not _CAREFUL.search(text):
        return f"'{text}'"
    if "\0" in text:
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    doubled = text.replace("'", "''")
    return " E'" + doubled.replace("\\", "\\\\") + "'" if "\\" in text else f"'{doubled}'"


def _json(value: Any) -> str | None:
    """None for what only `json` of Python writes."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return None


def _bare(value: Any) -> str:
    return f"'{value}'"


_CAREFUL = re.compile(r"['\\\0]")
_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: _quoted,
    UUID: _bare,
    int: _bare,
    datetime: _bare,
    bool: _bare,
    bytes: lambda value: f"decode('{value.hex()}', 'hex')",
    type(None): lambda _: "NULL",
}


def _executed(name: str, literals: Sequence[str]) -> str:
    return f"EXECUTE {name}({', '.join(literals)})" if literals else f"EXECUTE {name}"
