"""What is done once a day for the feed of changes: what is over goes."""

from clients.audit.actions import House
from clients.changes.actions import forget_changes
from clients.outbox.registry import each_day
from tenants.walls.scope import BrandRef


@each_day
def forget(brand: BrandRef) -> None:
    forget_changes(House(brand))
