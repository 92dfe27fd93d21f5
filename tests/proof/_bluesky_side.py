"""The other side of a conversation on a real Bluesky network: somebody there who speaks, and what stands in our repository."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache

from clients.autonomy.vocabulary import EntryPoint
from clients.channels.bluesky.xrpc import Session, log_in
from clients.channels.secret import Secrets
from clients.mentions.models import Mention
from clients.people.actor import process_of
from clients.sources.actions import look_at_source
from tenants.walls.scope import brand_scope
from tests.proof._hand_off import Thread
from tests.proof._programs import wait_for
from tests.systems import bluesky

POSTS = "app.bsky.feed.post"
SOON = 60.0
"""Seconds that the network has to tell us of what was said there."""


@dataclass
class BlueskyOutside:
    thread: Thread
    network: bluesky.Network
    root: dict[str, str] | None = None

    def begins(self, text: str) -> str:
        us = self.network.people["marque"]
        call = f"@{us['handle']}"
        feature = {"$type": "app.bsky.richtext.facet#mention", "did": us["did"]}
        facet = {"index": {"byteStart": 0, "byteEnd": len(call.encode())}, "features": [feature]}
        self.root = self._says(f"{call} {text}", facets=[facet])
        wait_for(lambda: self._heard(text), "the source hears who speaks to us", seconds=SOON)
        return self.root["uri"]

    def goes_on(self, text: str) -> bool:
        newest = self._records()[-1]
        parent = {"uri": newest["uri"], "cid": newest["cid"]}
        self._says(text, reply={"root": self.root, "parent": parent})
        before = len(self.thread.turns())
        wait_for(lambda: self._heard(text), "the source hears the answer", seconds=SOON)
        return len(self.thread.turns()) == before + 1

    def ours(self) -> list[tuple[str, str]]:
        values = [each["value"] for each in self._records()]
        return [(value["text"], value.get("reply", {}).get("parent", {}).get("uri", "")) for value in values]

    def _records(self) -> list[dict[str, Any]]:
        """What is there, oldest first, whatever the view has seen of it."""
        did = self.network.people["marque"]["did"]
        reply = self._friend().ask("com.atproto.repo.listRecords", repo=did, collection=POSTS, limit="100")
        found: list[dict[str, Any]] = reply.fields()["records"]
        return sorted(found, key=lambda each: str(each["value"]["createdAt"]))

    def _says(self, text: str, **more: Any) -> dict[str, str]:
        session = self._friend()
        record = {"$type": POSTS, "text": text, "createdAt": datetime.now(UTC).isoformat(), **more}
        made = session.do(
            "com.atproto.repo.createRecord", {"repo": session.did, "collection": POSTS, "record": record}
        ).fields()
        return {"uri": str(made["uri"]), "cid": str(made["cid"])}

    def _friend(self) -> Session:
        friend = self.network.people["amie"]
        return log_in({"site": self.network.site, "handle": friend["handle"]}, Secrets(friend), time.monotonic() + 20)

    def _heard(self, text: str) -> bool:
        """One look by a worker, as at each period; whether the words are there."""
        cache.clear()  # a look is polite to its host
        world = self.thread.world
        look_at_source(actor=process_of(world.brand, EntryPoint.WORKER, "sources"), source_id=self.thread.source)
        with brand_scope(world.brand):
            return Mention.objects.filter(source=self.thread.source, text__contains=text).exists()
