"""What can go wrong at the walls, and the frame a scope puts on its connection. Pure: the backend is loaded before any model."""

from dataclasses import dataclass

from django.core.exceptions import SuspiciousOperation
from django.db.utils import ProgrammingError

from tenants.brandref import BrandRef


class OutsideBrand(ProgrammingError):
    """A brand's table was used outside that brand's scope, or outside a transaction."""


class CrossBrand(SuspiciousOperation):
    """Something made in one brand was used in another. Always a fault in our code, never a user's."""


class RefusedStatement(SuspiciousOperation):
    """SQL that would change who or where the session is, or the shape of the database."""


@dataclass(slots=True, eq=False)
class Frame:
    """One entered scope; compared by identity, so that leaving in the wrong order is noticed. `brand` None is the hub."""

    brand: BrandRef | None
