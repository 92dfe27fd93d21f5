"""The ORM's compilers, which refuse to turn a query of one brand into SQL inside another, or inside none.

`as_sql` and not `execute_sql` is the place: subqueries pass here too.
"""

from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import compiler as postgresql

from tenants.walls.stamps import check_query

if TYPE_CHECKING:
    from tenants.walls.backend.base import DatabaseWrapper


class _Stamped:
    query: Any
    connection: Any

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        connection: DatabaseWrapper = self.connection
        if connection.walled:
            check_query(self.query, connection)
        return super().as_sql(*args, **kwargs)  # type: ignore[misc]


class SQLCompiler(_Stamped, postgresql.SQLCompiler):
    """SELECT."""


class SQLInsertCompiler(_Stamped, postgresql.SQLInsertCompiler):
    """INSERT."""


class SQLDeleteCompiler(_Stamped, postgresql.SQLDeleteCompiler):
    """DELETE."""


class SQLUpdateCompiler(_Stamped, postgresql.SQLUpdateCompiler):
    """UPDATE."""


class SQLAggregateCompiler(_Stamped, postgresql.SQLAggregateCompiler):
    """COUNT and friends over a subquery."""
