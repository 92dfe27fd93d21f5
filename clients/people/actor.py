"""The one value that says who is acting: in which brand, for which side, in which role, through which door.

Every action takes an `Actor` first. It is built once per request or task (`clients.people.access.actor_for`), never
from anything the caller of a request wrote, and never changed afterwards.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from tenants.errors import Refused
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import BrandRef


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. INVARIANT: side and role come together or not at all, and the role is one of the side's own.

    A process of the installation has neither: it satisfies no side's step, whatever it runs as.
    """

    brand: BrandRef
    person_id: UUID | None
    name: str
    side: Side | None
    role: Role | None
    via: EntryPoint
    stepped_up_at: datetime | None = None
    request_id: str = ""
    agency_id: UUID | None = None
    session: str = ""  # a keyed digest of the session they came in, to tell one sitting from another; '' without one
    key_id: UUID | None = None  # the key that acts for this person: `clients.keys`; it proves nobody's presence

    def __post_init__(self) -> None:
        if (self.side is None) != (self.role is None):
            raise ValueError("side_without_role")
        if self.side is not None and self.role not in ROLES_OF[self.side]:
            raise ValueError("role_of_other_side")
        if self.side is not None and self.person_id is None:
            raise ValueError("side_without_person")
        if self.key_id is not None and self.stepped_up_at is not None:
            raise ValueError("key_with_proof")

    @property
    def is_brand(self) -> bool:
        """Whether this actor can satisfy a step of the brand."""
        return self.side is Side.BRAND

    @property
    def is_agency(self) -> bool:
        return self.side is Side.AGENCY

    @property
    def somebody(self) -> UUID:
        """The id of the person who acts. Refused('not_allowed') for a process: it never stands in for one."""
        if self.person_id is None:
            raise Refused("not_allowed")
        return self.person_id


def process_of(brand: BrandRef, via: EntryPoint, name: str, request_id: str = "") -> Actor:
    """The installation itself at work in `brand`: a worker, a command. It acts for no side."""
    return Actor(brand=brand, person_id=None, name=name, side=None, role=None, via=via, request_id=request_id)
