"""A brand with its agency, their people, and a mandate at each stage: what tests and the proof part `monotony` start from."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.channels.models import Channel
from clients.mandates.actions import activate_mandate, offer_mandate, propose_charter, sign_charter
from clients.mandates.models import CharterVersion, Mandate
from clients.mandates.queries import version_in_force
from clients.people.access import actor_for
from clients.people.actor import Actor
from tenants.models import Agency, AgencyMember, Membership, Person
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import BrandRef, brand_scope

STARTS = date(2026, 1, 1)
WIDE = {"channel": "", "kind": "", "sensitivity": "routine", "level": 5}
"""A draft line: everything routine, everywhere, at once."""


@dataclass(frozen=True)
class House:
    """One brand, one agency, and the people of both. `actor(role)` has just stepped up unless told otherwise.

    Actors are the ones of the beginning, so that a guard is seen to refuse also whoever has lost their place meanwhile.
    """

    brand: BrandRef
    agency: Agency
    people: dict[Role, Person]
    actors: dict[Role, Actor]

    def actor(self, role: Role, *, stepped_up: bool = True) -> Actor:
        return replace(self.actors[role], stepped_up_at=timezone.now() if stepped_up else None)

    @property
    def owner(self) -> Actor:
        return self.actor(Role.BRAND_OWNER)

    def offered(self) -> Mandate:
        return offer_mandate(actor=self.owner, agency_id=self.agency.pk, starts_on=STARTS)

    def active(self) -> Mandate:
        return activate_mandate(actor=self.owner, mandate_id=self.offered().pk)

    def proposed(self, mandate: Mandate, *grants: dict[str, Any], by: Role = Role.AGENCY_OWNER) -> CharterVersion:
        with brand_scope(self.brand):
            former = version_in_force(mandate)
        base = former.number if former else 0
        return propose_charter(actor=self.actor(by), mandate_id=mandate.pk, base=base, grants=grants or (WIDE,))

    def sign(self, version: CharterVersion) -> CharterVersion:
        return sign_charter(actor=self.owner, charter_id=version.pk, digest=version.digest)

    def signed(self, *grants: dict[str, Any]) -> tuple[Mandate, CharterVersion]:
        mandate = self.active()
        return mandate, self.sign(self.proposed(mandate, *grants))

    def channel(self, name: str = "Instagram") -> str:
        with brand_scope(self.brand):
            return str(Channel.objects.create(kind="memory", name=name).pk)


def house_in(brand: BrandRef, slug: str, member: Callable[..., Membership]) -> House:
    agency = Agency.objects.create(name=slug.title(), slug=slug)
    people = {}
    for role in Role:
        people[role] = member(brand, role, agency=agency).person
        if role in ROLES_OF[Side.AGENCY]:
            AgencyMember.objects.create(agency=agency, person=people[role], role=role)
    actors = {role: actor_for(person, brand, EntryPoint.PAGE) for role, person in people.items()}
    return House(brand, agency, people, actors)
