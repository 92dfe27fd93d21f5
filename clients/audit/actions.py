"""Writing the log: one function, called by every action inside its own transaction."""

import secrets
from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.utils import timezone

from clients.audit import lines
from clients.audit.models import Entry
from tenants.ids import uuid7
from tenants.walls.scope import required_brand
from tenants.walls.stamps import BrandModel, check_instance

# One statement: what a line costs, every act pays several times. The database gives `seq` and `tx`.
_LINE = """
    INSERT INTO audit_entry (id, at, person_id, side, role, via, verb, subject_kind, subject_id, facts, request_id, commitment)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING seq, tx"""
_LINE_AND_PRIVATE = f"""
    WITH line AS ({_LINE}), private AS (INSERT INTO audit_private (id, salt, data) VALUES (%s, %s, %s))
    SELECT seq, tx FROM line"""  # noqa: S608  our own text, twice


class Acting(Protocol):
    """What the log needs to know of who acts; `clients.people.actor.Actor` is one."""

    @property
    def person_id(self) -> UUID | None: ...
    @property
    def name(self) -> str: ...
    @property
    def side(self) -> str | None: ...
    @property
    def role(self) -> str | None: ...
    @property
    def via(self) -> str: ...
    @property
    def request_id(self) -> str: ...


def record(
    actor: Acting, verb: str, subject: BrandModel | None, /, *, private: Mapping[str, Any] | None = None, **facts: Any
) -> Entry:
    """Add one line, in the transaction of the write that it tells.

    `facts` are sealed for ever: codes, ids, whole numbers, digests. What is personal goes into `private`, as the actor's name
    does: the line only commits to it, and an erasure takes it away. Raises `lines.Unsealable` for what no line can hold.
    """
    required_brand()
    if subject is not None:
        check_instance(subject)
    line = Entry(
        id=uuid7(),
        at=timezone.now(),
        person_id=actor.person_id,
        side=str(actor.side or ""),
        role=str(actor.role or ""),
        via=str(actor.via),
        verb=verb,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        facts=lines.plain_facts(facts),
        request_id=actor.request_id,
        commitment=b"",
    )
    return _written(line, lines.plain({"name": actor.name} if actor.name else {}) | lines.plain(private or {}))


def _written(line: Entry, private: dict[str, Any]) -> Entry:
    salt = secrets.token_bytes(32)
    line.commitment = lines.commitment(salt, private) if private else b""
    values = [
        line.id, line.at, line.person_id, line.side, line.role, line.via, line.verb, line.subject_kind, line.subject_id,
        lines.canonical(line.facts).decode(), line.request_id, line.commitment,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        if private:
            cursor.execute(_LINE_AND_PRIVATE, [*values, line.id, salt, lines.canonical(private).decode()])
        else:
            cursor.execute(_LINE, values)
        line.seq, line.tx = cursor.fetchone()
    line._state.adding, line._state.db = False, connection.alias
    return line
