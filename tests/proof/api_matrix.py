"""Every resource of the API x way x who x whose, as the table of `_api_routes` says: no key finds more than its person may.

Generated from the registry; a resource or an act without a line falls short. Asked with real keys: of each role of the brand,
none, revoked, another brand's. Another brand's ids are answered to the byte as ids that nobody has.
"""

from tests.api.walking import writings
from tests.proof._api_matrix import play, undeclared
from tests.proof._scene import quiet
from tests.proof._stage import set_up


def run(scale: str) -> tuple[str, bool]:
    """How many cells were played, and what no line expected."""
    missing = undeclared()
    with quiet():
        stage = set_up()
        tally = play(stage.ours, stage.theirs) if not missing else None
    for line in [*missing, *(tally.unexpected[:50] if tally else ())]:
        print(f"  {line}")
    asked = tally.asked if tally else {}
    axes = ", ".join(f"{name} {count}" for name, count in asked.items())
    unexpected = len(tally.unexpected) if tally else 0
    figures = (
        f"{sum(asked.values())} cells ({axes}) of {len(list(writings()))} ways to write, unexpected {unexpected}, "
        f"undeclared {len(missing)}"
    )
    return figures, sum(asked.values()) > 500 and not unexpected and not missing
