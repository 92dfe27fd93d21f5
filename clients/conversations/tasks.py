"""What the outbox calls for conversations: a reply on its way."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.conversations.actions import follow_reply
from clients.conversations.steps import FOLLOW
from clients.outbox.registry import handles
from clients.people.actor import process_of
from tenants.walls.scope import BrandRef


@handles(FOLLOW)
def follow(brand: BrandRef, payload: dict[str, Any]) -> None:
    follow_reply(process_of(brand, EntryPoint.WORKER, "conversations"), reply_id=UUID(payload["reply"]))
