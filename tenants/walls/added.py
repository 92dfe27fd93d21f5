"""New rows of models, several in one message and by statements that are written once: for writes that a program waits for.

As `save(force_insert=True)` for each, without what Django weighs anew each time: what a row says is read by its fields, so what
is added to a model comes along. Signals are not sent; nothing of the house listens to any.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    ForeignKey,
    Model,
    PositiveIntegerField,
    PositiveSmallIntegerField,
    TextField,
    UUIDField,
)

from tenants.walls.backend.together import Later, Question
from tenants.walls.scope import required_brand, walls
from tenants.walls.stamps import BrandModel, check_with_relations


def add_together(*rows: BrandModel) -> None:
    """Inside a brand's scope. Rows may point to each other: foreign keys are looked at when the transaction ends.

    Raises CrossBrand for a row that was made in another brand, IntegrityError as `save` does; inside `gathering` with the next
    statement, or with the end.
    """
    brand = required_brand()
    for row in rows:
        check_with_relations(row)
    walls().write_together(brand, [Later(_added(type(row)), _values(row), None) for row in rows])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _values(row: Model) -> list[Any]:
    return [
        value if type(value := field.pre_save(row, add=True)) in plain else field.get_db_prep_save(value, connection)
        for field, plain in _fields(type(row))
    ]


@lru_cache(maxsize=512)
def _fields(model: type[Model]) -> list[tuple[Any, frozenset[type]]]:
    """With what of each is written as it is: most values, and Django would look at each for several microseconds."""
    return [(field, _PLAIN.get(type(field), frozenset())) for field in model._meta.local_concrete_fields]


_NONE = type(None)
_PLAIN: dict[type, frozenset[type]] = {
    CharField: frozenset({str, _NONE}),
    TextField: frozenset({str, _NONE}),
    UUIDField: frozenset({UUID, _NONE}),
    ForeignKey: frozenset({UUID, _NONE}),
    PositiveIntegerField: frozenset({int, _NONE}),
    PositiveSmallIntegerField: frozenset({int, _NONE}),
    BooleanField: frozenset({bool, _NONE}),
}


@lru_cache(maxsize=512)
def _added(model: type[Model]) -> Question:
    fields = model._meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join("%s" for _ in fields)
    # Without a length: a cast to varchar(20) would cut in silence what the column itself refuses.
    types = tuple(str(field.db_type(connection)).partition("(")[0] for field in fields)
    said = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})'  # noqa: S608  names of ours
    return Question(said, types, tells=False)
