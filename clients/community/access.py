"""The door to one member, and to one erasure: refused equals absent."""

from uuid import UUID

from clients.community.models import Erasure, Member
from clients.community.queries import erasure_waiting
from clients.disclosure.access import require_readable
from clients.disclosure.steps import Reading, note_reads
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Missing


def access_member(actor: Actor, member_id: UUID, *, lock: bool = False) -> Member:
    """One member that `actor` may read; from `named` upward that is written down.

    Raises Missing('member'), and Conflict('being_erased') from the moment an erasure was asked for.
    """
    require(actor, Verb.MEMBER_READ)
    rows = Member.objects.select_for_update() if lock else Member.objects
    member = require_readable(actor, rows.filter(pk=member_id).first(), "member")
    if erasure_waiting(member_id) is not None:
        raise Conflict("being_erased")
    if not lock:
        note_reads(actor, [reading(member)], subject=member)
    return member


def reading(member: Member) -> Reading:
    """A member, as the log names what was read."""
    return Reading(Member._meta.label_lower, member.pk, "", member.info_class)


def access_erasure(actor: Actor, erasure_id: UUID) -> Erasure:
    """One erasure with its certificate. Missing('erasure') otherwise."""
    require(actor, Verb.AUDIT_READ)
    found = Erasure.objects.filter(pk=erasure_id).first()
    if found is None:
        raise Missing("erasure")
    return found
