"""Erasing a member: one transaction takes the words out of every table; then files and letters go, everything is searched again,
and only when nothing is found is there a certificate.

INVARIANT: the certificate is the result of that second search, by the values themselves, over every table of the brand and not
only those that say they hold something. The values are kept encrypted until then, and no longer.
"""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

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
from clients.community.queries import sought_of
from clients.community.rules import Basis
from clients.community.steps import head_over, take_everything_out
from clients.outbox.actions import enqueue
from clients.outbox.registry import Later
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Refused
from tenants.walls.scope import brand_scope, durable

FINISH = "community.finish_erasure"
"""Kind of the outbox row behind an erasure; payload {"erasure": "<id>"}."""
WAIT_FOR_SEAL, LOOK_AGAIN = timedelta(minutes=1), timedelta(seconds=2)


class StillHeld(Exception):
    """Something was found after all: the outbox comes back, and there is no certificate before it is gone."""


def erase_member(actor: Actor, *, member_id: UUID, basis: str) -> Erasure:
    """Take a member's data out of everything the brand has. The owner proves who they are; it cannot be undone.

    Raises Refused('not_allowed' | 'step_up_required'), Missing('member'), Invalid('basis_missing', 'basis'),
    Conflict('member_held').
    """
    require(actor, Verb.MEMBER_ERASE)
    require_step_up(actor, timezone.now())
    if basis not in set(Basis):
        raise Invalid("basis_missing", "basis")
    with durable(actor.brand):
        member = access_member(actor, member_id, lock=True)
        if member.held_because:
            raise Conflict("member_held")
        return _erase(actor, member, Basis(basis), by=(actor.somebody, actor.name))


def erase_again(actor: Actor, *, member_id: UUID, basis: str, by: UUID, by_name: str) -> Erasure | None:
    """For a worker: whom an older copy of the brand has brought back goes again, on the ground and by the word of then.

    Also somebody who was held back in that copy: they were erased after it. None when they are gone already. Raises
    Refused('not_allowed').
    """
    if actor.side is not None:
        raise Refused("not_allowed")
    with durable(actor.brand):
        member = Member.objects.select_for_update().filter(pk=member_id).first()
        return _erase(actor, member, Basis(basis), by=(by, by_name), again=True) if member else None


def finish_erasure(actor: Actor, *, erasure_id: UUID) -> Erasure | None:
    """For a worker: files and letters go, what came meanwhile goes too, everything is searched, the certificate is written.

    None when that was done before. Raises Refused('not_allowed'), `Later`, and `StillHeld` while something is found.
    """
    if actor.side is not None:
        raise Refused("not_allowed")
    with brand_scope(actor.brand):
        erasure = Erasure.objects.filter(pk=erasure_id, finished_at=None).first()
        if erasure is None:
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


def _erase(actor: Actor, member: Member, basis: Basis, *, by: tuple[UUID, str], again: bool = False) -> Erasure:
    (sought, shared), erasure_id = sought_of(member), uuid4()
    facts: dict[str, Any] = {"erasure": str(erasure_id), "member": str(member.pk), "basis": str(basis)}
    facts |= {"again": True} if again else {}
    MemberHandle.objects.filter(member=member).delete()
    member_id = member.pk
    Member.objects.filter(pk=member_id).delete()
    line, done, rows = take_everything_out(actor, sought, gone=(member_id,), **facts)
    erasure = Erasure.objects.create(
        id=erasure_id,
        member_id=member_id,
        by_person=by[0],
        by_name=by[1],
        basis=basis,
        counts=dict(+done.counts),
        rows=rows,
        files=done.files,
        sealed=seal(sought, brand_id=actor.brand.id, erasure_id=erasure_id),
        certificate={"line": str(line.pk), "seq": line.seq, "shared": len(shared), "values": len(sought.values)}
        | ({"again": True} if again else {}),
    )
    enqueue(FINISH, {"erasure": str(erasure_id)}, key=str(erasure_id))
    return erasure


def _certify(actor: Actor, erasure: Erasure, sought: Sought) -> None:
    sealed, head = head_over(UUID(erasure.certificate["line"]))
    if not sealed and timezone.now() < erasure.at + WAIT_FOR_SEAL:
        raise Later(timezone.now() + LOOK_AGAIN)
    tables, rows, found = tables_that_hold(sought)
    if found:
        _take_out_again(actor, erasure, sought)
        return
    left = sum(default_storage.exists(name) for name in erasure.files) + sum(p.count(sought) for p in outside())
    if left:
        return
    _write(erasure, {"tables": tables, "rows": rows, "found": 0, "files": len(erasure.files), "head": head})
    record(actor, "erasure.certified", erasure, member=str(erasure.member_id), digest=erasure.certificate["digest"])


def _take_out_again(actor: Actor, erasure: Erasure, sought: Sought) -> None:
    """Somebody wrote it anew at the very moment of the erasure."""
    facts: dict[str, Any] = {"erasure": str(erasure.pk), "member": str(erasure.member_id), "basis": str(erasure.basis)}
    _, done, rows = take_everything_out(actor, sought, **facts)
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
