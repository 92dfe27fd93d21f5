"""Every attack on the walls between brands that applies so far, tried against two real brands: none may succeed.

The list is `tests.tenants.attacks` (numbers of docs/threat-model.md). Full scale tries each three times over.
"""

from collections import Counter

from tests.tenants.attacks import AttackResult
from tests.tenants.attacks import run as try_all

ROUNDS = {"small": 1, "full": 3}


def run(scale: str) -> tuple[str, bool]:
    """How many were tried, how many got through, and of which invariants."""
    results: list[AttackResult] = []
    for _ in range(ROUNDS[scale]):
        results += try_all()
    got_through = [result for result in results if result.succeeded]
    for result in got_through:
        print(f"  {result.number} {result.name}: {result.detail}")
    numbers = Counter(result.number for result in results)
    stopped_by = Counter(result.detail.split(":")[0] for result in results if ":" in result.detail)
    by = ", ".join(f"{name} {count}" for name, count in stopped_by.most_common(4))
    figures = f"{len(results)} attacks on {len(numbers)} invariants, {len(got_through)} succeeded (stopped by {by})"
    return figures, not got_through and len(results) >= 200
