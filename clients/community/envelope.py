"""The values of an erased member, for the moments between the erasure and its certificate: encrypted, bound to that erasure."""

import json
from uuid import UUID

from clients.audit.erasing.values import Sought
from clients.channels import vault


def seal(sought: Sought, *, brand_id: UUID, erasure_id: UUID) -> bytes:
    words = json.dumps([sought.values, sought.kept])
    return vault.seal({"sought": words}, brand_id=brand_id, channel_id=erasure_id)


def unseal(sealed: bytes | memoryview, *, brand_id: UUID, erasure_id: UUID) -> Sought:
    """Raises Conflict('secret_unreadable') when no key of ours opens it, or it was sealed for another erasure."""
    found = vault.unseal(sealed, brand_id=brand_id, channel_id=erasure_id)
    values, kept = json.loads(found.reveal("sought"))
    return Sought(tuple(values), tuple(kept))
