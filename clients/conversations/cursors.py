"""Where a page of an inbox ends, as it stands in an address: one for mentions and conversations, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: how urgent it is, the moment that its list is ordered by, and its id."""

    priority: int
    at: datetime
    id: UUID

    @classmethod
    def read(cls, typed: str) -> Self | None:
        """None for what nobody could have got from us."""
        priority, _, rest = typed.partition("_")
        at, _, pk = rest.partition("_")
        try:
            return cls(int(priority), datetime.fromisoformat(at), UUID(pk))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.priority}_{self.at.isoformat()}_{self.id}"


def in_order(found: QuerySet[Row], order: Sequence[str], cursor: Cursor | None) -> QuerySet[Row]:
    """Falling by these columns, and what comes behind the cursor. Of `order` one is the moment, the others are as on it."""
    if cursor is not None:
        where = [getattr(cursor, name, cursor.at) for name in order]
        found = found.filter(TupleLessThan(Tuple(*order), where))
    return found.order_by(*(f"-{name}" for name in order))
