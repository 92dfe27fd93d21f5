"""What is done once a day for classes and disclosures: counts that are over go."""

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.actions import forget_tallies
from clients.outbox.registry import each_day
from clients.people.actor import process_of
from tenants.walls.scope import BrandRef


@each_day
def forget(brand: BrandRef) -> None:
    forget_tallies(process_of(brand, EntryPoint.WORKER, "worker"))
