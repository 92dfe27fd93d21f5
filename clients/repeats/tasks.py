"""What is done once a day for kept answers: those that are over go."""

from clients.autonomy.vocabulary import EntryPoint
from clients.outbox.registry import each_day
from clients.people.actor import process_of
from clients.repeats.actions import forget_repeats
from tenants.walls.scope import BrandRef


@each_day
def forget(brand: BrandRef) -> None:
    forget_repeats(process_of(brand, EntryPoint.WORKER, "worker"))
