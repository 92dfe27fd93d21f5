"""A mail of ours came back. The act stays sent, because it was; that it reached somebody not is a line of its trail.

Only what left as a mail can come back as one: whoever knows the public name of a post elsewhere cannot say that it did.
INVARIANT: a bounce changes no state and sends nothing. Anybody can write one who has seen the mail, so it is told to
people and believed by nothing. The recipient stands there as the digest that the receipt knows too.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from clients.audit.actions import record
from clients.audit.models import Private
from clients.audit.queries import trail_of
from clients.autonomy.vocabulary import EntryPoint
from clients.channels.bounces import Bounce
from clients.channels.models import Channel
from clients.channels.queries import kinds_by_mail
from clients.gate.models import Dispatch
from clients.gate.words import DispatchState
from clients.items.steps import lock_item
from clients.people.actor import process_of
from tenants.walls.scope import BrandRef, durable


def note_bounce(brand: BrandRef, *, message_id: str, recipient: str, status: str, permanent: bool) -> bool:
    """Whether it was a mail of this brand. The same news a second time adds nothing."""
    if not message_id:
        return False  # what a person performed has no name of a network's
    with durable(brand):
        mailed = Channel.objects.filter(kind__in=kinds_by_mail()).values("pk")
        sent = Dispatch.objects.filter(remote_id=message_id, state=DispatchState.SENT, channel_id__in=mailed)
        dispatch = sent.order_by("-ended_at").first()
        if dispatch is None:
            return False
        item = lock_item(dispatch.item_id)
        facts: dict[str, Any] = {
            "dispatch": str(dispatch.id),
            "status": status,
            "permanent": permanent,
        }
        told = trail_of(item._meta.label_lower, item.pk).filter(verb="act.bounced", facts=facts)
        # Beside the line: the digest of an address can be guessed, and must be erasable.
        whom = {"recipient": hashlib.sha256(recipient.encode()).hexdigest()}
        if not Private.objects.filter(pk__in=told.values("pk"), data__contains=whom).exists():
            record(process_of(brand, EntryPoint.COMMAND, "bounce"), "act.bounced", item, private=whom, **facts)
        return True


def note_bounces(brands: Iterable[BrandRef], bounces: Iterable[Bounce]) -> int:
    """How many of these belong to one of the brands: each is noted where its message was sent from."""
    everyone = tuple(brands)
    return sum(any(note_bounce(brand, **asdict(bounce)) for brand in everyone) for bounce in bounces)
