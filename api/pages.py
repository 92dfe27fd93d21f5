"""Lists by cursor: fifty at a time, never counted, never skipped.

A cursor is encrypted: it holds the values of the last row, which a policy may withhold, and is good for this brand, this list,
these filters and a day. So it names no offset that could go on for ever, and can be neither read nor made elsewhere.
"""

import hashlib
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db.models import Q

from api.inputs import Fault
from api.problems import Problem, invalid
from api.resource import Resource, Rows
from tenants.walls.scope import BrandRef

KIND = "api.cursor"
"""Inside each: what else the installation encrypts is no cursor."""
LASTS = timedelta(days=1)
A_PAGE = 50
MOST = 200
LONGEST_CURSOR = 2_000


def limit_of(given: str | None) -> int:
    """How many rows are asked for. Raises Problem(400)."""
    if given is None:
        return A_PAGE
    if not given.isdecimal() or not given.isascii() or len(given) > 6 or not 1 <= int(given) <= MOST:
        fault = Fault("limit", "number_not_within", {"least": 1, "most": MOST})
        raise invalid([fault], status=400, code="parameters_invalid")
    return int(given)


def bound_to(brand: BrandRef, resource: str, filters: dict[str, Any]) -> str:
    """What a cursor is good for, as a short digest."""
    said = orjson.dumps([str(brand.id), resource, filters], option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(said).hexdigest()[:24]


def cursor_after(bound: str, values: Sequence[Any]) -> str:
    """The cursor that goes on behind a row with these values in the columns of the order."""
    said = orjson.dumps([KIND, int(time.time()), bound, *map(_plain, values)])
    return _keys().encrypt(said).decode().rstrip("=")


def opened(cursor: str, bound: str, columns: int) -> list[Any]:
    """The values in a cursor. Raises Problem(400, 'cursor_expired' | 'cursor_foreign')."""
    try:
        if len(cursor) > LONGEST_CURSOR or not cursor.isascii():
            raise InvalidToken
        kind, at, found, *values = orjson.loads(_keys().decrypt(cursor + "=" * (-len(cursor) % 4)))
    except (InvalidToken, ValueError, TypeError):
        raise _cursor("cursor_foreign") from None
    if kind == KIND and time.time() - at > LASTS.total_seconds():
        raise _cursor("cursor_expired")
    if (kind, found, len(values)) != (KIND, bound, columns):
        raise _cursor("cursor_foreign")
    return [_value(one) for one in values]


def after(rows: Rows, order: Sequence[str], values: Sequence[Any]) -> Rows:
    """The rows behind these values. The first column alone bounds what an index has to read."""
    condition, equal = Q(), Q()
    for column, value in zip(order, values, strict=True):
        name, beyond = column.removeprefix("-"), "lt" if column.startswith("-") else "gt"
        condition |= equal & Q(**{f"{name}__{beyond}": value})
        equal &= Q(**{name: value})
    first, reach = order[0].removeprefix("-"), "lte" if order[0].startswith("-") else "gte"
    return rows.filter(Q(**{f"{first}__{reach}": values[0]}) & condition)


def order_columns(resource: Resource) -> tuple[str, ...]:
    return tuple(column.removeprefix("-") for column in resource.order)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"id": str(value)} if isinstance(value, UUID) else value


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    return datetime.fromisoformat(plain["at"]) if "at" in plain else UUID(plain["id"])


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])


def _cursor(code: str) -> Problem:
    return invalid([Fault("cursor", code)], status=400, code=code)
