"""The network `memory`: class A, a wall one can look at, and the truth about what went out.

It behaves like a foreign system. INVARIANT: its row is committed by a transaction of its own on a connection of its
own, so that a crash of ours after the call undoes our side only, and sending again with the same key finds the post.
"""

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection

from clients.autonomy.vocabulary import ActionKind
from clients.channels.models import MemoryPost
from clients.channels.port import Capabilities, Idempotency, Outbound, SendFailed, Sent, SettingField
from clients.channels.secret import Secrets
from tenants.models import Brand
from tenants.walls.scope import durable

BY_PEOPLE = frozenset({ActionKind.PHONE_CALL, ActionKind.EVENT})


class MemoryConnector:
    kind = "memory"
    fields: tuple[SettingField, ...] = ()
    declares = Capabilities(
        kinds=frozenset(ActionKind) - BY_PEOPLE,
        idempotency=Idempotency.REMOTE_KEY,
        max_length=500,
        link_weight=23,
        max_title=200,
        max_media=4,
        media_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
        max_media_bytes=8_000_000,
        max_media_pixels=16_000_000,
        deadline_seconds=10.0,
    )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """It has none."""

    def send(self, outbound: Outbound, until: float) -> Sent:
        """One row per channel and key, whoever comes first and however often."""
        with _line_of_its_own(outbound.brand_id):
            MemoryPost.objects.bulk_create([_post(outbound)], ignore_conflicts=True)
            post = MemoryPost.objects.get(channel_id=outbound.channel_id, key=outbound.key)
            if time.monotonic() > until:
                raise SendFailed("deadline", permanent=False, maybe_sent=False)  # rolls the post back
        return _sent(post)

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        with _line_of_its_own(outbound.brand_id):
            post = MemoryPost.objects.filter(channel_id=outbound.channel_id, key=outbound.key).first()
            return None if post is None else _sent(post)


@contextmanager
def _line_of_its_own(brand_id: UUID) -> Iterator[None]:
    """The brand's scope on the connection of the port's thread, which ends with the call.

    Called past its port, on a connection that has a transaction open, it fails instead of becoming part of it.
    """
    if connection.in_atomic_block:
        raise RuntimeError("called_inside_a_transaction")
    try:
        with durable(Brand.objects.get(pk=brand_id).ref()):
            yield
    finally:
        connection.close()


def _post(outbound: Outbound) -> MemoryPost:
    return MemoryPost(
        channel_id=outbound.channel_id,
        key=outbound.key,
        kind=outbound.kind,
        title=outbound.title,
        text=outbound.text,
        link=outbound.link,
        media=[
            {"digest": hashlib.sha256(file.data).hexdigest(), "mime": file.mime, "alt": file.alt}
            for file in outbound.media
        ],
        recipient=outbound.recipient or "",
        target=outbound.target or "",
    )


def _sent(post: MemoryPost) -> Sent:
    return Sent(remote_id=str(post.pk))


CONNECTOR = MemoryConnector()
