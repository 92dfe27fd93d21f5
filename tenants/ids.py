"""The two kinds of names we make up: time-ordered row ids, and schema names that tell nothing."""

import re
import secrets
import string
from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7

SCHEMA_NAME = re.compile(r"b_[a-z0-9]{12}\Z")
_ALPHABET = string.ascii_lowercase + string.digits


def uuid7() -> UUID:
    """A new row id: unique over every brand and database, and sorted by the millisecond it was made in."""
    return _uuid7()


def new_schema_name() -> str:
    """A schema name nobody can guess or read a brand's name from (`pg_namespace` is readable by every role)."""
    return "b_" + "".join(secrets.choice(_ALPHABET) for _ in range(12))


def checked_schema_name(name: str) -> str:
    """`name` itself when it has our shape. Raises ValueError: names outside it never reach SQL."""
    if not SCHEMA_NAME.match(name):
        raise ValueError(f"not a brand schema name: {name!r}")
    return name
