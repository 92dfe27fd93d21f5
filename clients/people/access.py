"""The doors: from a signed-in person to an `Actor`, and from an actor to permission.

Refused equals absent: somebody without a live membership in the brand learns nothing, not even that it exists.
"""

from datetime import datetime
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import Actor
from clients.people.rules import Verb, is_stepped_up, may
from tenants.errors import Missing, Refused
from tenants.memberships import Standing, standing_of
from tenants.models import Person
from tenants.vocabulary import Side
from tenants.walls.scope import BrandRef


def actor_for(
    person: Person,
    brand: BrandRef,
    via: EntryPoint,
    *,
    stepped_up_at: datetime | None = None,
    request_id: str = "",
    session: str = "",
) -> Actor:
    """The actor that `person` is in `brand` right now. One query, inside or outside the brand's scope.

    Raises Missing('brand') without a live membership: read on each request, so an ended one bites on the next.
    """
    standing = standing_of(person.pk, brand)
    if standing is None:
        raise Missing("brand")
    return _actor(standing, brand, via, stepped_up_at, request_id, session)


def actor_of(person_id: UUID, brand: BrandRef, via: EntryPoint, *, request_id: str = "") -> Actor:
    """The same for a worker that knows only the id: who the author of a waiting act is now, not who they were then."""
    standing = standing_of(person_id, brand)
    if standing is None:
        raise Missing("person")
    return _actor(standing, brand, via, None, request_id)


def actor_standing(standing: Standing, brand: BrandRef, via: EntryPoint, *, request_id: str = "") -> Actor:
    """The same from a standing that was read with something else, in this request and inside this brand."""
    return _actor(standing, brand, via, None, request_id)


def require(actor: Actor, verb: Verb) -> None:
    """Raises Refused('not_allowed') unless the actor's role may do `verb`."""
    if not may(actor.role, verb):
        raise Refused("not_allowed", verb=str(verb))


def require_process(actor: Actor, via: EntryPoint | None = None) -> None:
    """It is the house's own to do, where `via` is given by that entrance alone. Raises Refused('not_allowed') for a person of
    whatever side, and for a process that came in another way.
    """
    if actor.side is not None or (via is not None and actor.via is not via):
        raise Refused("not_allowed")


def require_side(actor: Actor, side: Side) -> None:
    """Raises Refused('wrong_side') unless the actor acts for `side`. Processes act for none."""
    if actor.side is not side:
        raise Refused("wrong_side", side=str(side))


def require_step_up(actor: Actor, now: datetime) -> None:
    """Raises Refused('step_up_required') unless the person proved who they are within the last ten minutes."""
    if not is_stepped_up(actor.stepped_up_at, now):
        raise Refused("step_up_required")


def _actor(
    standing: Standing,
    brand: BrandRef,
    via: EntryPoint,
    stepped_up_at: datetime | None,
    request_id: str,
    session: str = "",
) -> Actor:
    return Actor(
        brand=brand,
        person_id=standing.person_id,
        name=standing.name,
        side=standing.side,
        role=standing.role,
        via=via,
        stepped_up_at=stepped_up_at,
        request_id=request_id,
        agency_id=standing.agency_id,
        session=session,
    )
