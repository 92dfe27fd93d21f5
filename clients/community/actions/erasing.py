"""Erasing a member: somebody asks, and from that moment nobody reads or changes the member any more; then a worker takes the
words out of every table in one transaction; files and letters go, everything is searched again, and only when nothing is found is
there a certificate. A brand's tables may take a minute to search: no page waits for it.

INVARIANT: the certificate is the result of that second search, by the values themselves, over every table of the brand and not
only those that say they hold something. The values are kept encrypted until then, and no longer.
"""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone

from clients.audit.actions import record
from clients.audit.erasing.holders import outside
from clients.audit.erasing.steps import tables_that_hold
from clients.audit.erasing.values import Sought
from clients.audit.lines import canonical
from clients.community.access import access_member
from clients.community.envelope import seal, unseal
from clients.community.models import Erasure, Member, MemberHandle
from clients.community.queries import begun_at, erasure_waiting, sought_of, states_aside
from clients.community.rules import Basis
from clients.community.steps import head_over, take_everything_out
from clients.outbox.actions import enqueue
from clients.outbox.models import OutboxRow
from clients.outbox.registry import Later
from clients.people.access import require, require_process, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.keeping.erased import BEGIN
from tenants.walls.scope import brand_scope, durable

FINISH = "community.finish_erasure"
"""Kind of the second outbox row of an erasure; payload {"erasure": "<id>"}. The first is `tenants.keeping.erased.BEGIN`."""
WAIT_FOR_SEAL, LOOK_AGAIN = timedelta(minutes=1), timedelta(seconds=2)


class StillHeld(Exception):
    """Something was found after all: the outbox comes back, and there is no certificate before it is gone."""


def erase_member(actor: Actor, *, member_id: UUID, basis: str) -> Erasure:
    """Have a member's data taken out of everything the brand has. The owner proves who they are; it cannot be undone.

    INVARIANT: with this commit the member is closed to everybody, and the work is written down: it is done whatever dies.
    Raises Refused('not_allowed' | 'step_up_required'), Missing('member'), Invalid('basis_missing', 'basis'),
    Conflict('member_held' | 'being_erased').
    """
    require(actor, Verb.MEMBER_ERASE)
    require_step_up(actor, timezone.now())
    if basis not in set(Basis):
        raise Invalid("basis_missing", "basis")
    with durable(actor.brand):
        member = access_member(actor, member_id, lock=True)
        if member.held_because:
            raise Conflict("member_held")
        erasure = Erasure.objects.create(
            member_id=member.pk, by_person=actor.somebody, by_name=actor.name, basis=Basis(basis)
        )
        record(actor, "erasure.asked", erasure, member=str(member.pk), basis=basis)
        enqueue(BEGIN, {"erasure": str(erasure.pk)}, key=str(erasure.pk))
    return erasure


