"""What a demo brand's day is made of: its people, its channels, and bringing something to say."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind
from clients.channels.models import Channel
from clients.gate.actions import approve_item, submit_item
from clients.items.actions import create_item
from clients.items.content import Content
from clients.items.models import Item
from clients.people.actor import Actor
from tenants.vocabulary import Role


@dataclass(frozen=True)
class Day:
    """What the day's work needs: actors by role, and the channels by name."""

    actors: dict[Role, Actor]
    wall: Channel
    letter: Channel
    phone: Channel

    def bring(self, text: str, *, submit: bool = True, by: Role = Role.COMMUNITY_MANAGER, **values: Any) -> Item:
        content = Content(
            **{"kind": ActionKind.PUBLISH, "channels": (str(self.wall.pk),), "text": text, "title": text[:60]} | values
        )
        item = create_item(self.actors[by], content=content)
        return submit_item(self.actors[by], item_id=item.pk, seen_digest=seen(item)) if submit else item

    def approved(self, item: Item) -> Item:
        return approve_item(self.actors[Role.APPROVER], item_id=item.pk, seen_digest=seen(item))


def seen(item: Item) -> str:
    assert item.version is not None
    return item.version.digest


def tomorrow(hour: int, days: int = 1) -> datetime:
    here = timezone.now().astimezone(ZoneInfo("Europe/Paris")) + timedelta(days=days)
    return here.replace(hour=hour, minute=0, second=0, microsecond=0)
