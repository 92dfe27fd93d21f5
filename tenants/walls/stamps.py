"""Stamps: querysets and instances remember the brand they were made in, and refuse to be used in another.

The database's role is a wall between brands, but it cannot see that an object loaded in A is saved in B, or that a lazy
queryset built in A is evaluated in B: both are legal SQL. These stamps can. A stamp is a schema name; None means the
thing was made outside every brand and takes the stamp of the first brand that uses it.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import models
from django.db.models.sql import Query

from tenants.ids import uuid7
from tenants.walls.place import CrossBrand, OutsideBrand
from tenants.walls.scope import current_brand

if TYPE_CHECKING:
    from tenants.walls.backend.base import DatabaseWrapper

_M_co = TypeVar("_M_co", bound=models.Model, covariant=True)


def current_stamp() -> str | None:
    """The stamp of things made now: the schema of the open brand scope."""
    brand = current_brand()
    return brand.schema_name if brand else None


def check_query(query: Query, connection: "DatabaseWrapper") -> None:
    """Raises OutsideBrand for a brand's model outside a scope, CrossBrand for a query built in another brand."""
    if query.model is None or not issubclass(query.model, Stamped):
        return
    brand = connection.brand
    if brand is None:
        raise OutsideBrand(f"{query.model._meta.label} outside a brand's scope")
    made_in = getattr(query, "brand_stamp", None)
    if made_in is not None and made_in != brand.schema_name:
        raise CrossBrand(f"query of {query.model._meta.label} made in another brand")


def check_instance(instance: models.Model) -> None:
    """Raises CrossBrand when `instance` was made in another brand than the open one; stamps it when it has no stamp yet."""
    if not isinstance(instance, Stamped):
        return
    now = current_stamp()
    made_in = instance._state.__dict__.get("brand_stamp")
    if made_in is not None and now is not None and made_in != now:
        raise CrossBrand(f"{instance._meta.label} made in another brand")
    if made_in is None:
        instance._state.brand_stamp = now  # type: ignore[attr-defined]


class BrandQuerySet(models.QuerySet[_M_co]):
    """A queryset of one brand's rows. Evaluated results are as bound to their brand as the query is."""

    def __init__(
        self, model: Any = None, query: Query | None = None, using: str | None = None, hints: Any = None
    ) -> None:
        super().__init__(model, query, using, hints)
        if query is None:
            self.query.brand_stamp = current_stamp()  # type: ignore[attr-defined]

    def iterator(self, chunk_size: int | None = None) -> Iterator[_M_co]:
        """As Django's, but the scope is checked again for every row: iterating may outlive the scope it began in."""
        self._bind()
        for row in super().iterator(chunk_size):
            self._check()
            yield row

    def bulk_create(self, objs: Iterable[_M_co], *args: Any, **kwargs: Any) -> list[_M_co]:
        objects = list(objs)
        for each in objects:
            check_with_relations(each)
        return super().bulk_create(objects, *args, **kwargs)

    def bulk_update(self, objs: Iterable[_M_co], *args: Any, **kwargs: Any) -> int:
        objects = list(objs)
        for each in objects:
            check_with_relations(each)
        return super().bulk_update(objects, *args, **kwargs)

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._bind()
        else:
            self._check()
        super()._fetch_all()

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)  # type: ignore[misc]
        self._check()

    def _bind(self) -> None:
        """What was built outside every brand belongs, from its first evaluation on, to the brand it was evaluated in."""
        if getattr(self.query, "brand_stamp", None) is None:
            self.query.brand_stamp = current_stamp()  # type: ignore[attr-defined]

    def _check(self) -> None:
        made_in = getattr(self.query, "brand_stamp", None)
        now = current_stamp()
        if made_in is not None and now is not None and made_in != now:
            raise CrossBrand(f"rows of {self.model._meta.label} read in another brand")


def check_with_relations(instance: models.Model) -> None:
    """`check_instance` for the object and for every related object it already holds."""
    check_instance(instance)
    for related in instance._state.fields_cache.values():
        if isinstance(related, models.Model):
            check_instance(related)


class Stamped(models.Model):
    """Abstract: anything read from a brand's schema, table or view."""

    append_only: ClassVar[bool] = False
    """True: rows are added and never touched. Provisioning grants no more, and a trigger refuses the rest for everybody."""
    written_by_database: ClassVar[bool] = False
    """True: the brand's role only reads; functions of the owner write."""
    never_updated: ClassVar[bool] = False
    """True: rows come and go, and are never changed in between."""
    given_by_database: ClassVar[tuple[str, ...]] = ()
    """Columns that the brand's role cannot give a value: their defaults say it."""
    redactable: ClassVar[tuple[str, ...]] = ()
    """Of an append-only table, the columns out of which an erasure may take words, in a transaction with its line in the log."""
    unwatched: ClassVar[str] = ""
    """Why the triggers of the log do not note changes of this table; empty: they do. Listed in docs/unwatched.md."""
    watched_events: ClassVar[tuple[str, ...]] = ()
    """Of an unwatched table, what is noted after all."""

    objects = BrandQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._state.brand_stamp = current_stamp()  # type: ignore[attr-defined]

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)  # type: ignore[misc]
        check_instance(self)

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Django's, after the walls' check of this object and of what it points to (`save` and `create` end here)."""
        check_with_relations(self)
        super().save_base(*args, **kwargs)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Django's, after the walls' check."""
        check_instance(self)
        super().refresh_from_db(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Django's, after the walls' check."""
        check_instance(self)
        return super().delete(*args, **kwargs)


class BrandModel(Stamped):
    """Abstract: a table in every brand's schema, with an id that is unique over all of them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta(Stamped.Meta):
        abstract = True
