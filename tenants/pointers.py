"""'My work' over all brands: the soonest of what waits for a person's side, read off one index, however many brands there are.

Pointers hold no content. Whoever shows them looks each title up inside its brand, where the brand decides who may see it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from tenants.brandref import BrandRef
from tenants.vocabulary import Role, Side

# Joined to the person's places instead of filtered by a list of brands: a list of 500 ids cost more than the whole question.
_SOONEST = """
    SELECT pointer.brand_id, pointer.kind, pointer.object_id, pointer.state, pointer.side, pointer.due_at
    FROM tenants_workpointer pointer
    JOIN tenants_membership place ON place.brand_id = pointer.brand_id AND place.side = pointer.side
                                 AND place.person_id = %s AND place.ended_at IS NULL AND place.role = ANY(%s)
    JOIN tenants_brand brand ON brand.id = pointer.brand_id AND brand.state = 'active'
    WHERE pointer.side <> '' AND pointer.kind = 'item'
    ORDER BY pointer.due_at, pointer.object_id LIMIT %s
"""

# What is in one's hands already comes last: it may be much, and what waits for a word must not drown in it.
_HANDED = """
    SELECT * FROM (
    SELECT pointer.brand_id, pointer.kind, pointer.object_id, pointer.state, pointer.side, pointer.due_at
    FROM tenants_membership place
    JOIN tenants_brand brand ON brand.id = place.brand_id AND brand.state = 'active'
    JOIN tenants_workpointer pointer ON pointer.brand_id = place.brand_id AND pointer.side = ''
                                    AND pointer.kind IN ('handed', 'offered', 'asked', 'appealed', 'held')
                                    AND pointer.assignee_id = place.person_id
    WHERE place.person_id = %s AND place.ended_at IS NULL
    UNION ALL
    SELECT pointer.brand_id, pointer.kind, pointer.object_id, pointer.state, pointer.side, pointer.due_at
    FROM tenants_membership place
    JOIN tenants_brand brand ON brand.id = place.brand_id AND brand.state = 'active'
    JOIN tenants_workpointer pointer ON pointer.brand_id = place.brand_id AND pointer.side = place.side
                                    AND pointer.side <> '' AND pointer.kind = 'offered'
    WHERE place.person_id = %s AND place.ended_at IS NULL AND place.role = ANY(%s)
    ) AS theirs
    ORDER BY kind = 'held', due_at, object_id LIMIT %s
"""

_PLACES = """
    SELECT brand.id, brand.schema_name, brand.role_name, brand.name, brand.slug, brand.state, brand.time_zone, brand.language,
           brand.storage_limit, brand.statement_limit, brand.second_factor, place.side, place.role,
           CASE WHEN place.role = ANY(%s) THEN (
               SELECT count(*) FROM tenants_workpointer pointer
               WHERE pointer.brand_id = brand.id AND pointer.side = place.side AND pointer.side <> ''
                   AND (pointer.kind = 'item' OR place.role = ANY(%s))) ELSE 0 END
    FROM tenants_membership place
    JOIN tenants_brand brand ON brand.id = place.brand_id AND brand.state = 'active'
    WHERE place.person_id = %s AND place.ended_at IS NULL
    ORDER BY brand.name
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One of a person's live places in brands that are open, and how much waits there for their side."""

    brand: BrandRef
    side: Side
    role: Role
    waiting: int


@dataclass(frozen=True, slots=True)
class Pointer:
    """A row of `WorkPointer`, as much of it as a list needs."""

    brand_id: UUID
    kind: str
    object_id: UUID
    state: str
    side: str
    due_at: datetime | None


def soonest_work(person_id: UUID, roles: Collection[Role], limit: int) -> list[Pointer]:
    """What waits for the person's side in active brands where they hold one of `roles`, soonest first. Hub side, one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SOONEST, [person_id, [role.value for role in roles], limit])
        return [Pointer(*row) for row in cursor.fetchall()]


def handed_work(person_id: UUID, holders: Collection[Role], limit: int) -> list[Pointer]:
    """What was handed to this very person in active brands where they have a place, or offered to all of their side (then the
    pointer has that side) where they hold one of `holders`. Hub side, one query.

    First mentions that were handed to them ('handed'), conversations that wait for their word ('offered'), insights whose answer
    they owe ('asked') and appeals that are theirs to decide ('appealed'), the soonest first; then conversations that they hold
    ('held'), the longest held first.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HANDED, [person_id, person_id, [role.value for role in holders], limit])
        return [Pointer(*row) for row in cursor.fetchall()]


def places_of(person_id: UUID, counting: Collection[Role] = (), holders: Collection[Role] = ()) -> list[Place]:
    """The person's places, by the brands' names; what waits is counted where they hold one of `counting`, and what is offered
    to their whole side with it where they hold one of `holders`. Hub side, one query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [[role.value for role in some] for some in (counting, holders)] + [person_id])
        return [
            Place(BrandRef(*brand), Side(side), Role(role), waiting)
            for *brand, side, role, waiting in cursor.fetchall()
        ]
