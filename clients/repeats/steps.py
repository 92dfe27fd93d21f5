"""Looking for the answer that was given already, and keeping the one that is given now: in the transaction of the effect."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils import timezone

from clients.repeats.models import Repeat
from tenants.errors import Conflict
from tenants.walls.scope import required_brand

KEPT = timedelta(hours=24)
_HELD = "SELECT pg_try_advisory_xact_lock(%s)"


def given_before(key_id: UUID, words: str, request: str) -> Repeat | None:
    """What was answered to these words, or None: then they are this transaction's until it ends.

    Raises Conflict('repeat_running') while another works on them, Conflict('repeat_other_body') for another request.
    """
    name = f"{required_brand().id}:{key_id}:{words}"
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [number])
        if not cursor.fetchone()[0]:
            raise Conflict("repeat_running")
    # A statement of its own: it sees what whoever held the words before has committed.
    found: Repeat | None = Repeat.objects.filter(key_id=key_id, words=words).first()
    if found is not None and found.at < timezone.now() - KEPT:
        found.delete()
        return None
    if found is not None and found.request != request:
        raise Conflict("repeat_other_body")
    return found


def keep(
    key_id: UUID,
    words: str,
    request: str,
    *,
    status: int,
    headers: Mapping[str, str],
    body: str,
    told: Sequence[Any],
) -> None:
    """Keep an answer beside the effect it tells of. Raises Conflict('repeat_running') for whoever comes second."""
    row = Repeat(
        key_id=key_id, words=words, request=request, status=status, headers=dict(headers), body=body, told=list(told)
    )
    try:
        row.save(force_insert=True)
    except IntegrityError:
        raise Conflict("repeat_running") from None
