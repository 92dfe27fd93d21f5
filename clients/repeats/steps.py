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
from tenants.ids import uuid7
from tenants.walls.backend.together import Answer, Later, Question
from tenants.walls.scope import required_brand, walls

KEPT = timedelta(hours=24)
_HELD = Question("SELECT pg_try_advisory_xact_lock(%s)", ("bigint",))
_GIVEN = Question(
    """SELECT request, status, headers, body, told, id, at < %s FROM repeats_repeat WHERE key_id = %s AND words = %s""",
    ("timestamptz", "uuid", "text"),
)
_KEPT = Question(
    "INSERT INTO repeats_repeat (id, key_id, words, request, status, headers, body, told, at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
    ("uuid", "uuid", "text", "text", "smallint", "jsonb", "text", "jsonb", "timestamptz"),
    tells=False,
)
_GONE = Question("DELETE FROM repeats_repeat WHERE id = %s", ("uuid",), tells=False)


def asked_before(key_id: UUID, words: str) -> list[tuple[Question, list[Any]]]:
    """What is asked to know whether these words were answered before; if not, they are this transaction's until it ends."""
    name = f"{required_brand().id}:{key_id}:{words}"
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    # Two statements of one message: the second one sees what whoever held the words before has committed.
    return [(_HELD, [number]), (_GIVEN, [timezone.now() - KEPT, key_id, words])]


def given_before(key_id: UUID, words: str, request: str, answers: Sequence[Answer]) -> Repeat | None:
    """What was answered to these words, by the answers to `asked_before`, or None.

    Raises Conflict('repeat_running') while another works on them, Conflict('repeat_other_body') for another request.
    """
    [[(held,)], rows] = answers
    if held != b"t":
        raise Conflict("repeat_running")
    if not rows:
        return None
    asked, status, headers, body, told, id_, is_over = (one or b"" for one in rows[0])
    if is_over == b"t":
        walls().ask_together(required_brand(), [(_GONE, [UUID(id_.decode())])])
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
    """Keep an answer beside the effect it tells of. Whoever comes second meets `is_second` when the transaction ends."""
    values = [uuid7(), key_id, words, request, status, _text(headers), body, _text(told), timezone.now()]
    walls().write_together(required_brand(), [Later(_KEPT, values, None)])


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()


def is_second(error: IntegrityError) -> bool:
    """Whether this error says that the words were answered meanwhile."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") == "repeat_once"
