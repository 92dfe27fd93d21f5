"""What is asked of the log: recompute it, hand it out, send its checkpoints somewhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils import timezone
from psycopg import IsolationLevel

from clients.audit.actions import record
from clients.audit.bundle import Log, write_bundle
from clients.audit.recomputing import Fault, Progress, end, go_on
from clients.audit.stored import sealed_lines
from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.evidence.models import Check, CheckpointAddress
from clients.evidence.queries import notes_for_bundle, policy_text, sealed_checkpoint, sealed_size
from clients.outbox.actions import enqueue
from clients.outbox.models import OutboxRow
from clients.people.access import require
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Missing
from tenants.models import BrandPerson
from tenants.walls.scope import BrandRef, durable

CHECK, DAILY, LETTER = "evidence.check", "evidence.daily", "evidence.letter"
MOST_ADDRESSES = 10
CHECKPOINTS = "checkpoints"
"""By whose leave they are mailed: that of the owner who added the address."""
A_DAY = timedelta(days=1)


def begin_check(actor: Actor) -> Check:
    """Recompute the log as it is sealed now. Raises Conflict('check_running'), Conflict('log_not_sealed')."""
    require(actor, Verb.AUDIT_READ)
    with durable(actor.brand):
        if Check.objects.select_for_update().filter(ended_at=None).exists():
            raise Conflict("check_running")
        check = Check.objects.create(asked_by=actor.somebody, size=sealed_size())
        record(actor, "log.check_begun", check, size=check.size)
        enqueue(CHECK, {"check": str(check.pk)}, key=str(check.pk))
    return check


def go_on_checking(brand: BrandRef, *, check_id: UUID) -> bool:
    """One stretch further. True while there is more to do."""
    with durable(brand):
        check = Check.objects.select_for_update().filter(pk=check_id, ended_at=None).first()
        if check is None:
            return False
        hashes = tuple(bytes(check.frontier)[at : at + 32] for at in range(0, len(check.frontier), 32))
        found = go_on(Progress(check.done, hashes, check.good), check.size)
        if found.fault is None and found.done == check.size:
            found = end(found, check.size)
        check.done, check.frontier, check.good = found.done, b"".join(found.hashes), found.good
        if found.fault or found.done == check.size:
            _end_check(brand, check, found.fault)
        check.save()
    return check.ended_at is None


def _end_check(brand: BrandRef, check: Check, fault: Fault | None) -> None:
    check.ended_at = timezone.now()
    if fault:
        check.fault, check.position, check.until = fault.kind, fault.position, fault.until
    us = process_of(brand, EntryPoint.WORKER, "check")
    told: dict[str, Any] = {"fault": check.fault, "position": check.position, "until": check.until}
    record(us, "log.checked", check, size=check.size, **(told if fault else {}))


def write_log_bundle(actor: Actor, target: IO[bytes]) -> tuple[int, datetime]:
    """The whole sealed log into `target`, as of one moment of the database. Returns how many lines, and as of when.

    Nothing is handed out yet: `hand_out_log` says so in the log, with the digest, before the first byte leaves.
    """
    require(actor, Verb.AUDIT_READ)
    with _one_moment(), durable(actor.brand):
        newest, made = sealed_checkpoint(), timezone.now()
        people = ({"id": str(pk), "name": name} for pk, name in BrandPerson.objects.values_list("person_id", "name"))
        origin, notes = newest.note.partition("\n")[0], notes_for_bundle(newest.size)
        log = Log(origin, policy_text(), sealed_lines(newest.size), notes, people)
        return write_bundle(target, log, made=made), made


@contextmanager
def _one_moment() -> Iterator[None]:
    """The next transaction sees the database as it was at one moment: an erasure meanwhile would leave a gap without its line."""
    if (
        connection.in_atomic_block
    ):  # only where tests play inside a transaction of theirs: `durable` refuses it otherwise
        yield
        return
    connection.ensure_connection()
    talking = connection.connection
    talking.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        yield
    finally:
        talking.isolation_level = None


def hand_out_log(actor: Actor, *, way: Way, count: int, digest: str) -> None:
    """Something of the log leaves with whoever asked for it: on record, always, before it does."""
    require(actor, Verb.AUDIT_READ)
    with durable(actor.brand):
        what = Matter("audit.entry", info_class=InfoClass.BRAND, count=count, digest=digest)
        disclose(actor, way=way, to=Recipient.person(actor), what=what, why="downloaded")


def add_checkpoint_address(actor: Actor, *, email: str, language: str) -> CheckpointAddress:
    """For the brand's owner. Raises Invalid('bad_email' | 'address_known' | 'too_many_addresses', 'email')."""
    require(actor, Verb.CHECKPOINTS_SEND)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid("bad_email", "email") from None
    with durable(actor.brand):
        known = list(CheckpointAddress.objects.select_for_update().values_list("email", flat=True))
        if email in known:
            raise Invalid("address_known", "email")
        if len(known) >= MOST_ADDRESSES:
            raise Invalid("too_many_addresses", "email")
        row = CheckpointAddress.objects.create(email=email, language=language, added_by=actor.somebody)
        record(actor, "log.address_added", row, private={"address": email})
        enqueue(DAILY, {}, key="daily", due_at=timezone.now() + A_DAY)
    return row


def remove_checkpoint_address(actor: Actor, *, address_id: UUID) -> None:
    require(actor, Verb.CHECKPOINTS_SEND)
    with durable(actor.brand):
        row = CheckpointAddress.objects.select_for_update().filter(pk=address_id).first()
        if row is None:
            raise Missing("address")
        record(actor, "log.address_removed", row, private={"address": row.email})
        row.delete()


def send_checkpoint(actor: Actor) -> int:
    """Mail the newest checkpoint to every address now. Returns to how many. Raises Conflict('log_not_sealed')."""
    require(actor, Verb.AUDIT_READ)
    with durable(actor.brand):
        newest = sealed_checkpoint()
        sent = _enqueue_letters()
        record(actor, "log.checkpoint_asked", None, size=newest.size, addresses=sent)
    return sent


def send_daily(brand: BrandRef) -> bool:
    """The same by itself. False when there is no address any more: then nothing comes back tomorrow."""
    with durable(brand):
        return bool(_enqueue_letters())


def date_daily(brand: BrandRef) -> None:
    """Write the next daily letter down where there is none though addresses wait: given up, or withheld by a restore."""
    with durable(brand):
        dated = OutboxRow.objects.filter(kind=DAILY, done_at=None).exists()
        if not dated and CheckpointAddress.objects.exists():
            enqueue(DAILY, {}, key="daily")


def note_checkpoint_mailed(brand: BrandRef, *, address_id: UUID) -> tuple[CheckpointAddress, str] | None:
    """Where to, and the note: on record before it leaves. None for an address that is gone, or before anything is sealed."""
    with durable(brand):
        row = CheckpointAddress.objects.filter(pk=address_id).first()
        if row is None:
            return None
        newest = sealed_checkpoint()
        what = Matter("audit.checkpoint", info_class=InfoClass.PUBLIC, count=1)
        us = process_of(brand, EntryPoint.WORKER, "checkpoints")
        disclose(us, way=Way.MAIL, to=Recipient.address(row.email), what=what, why="reported", policy_name=CHECKPOINTS)
    return row, newest.note


def _enqueue_letters() -> int:
    ids = list(CheckpointAddress.objects.values_list("pk", flat=True))
    for pk in ids:
        enqueue(LETTER, {"address": str(pk)}, key=str(pk))
    return len(ids)
