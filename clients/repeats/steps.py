"""Looking for the answer that was given already, and keeping the one that is given now: in the transaction of the effect."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError
from django.utils import timezone

from clients.repeats.models import Repeat
from tenants.errors import Conflict
from tenants.walls.added import add_together
from tenants.walls.backend.together import Question
from tenants.walls.scope import required_brand, walls

KEPT = timedelta(hours=24)
_HELD = Question("SELECT pg_try_advisory_xact_lock(%s)", ("bigint",))
_GIVEN = Question(
    """SELECT request, status, headers, body, told, id, at < %s FROM repeats_repeat WHERE key_id = %s AND words = %s""",
    ("timestamptz", "uuid", "text"),
)
_GONE = Question("DELETE FROM repeats_repeat WHERE id = %s", ("uuid",))


def given_before(key_id: UUID, words: str, request: str) -> Repeat | None:
    """What was answered to these words, or None: then they are this transaction's until it ends.

    Raises Conflict('repeat_running') while another works on them, Conflict('repeat_other_body') for another request.
    """
    brand = required_brand()
    name = f"{brand.id}:{key_id}:{words}"
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    # Two statements of one message: the second one sees what whoever held the words before has committed.
    given = (_GIVEN, [timezone.now() - KEPT, key_id, words])
    [[(held,)], rows] = walls().ask_together(brand, [(_HELD, [number]), given])
    if held != b"t":
        raise Conflict("repeat_running")
    if not rows:
        return None
    asked, status, headers, body, told, id_, is_over = (one or b"" for one in rows[0])
    if is_over == b"t":
        walls().ask_together(brand, [(_GONE, [UUID(id_.decode())])])
        return None
    if asked.decode() != request:
        raise Conflict("repeat_other_body")
    return Repeat(
        id=UUID(id_.decode()), key_id=key_id, words=words, request=request, status=int(status), body=body.decode(),
        headers=orjson.loads(headers), told=orjson.loads(told),
    )  # fmt: skip


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
        add_together(row)
    except IntegrityError:
        raise Conflict("repeat_running") from None
