"""What a feature does in a brand as soon as it is back, before whoever restored it is told that it is.

It is written down in the restore's transaction besides, as work that is due: what fails here, or is stopped, the workers do.
"""

from collections.abc import Callable

from tenants.walls.scope import BrandRef

Work = Callable[[BrandRef], str]

_works: list[Work] = []


def afterwards(work: Work) -> Work:
    """Register what runs in a restored brand; it returns a line for the operator, '' for none."""
    _works.append(work)
    return work


def run_afterwards(brand: BrandRef) -> list[str]:
    """The lines of all."""
    return [line for work in _works if (line := work(brand))]
