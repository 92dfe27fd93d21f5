"""Every route x method x who x brand, as the one table of `_routes` says: nobody finds more, and foreign equals absent.

Generated from the urlconfs; a route without a line in the table falls short. Full scale asks by seven methods and lets every
role try another brand's ids; small scale by two, and three roles, and by the other five one person per route, in turn.
"""

import logging

from tenants.vocabulary import Role
from tests.proof._matrix import FEW, METHODS, brand_routes, play, undeclared
from tests.proof._routes import HUB
from tests.proof._stage import set_up

LONG = True
SCALES = {"small": (("GET", "POST"), FEW), "full": (METHODS, tuple(Role))}


def run(scale: str) -> tuple[str, bool]:
    """How many cells were played on how many routes, and what no line expected."""
    methods, foreign_for = SCALES[scale]
    missing = undeclared()
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # refusals by the thousand
    try:
        tally = play(set_up(), methods=methods, foreign_for=foreign_for)
    finally:
        logging.disable(before)
    for line in [*missing, *tally.unexpected[:50]]:
        print(f"  {line}")
    axes = ", ".join(f"{name} {count}" for name, count in tally.asked.most_common())
    cells, routes = sum(tally.asked.values()), len(brand_routes()) + len(HUB)
    figures = (
        f"{cells} cells on {routes} routes ({axes}), unexpected {len(tally.unexpected)}, undeclared {len(missing)}"
    )
    return figures, cells > 5000 and not tally.unexpected and not missing
