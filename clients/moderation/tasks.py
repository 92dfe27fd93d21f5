"""What the outbox calls for moderation: an act that may have left, and the things of a raid one by one."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.moderation.actions import follow_act, hide_one, show_one
from clients.moderation.steps import FOLLOW, RAID, UNRAID
from clients.outbox.registry import handles
from clients.people.actor import process_of
from tenants.walls.scope import BrandRef


@handles(FOLLOW)
def follow(brand: BrandRef, payload: dict[str, Any]) -> None:
    follow_act(process_of(brand, EntryPoint.WORKER, "moderation"), act_id=UUID(payload["act"]))


@handles(RAID)
def raid(brand: BrandRef, payload: dict[str, Any]) -> None:
    hide_one(brand, raid_id=UUID(payload["raid"]), mention_id=UUID(payload["mention"]))


@handles(UNRAID)
def unraid(brand: BrandRef, payload: dict[str, Any]) -> None:
    show_one(brand, act_id=UUID(payload["act"]), person_id=UUID(payload["person"]))
