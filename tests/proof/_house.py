"""The house in which the proof `holes` tries its keys: a world on a clock, and a new set-up for every attempt."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clients.approvals.models import Hold
from clients.autonomy.vocabulary import EntryPoint
from clients.gate.actions import approve_item, stop
from clients.items.models import Item
from clients.people.actor import Actor
from tenants.vocabulary import Role
from tests.proof import _forgery as forge
from tests.proof._scene import digest
from tests.world import World

LATER = timedelta(hours=2)


@dataclass(slots=True)
class House:
    """The world and its clock, and a new set-up for every attempt."""

    world: World
    clock: Any
    made: int = 0
    tried: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)

    def command(self, role: Role) -> Actor:
        return self.world.actor(role, EntryPoint.COMMAND)

    def text(self) -> str:
        self.made += 1
        return f"Trou {self.made:04d}"

    def waiting(self) -> Item:
        return self.world.submitted(self.text())

    def scheduled(self, **content: Any) -> Item:
        """Approved, and due in two hours."""
        item = self.world.submitted(self.text(), not_before=timezone.now() + LATER, **content)
        approve_item(self.world.approver, item_id=item.pk, seen_digest=digest(item))
        return item

    def held(self) -> tuple[Item, Hold]:
        item = self.scheduled()
        return item, stop(self.world.approver, scope="item", value=str(item.pk))

    def is_out(self, item: Item) -> bool:
        """Whether anything that begins like the item's text has reached the wall."""
        return any(text.startswith(item.title[:9]) for text in self.world.on_the_wall())

    def stays_in(self, item: Item, *states: str) -> bool:
        """Let its moment pass and workers try everything: it must not be out, and stand in one of `states`."""
        self.clock.shift(LATER + timedelta(minutes=1))
        forge.work_everything(self.world)
        return not self.is_out(item) and (not states or self.world.state_of(item) in states)
