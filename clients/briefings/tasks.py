"""Once a day the house looks whether somebody has still not read the version in force."""

from clients.briefings.actions import remind_by_itself
from clients.outbox.registry import each_day
from tenants.walls.scope import BrandRef


@each_day
def remind_slow_readers(brand: BrandRef) -> None:
    """A letter to each of them, not more often than every three days."""
    remind_by_itself(brand)