def begin_erasure(actor: Actor, *, erasure_id: UUID) -> Erasure | None:
    """For a worker: the words go, all of them or none. None when that was done before. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        erasure = Erasure.objects.select_for_update().filter(pk=erasure_id).first()
        if erasure is None or erasure.is_begun:
            return None
        return _erase(actor, Member.objects.select_for_update().get(pk=erasure.member_id), erasure)


def erase_again(actor: Actor, *, member_id: UUID, basis: str, by: UUID, by_name: str) -> Erasure | None:
    """For a worker: whom an older copy of the brand has brought back goes again, on the ground and by the word of then.

    Also somebody who was held back in that copy: they were erased after it. None when they are gone already. Raises
    Refused('not_allowed').
    """
    require_process(actor)
    with durable(actor.brand):
        member = Member.objects.select_for_update().filter(pk=member_id).first()
        if member is None:
            return None
        erasure = erasure_waiting(member_id) or Erasure(
            member_id=member_id, by_person=by, by_name=by_name, basis=Basis(basis)
        )
        return _erase(actor, member, erasure, again=True)


def finish_erasure(actor: Actor, *, erasure_id: UUID) -> Erasure | None:
    """For a worker: files and letters go, what came meanwhile goes too, everything is searched, the certificate is written.

    None when that was done before. Raises Refused('not_allowed'), `Later`, and `StillHeld` while something is found.
    """
    require_process(actor)
    with brand_scope(actor.brand):
        erasure = Erasure.objects.filter(pk=erasure_id, finished_at=None).first()
        if erasure is None or not erasure.is_begun:
            return None
        sought = unseal(erasure.sealed, brand_id=actor.brand.id, erasure_id=erasure.pk)
        for name in erasure.files:
            default_storage.delete(name)
        for place in outside():
            place.erase(sought)
    with durable(actor.brand):
        erasure = Erasure.objects.select_for_update().get(pk=erasure_id)
        if erasure.finished_at is None:
            _certify(actor, erasure, sought)
    if erasure.finished_at is None:
        raise StillHeld
    return erasure


def date_erasures(actor: Actor) -> int:
    """Write down anew what was given up of erasures that are not over; for a worker, once a day. Returns how many.

    Without it a member whose erasure failed too often would stay closed to everybody, and here.
    """
    require_process(actor)
    with durable(actor.brand):
        waiting = set(OutboxRow.objects.filter(kind__in=(BEGIN, FINISH), done_at=None).values_list("key", flat=True))
        left = [one for one in Erasure.objects.filter(finished_at=None) if str(one.pk) not in waiting]
        for one in left:
            enqueue(FINISH if one.is_begun else BEGIN, {"erasure": str(one.pk)}, key=str(one.pk))
    return len(left)


def _erase(actor: Actor, member: Member, erasure: Erasure, *, again: bool = False) -> Erasure:
    sought, shared = sought_of(member)
    facts = _facts(erasure) | ({"again": True} if again else {})
    MemberHandle.objects.filter(member=member).delete()
    Member.objects.filter(pk=erasure.member_id).delete()
    line, done, rows = take_everything_out(actor, sought, gone=(erasure.member_id,), **facts)
    erasure.counts, erasure.rows, erasure.files = dict(+done.counts), rows, done.files
    erasure.sealed = seal(sought, brand_id=actor.brand.id, erasure_id=erasure.pk)
    erasure.certificate = {"line": str(line.pk), "seq": line.seq, "shared": len(shared), "values": len(sought.values)}
    erasure.certificate |= {"again": True} if again else {}
    erasure.save()
    enqueue(FINISH, {"erasure": str(erasure.pk)}, key=str(erasure.pk))
    return erasure


def _facts(erasure: Erasure) -> dict[str, Any]:
    """Of each line that tells of it: a worker does it, and somebody has asked for it."""
    about = {"erasure": erasure.pk, "member": erasure.member_id, "basis": erasure.basis, "asked_by": erasure.by_person}
    return {name: str(value) for name, value in about.items()}


def _certify(actor: Actor, erasure: Erasure, sought: Sought) -> None:
    sealed, head = head_over(UUID(erasure.certificate["line"]))
    if not sealed and timezone.now() < begun_at(erasure) + WAIT_FOR_SEAL:
        raise Later(timezone.now() + LOOK_AGAIN)
    tables, rows, found = tables_that_hold(sought)
    if found:
        _take_out_again(actor, erasure, sought)
        return
    left = sum(default_storage.exists(name) for name in erasure.files) + sum(p.count(sought) for p in outside())
    if left:
        return
    searched = {"tables": tables, "rows": rows, "found": 0, "files": len(erasure.files), "aside": states_aside()}
    _write(erasure, searched | {"head": head})
    record(actor, "erasure.certified", erasure, member=str(erasure.member_id), digest=erasure.certificate["digest"])


def _take_out_again(actor: Actor, erasure: Erasure, sought: Sought) -> None:
    """Somebody wrote it anew at the very moment of the erasure."""
    _, done, rows = take_everything_out(actor, sought, **_facts(erasure))
    erasure.rows, erasure.files = erasure.rows + rows, erasure.files + done.files
    erasure.counts = {kind: erasure.counts.get(kind, 0) + n for kind, n in (erasure.counts | done.counts).items()}
    erasure.save(update_fields=("rows", "files", "counts"))


def _write(erasure: Erasure, searched: dict[str, Any]) -> None:
    """INVARIANT: what the digest covers says nothing of whom it was: ids, counts, moments, and a head of the log."""
    now = timezone.now()
    text = (
        erasure.certificate
        | searched
        | {
            "erasure": str(erasure.pk),
            "member": str(erasure.member_id),
            "at": erasure.at.isoformat(timespec="seconds"),
            "certified": now.isoformat(timespec="seconds"),
            "by": str(erasure.by_person),
            "basis": str(erasure.basis),
            "counts": erasure.counts,
        }
    )
    erasure.certificate = text | {"digest": sha256(canonical(text)).hexdigest()}
    erasure.finished_at, erasure.sealed = now, b""
    erasure.save(update_fields=("certificate", "finished_at", "sealed"))
