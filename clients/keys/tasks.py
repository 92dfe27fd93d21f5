"""What is done once a day for keys: warnings, ends that nobody pressed, and letting go of what is over."""

from clients.autonomy.vocabulary import EntryPoint
from clients.keys.actions import keep_keys
from clients.outbox.registry import each_day
from clients.people.actor import process_of
from tenants.walls.scope import BrandRef


@each_day
def keep(brand: BrandRef) -> None:
    keep_keys(process_of(brand, EntryPoint.WORKER, "worker"))
