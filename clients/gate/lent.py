"""Lent addresses: where a network that fetches pictures itself may read one picture of one act, for an hour at most.

An address says brand, channel, act, digest and end, and is signed with a key of its own kind; nothing about it is stored.
So it cannot be taken back by itself, and need not: whoever reads by it is asked for anew each time, see `actions.lending`.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone

from clients.channels.port import Outbound
from clients.gate.models import Dispatch
from tenants.walls.scope import BrandRef

LENT_FOR = timedelta(minutes=60)
PATH = "/m/"
LONGEST = 600
_KEY = "relais.gate.lent"


@dataclass(frozen=True, slots=True)
class Lent:
    """What an address says."""

    brand_id: UUID
    channel_id: UUID
    dispatch_id: UUID
    digest: str
    until: datetime


def addressed(brand: BrandRef, dispatch: Dispatch, outbound: Outbound, until: datetime) -> Outbound:
    """The act with an address for each of its pictures."""

    def address(data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        lent = Lent(brand.id, dispatch.channel_id, dispatch.pk, digest, until)
        return f"{settings.PUBLIC_SCHEME}://{brand.slug}.{settings.PUBLIC_AUTHORITY}{PATH}{token_of(lent)}"

    return replace(outbound, media=tuple(file._replace(url=address(file.data)) for file in outbound.media))


def token_of(lent: Lent) -> str:
    said = [lent.brand_id.hex, lent.channel_id.hex, lent.dispatch_id.hex, lent.digest, int(lent.until.timestamp())]
    return _signer().sign_object(said)


def lent_by(token: str) -> Lent | None:
    """What a token of ours says, or None: it is none, it was altered, or its time is over."""
    if len(token) > LONGEST:
        return None
    try:
        brand, channel, dispatch, digest, until = _signer().unsign_object(token)
        lent = Lent(UUID(brand), UUID(channel), UUID(dispatch), str(digest), datetime.fromtimestamp(until, UTC))
    except (BadSignature, ValueError, TypeError):
        return None
    return lent if timezone.now() < lent.until else None


def _signer() -> Any:
    return Signer(salt=_KEY, sep=".")
