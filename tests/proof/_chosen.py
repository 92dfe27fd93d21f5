"""Who asks at each route of the matrix: everybody, or in turn somebody of each side for each answer that the table has there."""

from collections.abc import Iterator
from dataclasses import dataclass

from tenants.vocabulary import ROLES_OF, Role, Side
from tests.proof._routes import Declared, Roles
from tests.proof._stage import NO_MEMBERS, NOBODY

FEW = (Role.BRAND_OWNER, Role.COMMUNITY_MANAGER, Role.DEPARTMENT_CONTACT)


def let_through(line: Declared, method: str) -> Roles | None:
    """The roles for which the page does something; None when it knows no such method."""
    return {"GET": line.read, "HEAD": line.read, "POST": line.act}.get(method)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Of all who could ask, those who do. `turn`: the number of the route, so that each role comes by in turn."""

    everybody: bool
    turn: int = 0

    def own(self, line: Declared, method: str) -> list[Role]:
        """Who asks for something of their own brand."""
        return list(Role) if self.everybody else [role for side in Side for role in self._of(line, method, side)]

    def foreign(self, line: Declared, method: str) -> list[Role]:
        """Who tries another brand's ids: of each side somebody who would be let through, or else somebody who is not."""
        return list(Role) if self.everybody else [next(self._of(line, method, side)) for side in Side]

    def others(self) -> list[str]:
        """Who asks at a suspended brand: somebody of each side, somebody without a role there, and nobody."""
        if self.everybody:
            return [*map(str, Role), *NO_MEMBERS, NOBODY]
        members = [str(self._next(ROLES_OF[side])) for side in Side]
        return [*members, NO_MEMBERS[self.turn % len(NO_MEMBERS)], NOBODY]

    def hub(self) -> list[str]:
        """Who asks on the hub."""
        return [*map(str, Role if self.everybody else FEW), *NO_MEMBERS, NOBODY]

    def _of(self, line: Declared, method: str, side: Side) -> Iterator[Role]:
        """Whose thing it is alone, where there is such a one; another who is let through; one who is not."""
        let, whose = let_through(line, method) or frozenset(), {line.alone}
        for roles in (ROLES_OF[side] & let & whose, (ROLES_OF[side] & let) - whose, ROLES_OF[side] - let):
            if roles:
                yield self._next(roles)

    def _next(self, roles: Roles) -> Role:
        return sorted(roles)[self.turn % len(roles)]
