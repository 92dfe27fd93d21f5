"""New rows of models, several in one message and by statements that are written once: for writes that a program waits for.

As `save(force_insert=True)` for each, without what Django weighs anew each time: what a row says is read by its fields, so what
is added to a model comes along. Signals are not sent; nothing of the house listens to any.
"""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model

from tenants.walls.backend.together import Question
from tenants.walls.scope import required_brand, walls
from tenants.walls.stamps import BrandModel, check_with_relations


def add_together(*rows: BrandModel) -> None:
    """Inside a brand's scope. Rows may point to each other: foreign keys are looked at when the transaction ends.

    Raises CrossBrand for a row that was made in another brand, IntegrityError as `save` does.
    """
    brand = required_brand()
    for row in rows:
        check_with_relations(row)
    walls().ask_together(brand, [(_added(type(row)), _values(row)) for row in rows])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _values(row: Model) -> list[Any]:
    fields = row._meta.local_concrete_fields
    return [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]


@lru_cache(maxsize=512)
def _added(model: type[Model]) -> Question:
    fields = model._meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join("%s" for _ in fields)
    # Without a length: a cast to varchar(20) would cut in silence what the column itself refuses.
    types = tuple(str(field.db_type(connection)).partition("(")[0] for field in fields)
    return Question(f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})', types)  # noqa: S608
