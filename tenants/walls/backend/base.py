"""The database backend: search path and role are set together, local to the transaction, just before a statement needs them.

Outside a transaction a connection is the login role on `public`, which has no right on any brand's schema. Because nothing
but transaction-local settings are ever changed, a connection handed back, to a pool or to PgBouncer, carries nothing along.

INVARIANT: every statement of the application passes `WalledCursor`, which first settles where the transaction stands
and then asks the guard. A cursor opened in one scope and used in another therefore runs in the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base as postgresql
from django.db.backends.postgresql.psycopg_any import register_tzloader
from django.utils.asyncio import async_unsafe
from psycopg import sql as psycopg_sql

from tenants.brandref import BrandRef
from tenants.server import too_old
from tenants.walls.backend.together import SETTLE, Together, place_and_limit
from tenants.walls.guard import refuse_or_pass
from tenants.walls.place import CrossBrand, Frame, OutsideBrand

OWNER = "owner"
_UNKNOWN = object()  # after a savepoint rollback only the server knows
_SOUND: set[tuple[str, ...]] = set()  # addresses that this process has seen to be a plain login role on a sound server
_POWERFUL = """SELECT 1 FROM pg_roles
    WHERE rolname = session_user AND (rolsuper OR rolinherit OR rolcreaterole OR rolcreatedb OR rolbypassrls)
       OR EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = session_user::regrole)"""


class _Walled:
    """What both kinds of cursor share: settle, ask the guard, then let psycopg work."""

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        self._pass(query)
        return super().execute(query, *args, **kwargs)  # type: ignore[misc]

    def executemany(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        self._pass(query)
        return super().executemany(query, *args, **kwargs)  # type: ignore[misc]

    def stream(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        self._pass(query)
        return super().stream(query, *args, **kwargs)  # type: ignore[misc]

    def copy(self, statement: Any, *args: Any, **kwargs: Any) -> Any:
        self._pass(statement)
        return super().copy(statement, *args, **kwargs)  # type: ignore[misc]

    def _pass(self, query: Any) -> None:
        raw: Any = self.connection  # type: ignore[attr-defined]
        walls: DatabaseWrapper | None = getattr(raw, "walls", None)
        if walls is not None:
            walls.send_waiting()
            walls.settle()
            text = query.as_string(raw) if isinstance(query, psycopg_sql.Composable) else query
            refuse_or_pass(text if isinstance(text, str) else bytes(text).decode(), walls.brand is not None)


class WalledCursor(_Walled, postgresql.Cursor):
    """The client-side cursor behind every ordinary query."""


class WalledServerCursor(_Walled, postgresql.ServerSideCursor):
    """The named cursor behind `iterator()`: rows it has left on the server belong to the brand it was opened in."""

    opened_in: BrandRef | None = None

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        done = super().execute(query, *args, **kwargs)
        self.opened_in = self.connection.walls.brand  # type: ignore[attr-defined]
        return done

    def fetchone(self) -> Any:
        self._same_brand()
        return super().fetchone()  # type: ignore[misc]

    def fetchmany(self, size: int = 0) -> Any:
        self._same_brand()
        return super().fetchmany(size)  # type: ignore[misc]

    def fetchall(self) -> Any:
        self._same_brand()
        return super().fetchall()  # type: ignore[misc]

    def _same_brand(self) -> None:
        if self.opened_in != self.connection.walls.brand:  # type: ignore[attr-defined]
            raise CrossBrand("cursor_of_another_scope")


class DatabaseWrapper(Together, postgresql.DatabaseWrapper):
    """PostgreSQL with walls. The owner's alias, which only provisioning and migration processes have, is plain PostgreSQL."""

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        self.walled = alias != OWNER
        self.frames: list[Frame] = []
        self.schema: str | None = None  # for the owner's migrations: which schema the router plans for
        self._settled: object = None
        self.ops.compiler_module = "tenants.walls.compiler"

    @property
    def brand(self) -> BrandRef | None:
        """The brand this connection's transaction is in, or None on the hub."""
        return self.frames[-1].brand if self.frames else None

    def enter(self, frame: Frame) -> None:
        """Stand in `frame` from the next statement on."""
        if self.later and frame.brand != self.brand:
            self.send_waiting()
        self.frames.append(frame)

    def leave(self, frame: Frame) -> None:
        """Stand again where `enter` found us. Out of order means a suspended generator: the connection is given up."""
        if self.frames and self.frames[-1] is frame:
            self.frames.pop()
            return
        self.frames.clear()
        self.close()
        raise CrossBrand("scopes_left_out_of_order")

    def settle(self) -> None:
        """Make the server's search path and role what the innermost scope says. One round trip, and only when it differs."""
        brand = self.brand
        if brand is None and self._settled is None:
            return
        place = place_and_limit(brand)
        if self._settled == place:
            return
        if brand is not None and not self.in_atomic_block:
            raise OutsideBrand("outside_transaction")
        self._settled = _UNKNOWN
        self._unguarded(SETTLE, place)
        self._settled = place

    def ask_each(
        self, statement: str, asked: Iterable[tuple[BrandRef, Sequence[object] | Mapping[str, object]]]
    ) -> list[list[Any]]:
        """One statement inside each of several brands, one after the other but in one round trip: the rows of each.

        INVARIANT: the server is settled in a brand just before its turn, by the same words as everywhere, and the guard has
        seen the statement. The values are bound here, by psycopg.
        """
        refuse_or_pass(statement, in_brand=True)
        if not self.in_atomic_block:
            raise OutsideBrand("outside_transaction")
        self.send_waiting()
        self._settled = _UNKNOWN
        with self.wrap_database_errors, psycopg.ClientCursor(self.connection) as cursor:
            turns = [
                f"{cursor.mogrify(SETTLE, place_and_limit(brand))}; {cursor.mogrify(statement, values)}"
                for brand, values in asked
            ]
            return _second_of_each_two(cursor, "; ".join(turns)) if turns else []

    def _unguarded(self, statement: str, values: Sequence[object] | None = None) -> None:
        with self.wrap_database_errors, psycopg.ClientCursor(self.connection) as cursor:
            cursor.execute(statement, values)

    # Django's own life of a connection. Local settings end with the transaction, and a savepoint's with the savepoint.

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if self.walled:
            params["cursor_factory"] = WalledCursor
        return params

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if self.walled:
            self._refuse_no_wall()
            self.connection.walls = self

    def _refuse_no_wall(self) -> None:
        """A powerful role passes every wall, and an old server has a hole in one. Asked once per process and address."""
        address = tuple(str(self.settings_dict[part]) for part in ("HOST", "PORT", "NAME", "USER"))
        if address in _SOUND:
            return
        if too_old(self.pg_version):
            raise ImproperlyConfigured("PostgreSQL 15.9, 16.5, 17.1 or newer is needed (CVE-2024-10978)")
        with self.connection.cursor() as cursor:
            if cursor.execute(_POWERFUL).fetchone():
                raise ImproperlyConfigured("DATABASE_URL must be a login role: NOINHERIT, no superuser, no owner")
        _SOUND.add(address)

    @async_unsafe
    def create_cursor(self, name: str | None = None) -> Any:
        if name is None or not self.walled:
            return super().create_cursor(name)
        make: Any = WalledServerCursor
        cursor = make(self.connection, name=name, scrollable=False, withhold=self.connection.autocommit)
        register_tzloader(self.timezone, cursor)
        return cursor

    def _savepoint(self, sid: str) -> None:
        self.send_waiting()
        self._transaction_statement(self.ops.savepoint_create_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        self.send_waiting()
        self._transaction_statement(self.ops.savepoint_commit_sql(sid))

    def _savepoint_rollback(self, sid: str) -> None:
        self._settled = _UNKNOWN
        self.later.clear()
        self._transaction_statement(self.ops.savepoint_rollback_sql(sid))

    def _transaction_statement(self, statement: str) -> None:
        self.ensure_connection()
        self._unguarded(statement)

    def _set_autocommit(self, autocommit: bool) -> None:
        self._settled = None
        super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _commit(self) -> None:
        self.send_waiting(last=True)
        self._settled = None
        super()._commit()  # type: ignore[misc]

    def _rollback(self) -> None:
        self._settled = None
        self.later.clear()
        super()._rollback()  # type: ignore[misc]

    def connect(self) -> None:
        self._settled = None
        super().connect()

    def _close(self) -> None:
        self._settled = None
        self.later.clear()
        if self.connection is not None:
            self.connection.walls = None
        super()._close()  # type: ignore[misc]


def _second_of_each_two(cursor: psycopg.ClientCursor[Any], statements: str) -> list[list[Any]]:
    """The rows of every second statement; each first one only settles."""
    cursor.execute(statements)
    found = []
    while cursor.nextset():
        found.append(cursor.fetchall())
        cursor.nextset()
    return found
