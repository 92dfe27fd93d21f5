"""Writing the log: `record`, called by every action inside its own transaction; and what is done to the log itself."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count, groupby
from typing import Any, Protocol
from uuid import UUID

from django.db import connection
from django.utils import timezone

from clients.audit import keys, lines, receipts
from clients.audit.models import Entry, LogKey, Private
from clients.autonomy.vocabulary import EntryPoint
from tenants.errors import Conflict, Refused
from tenants.ids import uuid7
from tenants.walls.backend.together import Answer, Later, Question
from tenants.walls.scope import BrandRef, durable, required_brand, walls
from tenants.walls.stamps import BrandModel, check_instance

# One statement, written once: what a line costs, every act pays several times. The database gives `seq` and `tx`.
_COLUMNS = "id, at, person_id, side, role, via, verb, subject_kind, subject_id, facts, request_id, commitment"
_TYPES = ("uuid", "timestamptz", "uuid", *("text",) * 5, "uuid", "jsonb", "text", "bytea")
_LINE = f"INSERT INTO audit_entry ({_COLUMNS}) VALUES ({', '.join(['%s'] * len(_TYPES))}) RETURNING seq, tx"  # noqa: S608
_LINE_AND_PRIVATE = f"""
    WITH line AS ({_LINE}), private AS (INSERT INTO audit_private (id, salt, data) VALUES (%s, %s, %s))
    SELECT seq, tx FROM line"""  # noqa: S608  our own text, twice
_OPEN, _WITH_PRIVATE = Question(_LINE, _TYPES), Question(_LINE_AND_PRIVATE, (*_TYPES, "uuid", "bytea", "jsonb"))


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
    @property
    def session(self) -> str: ...
    @property
    def key_id(self) -> UUID | None: ...


class ActingIn(Acting, Protocol):
    """The same, in a brand: what an action of the log takes."""

    @property
    def brand(self) -> BrandRef: ...


@dataclass(frozen=True, slots=True)
class House:
    """The installation itself, where the log is about the log. This lies below `people`, which has processes for all others."""

    brand: BrandRef
    name: str = ""
    person_id: UUID | None = None
    side: str | None = None
    role: str | None = None
    via: str = EntryPoint.WORKER
    request_id: str = ""
    session: str = ""
    key_id: UUID | None = None


def record(
    actor: Acting, verb: str, subject: BrandModel | None, /, *, private: Mapping[str, Any] | None = None, **facts: Any
) -> Entry:
    """Add one line, in the transaction of the write that it tells.

    `facts` are sealed for ever: codes, ids, whole numbers, digests. What is personal goes into `private`, as the actor's name
    does: the line only commits to it, and an erasure takes it away. Who came in a session is told by it, too: from where that
    was stands once, in the line `session.entered` of that session; and so is the key that acted for them. Raises
    `lines.Unsealable` for what no line can hold. Inside `gathering` its `seq` and `tx` are there with the next question.
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
        facts=lines.plain_facts(facts | _came_by(actor)),
        request_id=actor.request_id,
        commitment=b"",
    )
    return _written(line, lines.plain({"name": actor.name} if actor.name else {}) | lines.plain(private or {}))


def _came_by(actor: Acting) -> dict[str, str]:
    """The sitting, or the key, that somebody acted in."""
    session = {"session": actor.session} if actor.session else {}
    return session | ({"key": str(actor.key_id)} if actor.key_id else {})


def _written(line: Entry, private: dict[str, Any]) -> Entry:
    salt = secrets.token_bytes(32)
    line.commitment = lines.commitment(salt, private) if private else b""
    values = [
        line.id, line.at, line.person_id, line.side, line.role, line.via, line.verb, line.subject_kind, line.subject_id,
        lines.canonical(line.facts).decode(), line.request_id, line.commitment,
    ]  # fmt: skip

    def numbered(rows: Answer) -> None:
        line.seq, line.tx = (int(one or 0) for one in rows[0])

    if private:
        values += [line.id, salt, lines.canonical(private).decode()]
    walls().write_together(required_brand(), [Later(_WITH_PRIVATE if private else _OPEN, values, numbered)])
    line._state.adding, line._state.db = False, connection.alias
    receipts.tell(line)
    return line


def open_log(brand: BrandRef) -> LogKey:
    """The brand's first key, in the sealer's transaction; the line about it is sealed with the next batch."""
    first = keys.new_key(brand, 1)
    first.save(force_insert=True)
    record(House(brand), "log.opened", first, vkey=str(keys.verifier_key(first)))
    return first


def rotate_log_key(*, actor: ActingIn) -> LogKey:
    """A new key, announced by a line that the key before still signs; from the next head on, the new one does.

    Only for the installation's own command, as `reseal_log_keys`. Raises Refused('not_allowed'), and Conflict('log_not_opened')
    where nothing was ever sealed.
    """
    _only_the_house(actor)
    with durable(actor.brand):
        last = LogKey.objects.select_for_update().order_by("-number").first()
        if last is None:
            raise Conflict("log_not_opened")
        fresh = keys.new_key(actor.brand, last.number + 1)
        fresh.entry_id = record(actor, "log.key", fresh, vkey=str(keys.verifier_key(fresh))).pk
        fresh.save(force_insert=True)
    return fresh


def reseal_log_keys(*, actor: ActingIn) -> tuple[int, list[int]]:
    """Encrypt the keys anew under the installation's newest: (how many, the numbers of those that no key of ours opens)."""
    _only_the_house(actor)
    done, unreadable = 0, []
    with durable(actor.brand):
        for log_key in LogKey.objects.select_for_update().order_by("number"):
            try:
                log_key.secret = keys.resealed(log_key)
            except Conflict:
                unreadable.append(log_key.number)
                continue
            log_key.save(update_fields=("secret",))
            done += 1
        if done:
            record(actor, "log.keys_resealed", None, keys=done)
    return done, unreadable


def erase_private(actor: Acting, entries: Iterable[UUID], /, **facts: Any) -> Entry:
    """Delete what is personal of these lines, and say so in one line that names them. In the caller's transaction.

    `facts` say on whose demand and on what ground. A trigger refuses the deletion without the line.
    """
    found = Entry.objects.filter(pk__in=list(entries)).order_by("seq")
    erased = list(found.filter(pk__in=Private.objects.values("pk")).values_list("pk", "seq"))
    line = record(actor, "log.erased", None, **facts, seqs=_ranges(seq for _, seq in erased))
    Private.objects.filter(pk__in=[pk for pk, _ in erased]).delete()
    return line


def _ranges(numbers: Iterable[int]) -> list[list[int]]:
    """[3, 4, 5, 9] as [[3, 5], [9, 9]]."""
    runs = [
        [n for n, _ in run] for _, run in groupby(zip(numbers, count(), strict=False), lambda pair: pair[0] - pair[1])
    ]
    return [[run[0], run[-1]] for run in runs]


def _only_the_house(actor: ActingIn) -> None:
    if actor.side is not None or actor.via != EntryPoint.COMMAND:
        raise Refused("not_allowed")
