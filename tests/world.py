"""A whole small world: one brand with people of both sides, an agency under mandate, channels, a briefing everybody has read.

Used by the tests of the gate, the proofs and the benchmarks. Everything is made through the public actions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind, EntryPoint, Sensitivity
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.channels.actions import connect_channel
from clients.channels.models import Channel, MemoryPost
from clients.gate.actions import submit_item
from clients.items.actions import create_item
from clients.items.content import Content
from clients.items.models import Item
from clients.mandates.actions import activate_mandate, offer_mandate, propose_charter, sign_charter
from clients.mandates.models import Mandate
from clients.mandates.queries import version_in_force
from clients.outbox.actions import perform
from clients.outbox.models import OutboxRow
from clients.people.access import actor_for
from clients.people.actor import Actor
from tenants.models import Agency, Membership, Person
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import BrandRef, brand_scope

SECTIONS = {
    "objectives": "Be the first member of the community.",
    "audience": "People who bake.",
    "tone": "Warm, short, never ironic.",
}


@dataclass
class World:
    """`actor(role)` has just proved who they are; `charter(...)` signs a new version of the matrix."""

    brand: BrandRef
    agency: Agency
    people: dict[Role, Person]
    wall: Channel
    mandate: Mandate
    extra: dict[str, Any] = field(default_factory=dict)

    def actor(self, role: Role, via: EntryPoint = EntryPoint.PAGE, *, stepped_up: bool = True) -> Actor:
        return actor_for(self.people[role], self.brand, via, stepped_up_at=timezone.now() if stepped_up else None)

    @property
    def cm(self) -> Actor:
        return self.actor(Role.COMMUNITY_MANAGER)

    @property
    def owner(self) -> Actor:
        return self.actor(Role.BRAND_OWNER)

    @property
    def approver(self) -> Actor:
        return self.actor(Role.APPROVER)

    def charter(self, level: int = 2, **limits: Any) -> None:
        """One grant for everything routine and, at most level 2, everything else."""
        self.sign(
            {"channel": "", "kind": "", "sensitivity": "routine", "level": level, **limits},
            {"channel": "", "kind": "", "sensitivity": "sensitive", "level": min(level, 2)},
            {"channel": "", "kind": "", "sensitivity": "crisis", "level": min(level, 1)},
        )

    def sign(self, *grants: dict[str, Any]) -> None:
        with brand_scope(self.brand):
            former = version_in_force(self.mandate)
        base = former.number if former else 0
        version = propose_charter(actor=self.owner, mandate_id=self.mandate.pk, base=base, grants=grants)
        sign_charter(actor=self.owner, charter_id=version.pk, digest=version.digest)

    def content(self, text: str = "Bonjour à tous !", **changes: Any) -> Content:
        values: dict[str, Any] = {
            "kind": ActionKind.PUBLISH,
            "channels": (str(self.wall.pk),),
            "text": text,
            "sensitivity": Sensitivity.ROUTINE,
        }
        return Content(**values | changes)

    def draft(self, text: str = "Bonjour à tous !", by: Actor | None = None, **changes: Any) -> Item:
        return create_item(by or self.cm, content=self.content(text, **changes))

    def submitted(self, text: str = "Bonjour à tous !", by: Actor | None = None, **changes: Any) -> Item:
        item = self.draft(text, by, **changes)
        assert item.version is not None
        return submit_item(by or self.cm, item_id=item.pk, seen_digest=item.version.digest)

    def run_outbox(self, *kinds: str, rounds: int = 5) -> int:
        """Perform what is due, as relay and worker would. Returns how many rows were performed."""
        done = 0
        for _ in range(rounds):
            with brand_scope(self.brand):
                due = OutboxRow.objects.filter(done_at=None, due_at__lte=timezone.now())
                ids = list((due.filter(kind__in=kinds) if kinds else due).values_list("id", flat=True))
            for row_id in ids:
                perform(self.brand, row_id)
            done += len(ids)
            if not ids:
                break
        return done

    def on_the_wall(self) -> list[str]:
        with brand_scope(self.brand):
            return list(
                MemoryPost.objects.filter(channel_id=self.wall.pk).order_by("at").values_list("text", flat=True)
            )

    def state_of(self, item: Item | UUID) -> str:
        with brand_scope(self.brand):
            return Item.objects.values_list("state", flat=True).get(pk=getattr(item, "pk", item))


def make_world(
    brand: BrandRef,
    make_person: Callable[..., Person],
    *,
    level: int = 2,
    read_by: Sequence[Role] = (Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER, Role.AGENCY_OWNER),
) -> World:
    """A world in `brand`, with one person for every role and a charter at `level`."""
    agency, _ = Agency.objects.get_or_create(slug=f"agence-{brand.slug}", defaults={"name": "Agence Lumen"})
    people = {role: make_person(name=str(role).replace("_", " ").title()) for role in Role}
    Membership.objects.bulk_create(_membership(brand, agency, role, person) for role, person in people.items())
    owner = actor_for(people[Role.BRAND_OWNER], brand, EntryPoint.COMMAND, stepped_up_at=timezone.now())
    mandate = offer_mandate(actor=owner, agency_id=agency.pk, starts_on=date(2026, 1, 1))
    mandate = activate_mandate(actor=owner, mandate_id=mandate.pk)
    wall = connect_channel(actor=owner, kind="memory", name="Le mur")
    publish_briefing(actor=owner, after=0, sections=SECTIONS, calendar={})
    world = World(brand, agency, people, wall, mandate)
    for role in read_by:
        acknowledge_briefing(actor=world.actor(role), number=1)
    world.charter(level)
    return world


def _membership(brand: BrandRef, agency: Agency, role: Role, person: Person) -> Membership:
    side = Side.AGENCY if role in ROLES_OF[Side.AGENCY] else Side.BRAND
    return Membership(
        person=person,
        brand_id=brand.id,
        side=side,
        role=role,
        agency=agency if side is Side.AGENCY else None,
        created_at=timezone.now(),
    )


def at(moment: str) -> datetime:
    """`at('2026-11-23T10:00+01:00')`."""
    return datetime.fromisoformat(moment)


__all__ = ["World", "at", "make_world"]
