"""Everything that could carry a brand's data into another: all attacks of the list, then a real server and workers under load.

Six brands, each word and picture of which carries a canary, and sessions of people of one brand and of one who works for all six;
their requests interleave over kept connections to gunicorn while relay and workers send items of every brand. No answer may hold
another brand's canary, nothing may stand on another brand's wall. Full scale: each attack three times over, 100,000 requests;
small: once, 2,000.

Seen to fall short when: the cache of hosts gave the brand of another host; a queryset was kept in a module.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from clients.channels.models import MemoryPost
from tenants.walls.scope import brand_scope
from tests.proof._programs import programs
from tests.proof._scene import at_once, quiet
from tests.proof._server import web_server
from tests.proof._visits import BRANDS, House, Seen, Visitor, build
from tests.tenants.attacks import run as try_all

LONG = True
REQUESTS = {"small": 2_000, "full": 100_000}
ROUNDS = {"small": 1, "full": 3}
ATTACKS_AT_LEAST = 300
VISITORS = 8
PACE = 0.25


def run(scale: str) -> tuple[str, bool]:
    """Attacks tried and through; requests, answers with a canary of their own, with another's; acts sent meanwhile."""
    with quiet():
        attacks = [attack for _ in range(ROUNDS[scale]) for attack in try_all()]
        houses, sessions = build()
        with programs() as found:
            found.start_broker()
            found.start_worker()
            found.start_relay()
            with _items_leave(houses), web_server(houses[0].brand.slug) as port:
                share = REQUESTS[scale] // VISITORS
                visitors = [Visitor(port, houses, sessions, seed) for seed in range(VISITORS)]
                results = at_once([lambda visitor=visitor: visitor.visit(share) for visitor in visitors])
    broken = [result for result in results if not isinstance(result, Seen)]
    seen = Seen()
    for result in results:
        if isinstance(result, Seen):
            seen += result
    through = [attack for attack in attacks if attack.succeeded]
    sent, strays = _walls(houses)
    told = (f"{attack.number} {attack.name}: {attack.detail}" for attack in through)
    for line in [*map(str, broken), *seen.leaks[:20], *seen.odd[:20], *strays[:20], *told]:
        print(f"  {line}")
    asked = sum(seen.statuses.values())
    kinds = len({attack.number for attack in attacks})
    stopped_by = Counter(attack.detail.split(":")[0] for attack in attacks if ":" in attack.detail)
    by = ", ".join(f"{name} {count}" for name, count in stopped_by.most_common(4))
    answers = ", ".join(f"{status}: {count}" for status, count in sorted(seen.statuses.items()))
    figures = (
        f"{len(attacks)} attacks on {kinds} invariants, {len(through)} succeeded (stopped by {by}); "
        f"{asked} interleaved requests over {len(BRANDS)} brands by {len(sessions)} sessions ({answers}), "
        f"{seen.own} answers with a canary of the reader's own, with another brand's {len(seen.leaks)}, "
        f"unexpected {len(seen.odd)}; {sent} acts sent meanwhile, on a wrong wall {len(strays)}"
    )
    enough = len(attacks) >= ATTACKS_AT_LEAST * ROUNDS[scale]
    worked = asked == REQUESTS[scale] and seen.own > asked // 3 and sent > 0 and enough
    return figures, worked and not (broken or seen.leaks or seen.odd or strays or through)


@contextmanager
def _items_leave(houses: list[House]) -> Iterator[None]:
    """Items of every brand in turn are approved, and leave by relay and workers, until the block ends."""
    over = threading.Event()

    def leave() -> None:
        number = 0
        while not over.wait(PACE):
            house = houses[number % len(houses)]
            number += 1
            house.world.submitted(f"Envoi {number} {house.canary}", title=f"Envoi {number} {house.canary}")
        connections.close_all()

    for house in houses:
        house.world.charter(6)
    sender = threading.Thread(target=leave, daemon=True)
    sender.start()
    try:
        yield
    finally:
        over.set()
        sender.join(timeout=30)


def _walls(houses: list[House]) -> tuple[int, list[str]]:
    """How many posts stand on the walls of all brands, and those that tell of another."""
    canaries = Counter({house.canary: 1 for house in houses})
    sent, strays = 0, []
    for house in houses:
        with brand_scope(house.brand):
            for text in MemoryPost.objects.values_list("text", flat=True):
                sent += 1
                if house.canary not in text or any(c in text for c in canaries if c != house.canary):
                    strays.append(f"{house.brand.slug}: {text[:60]}")
    return sent, strays
