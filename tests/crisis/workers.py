"""The installation itself at work, as the outbox calls it."""

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import Actor, process_of
from tests.world import World


def worker(world: World) -> Actor:
    return process_of(world.brand, EntryPoint.WORKER, "crisis")
