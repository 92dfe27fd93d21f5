"""A brand whose changes are followed, and a second one beside it."""

from uuid import UUID

from clients.changes.queries import Stretch, changes_after, head
from clients.changes.registry import resources
from clients.changes.rules import Cursor
from clients.changes.steps import settle
from clients.items.models import Item
from tenants.ids import uuid7
from tenants.walls.scope import BrandRef, brand_scope, durable


def item(title: str = "0") -> Item:
    return Item.objects.create(
        title=title, kind="publish", sensitivity="routine", author_id=uuid7(), author_side="agency"
    )


def made(brand: BrandRef, title: str = "0") -> Item:
    """Committed."""
    with durable(brand):
        return item(title)


def begin(brand: BrandRef) -> Cursor:
    with durable(brand):
        settle()
        return head()


def follow(brand: BrandRef, cursor: Cursor, *names: str, limit: int = 100) -> Stretch:
    with durable(brand):
        settle()
    with brand_scope(brand):
        return changes_after(cursor, names or resources(), limit)


def told(stretch: Stretch) -> list[tuple[str, UUID, bool]]:
    return [(change.resource, change.object_id, change.gone) for change in stretch.changes]
