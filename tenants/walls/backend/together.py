"""Several statements of one brand in one message to the server, for doors where each round trip is felt.

A small request spends more on its round trips and on the planning of its statements than on what it asks. So what is known
ahead is sent together: the beginning of the transaction, where it stands, the questions, its end. What comes back often is
prepared, by its text and in its brand; behind a pooler, where a session is nobody's, nothing is.

INVARIANT: the server is settled in the brand first, by the same words as everywhere, in the same transaction; the guard has seen
every statement by itself; values are bound by psycopg, as literals of their type.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
from psycopg import generators, pq
from psycopg import sql as psycopg_sql

from tenants.brandref import BrandRef
from tenants.limits import statement_seconds
from tenants.pooler import is_pooled
from tenants.walls.guard import refuse_or_pass
from tenants.walls.place import CrossBrand

SETTLE = "SELECT set_config('search_path', %s, true), set_config('role', %s, true), set_config('statement_timeout', %s, true)"
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
    """SQL with `%s` for each value (every other % is doubled), and the PostgreSQL type of each."""

    sql: str
    types: tuple[str, ...] = ()

    def spelled(self, values: Sequence[str]) -> str:
        """With these literals in their places."""
        return self.sql % tuple(f"{value}::{kind}" for value, kind in zip(values, self.types, strict=True))

    def prepared(self, name: str) -> str:
        kinds = f" ({', '.join(self.types)})" if self.types else ""
        return f"PREPARE {name}{kinds} AS {self.sql % tuple(f'${at + 1}' for at in range(len(self.types)))}"


class Together:
    """The part of a walled connection that asks several questions at once."""

    if TYPE_CHECKING:
        connection: Any
        in_atomic_block: bool
        queries_logged: bool
        queries_log: Any
        wrap_database_errors: Any

        @property
        def brand(self) -> BrandRef | None: ...
        def ensure_connection(self) -> None: ...
        def close_if_health_check_failed(self) -> None: ...

    _settled: object = None

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
        with self.wrap_database_errors:
            return self._asked(brand, asked)

    def _asked(self, brand: BrandRef, asked: Sequence[tuple[Question, Sequence[Any]]]) -> list[Answer]:
        raw, place = self.connection, place_and_limit(brand)
        kept = _Kept.of(raw)
        said = [part for question, values in asked for part in kept.said(raw, brand, question, values)]
        begin, end, undo = ("", "", "") if self.brand is not None else _INNER if self.in_atomic_block else _OWN
        if begin != _OWN[0] and raw.pgconn.transaction_status == pq.TransactionStatus.IDLE:
            begin = (
                f"BEGIN; {begin}" if begin else "BEGIN"
            )  # psycopg would send it alone, with the first statement of a block
        settling = [] if self.brand is not None and self._settled == place else [_settling(place)]
        self._settled = _UNKNOWN if self.in_atomic_block else None
        try:
            found = _sent(raw, "; ".join(part for part in (begin, *settling, *said, end) if part), undo)
        except psycopg.Error:
            kept.distrust(said)
            raise
        if self.in_atomic_block:
            self._settled = place
        if self.queries_logged:
            self.queries_log.append({"sql": "; ".join(said), "time": "0"})
        return found[len(settling) :]


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
    return SETTLE % tuple(psycopg_sql.Literal(one).as_string(None) for one in place)


def _literal(raw: Any, value: Any) -> str:
    """As psycopg writes it, at a tenth of the time for what needs no care: its type is said beside it."""
    kind = type(value)
    if value is None:
        return "NULL"
    if kind is UUID or kind is int or kind is datetime or (kind is str and not _CAREFUL.search(value)):
        return f"'{value}'"
    return psycopg_sql.Literal(value).as_string(raw)


_CAREFUL = re.compile(r"['\\\0]")


def _executed(name: str, literals: Sequence[str]) -> str:
    return f"EXECUTE {name}({', '.join(literals)})" if literals else f"EXECUTE {name}"
