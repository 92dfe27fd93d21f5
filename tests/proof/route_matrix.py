"""Every route x method x who x brand, as the one table of `_routes` says: nobody finds more, and foreign equals absent.

Generated from the urlconfs; a route without a line in the table falls short. Full scale asks everything as everybody by seven
methods. Small scale asks by two, and by one of the other five in turn; each route, own and foreign, as somebody of each side whom
the table lets through and as somebody whom it does not, in turn, so that every role comes by every verb (`_chosen`).
"""

import logging

from tests.proof._matrix import METHODS, brand_routes, play, undeclared
from tests.proof._routes import HUB
from tests.proof._stage import set_up

LONG = True
SCALES = {"small": (("GET", "POST"), False, 5_000), "full": (METHODS, True, 30_000)}
"""Methods, whether everybody asks, and how many cells there must be at least."""


def run(scale: str) -> tuple[str, bool]:
    """How many cells were played on how many routes, and what no line expected."""
    methods, everybody, least = SCALES[scale]
    missing = undeclared()
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # refusals by the thousand
    try:
        tally = play(set_up(), methods=methods, everybody=everybody)
    finally:
        logging.disable(before)
    for line in [*missing, *tally.unexpected[:50]]:
        print(f"  {line}")
    axes = ", ".join(f"{name} {count}" for name, count in tally.asked.most_common())
    cells, routes = sum(tally.asked.values()), len(brand_routes()) + len(HUB)
    figures = (
        f"{cells} cells on {routes} routes ({axes}), unexpected {len(tally.unexpected)}, undeclared {len(missing)}"
    )
    return figures, cells > least and not tally.unexpected and not missing
