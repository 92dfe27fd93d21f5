"""Telling a member all that is held on them: itself a disclosure, and a line of the log."""

import json
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.erasing.steps import held
from clients.community.access import access_member
from clients.community.models import Member
from clients.community.queries import lines_about, names_of_lines, sought_of
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.walls.scope import durable

FORMAT = "relais-member/1"


def tell_member(actor: Actor, *, member_id: UUID) -> dict[str, Any]:
    """All that is held on one member, for handing over: the record, every row that names them, the lines about them.

    Raises Refused('not_allowed'), Missing('member').
    """
    require(actor, Verb.MEMBER_ACCESS)
    with durable(actor.brand):
        member = access_member(actor, member_id, lock=True)
        told = _told(actor, member)
        disclose(
            actor,
            way=Way.EXPORT,
            to=Recipient.person(actor),
            what=Matter(Member._meta.label_lower, (member.pk,), InfoClass.BRAND, digest_of(told)),
            why="access_request",
        )
    return told


def digest_of(told: dict[str, Any]) -> str:
    """SHA-256 of the file that is handed over."""
    return sha256(as_file(told)).hexdigest()


def as_file(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _told(actor: Actor, member: Member) -> dict[str, Any]:
    sought, shared = sought_of(member)
    lines = names_of_lines(lines_about(sought, [member.pk]))
    fields = ("name", "email", "phone", "preferred", "consent", "naming_consent", "naming_how", "notes", "also")
    return {
        "format": FORMAT,
        "brand": actor.brand.name,
        "made": timezone.now().isoformat(timespec="seconds"),
        "member": {name: getattr(member, name) for name in fields}
        | {
            "naming_at": member.naming_at.isoformat(timespec="seconds") if member.naming_at else None,
            "since": member.created_at.isoformat(timespec="seconds"),
            "handles": [{"network": h.network, "handle": h.handle} for h in member.handles.all()],
        },
        "found": [{"kind": p.kind, "where": p.table, "id": str(p.id), "words": p.words} for p in held(sought)],
        "log": [{"at": e.at.isoformat(timespec="seconds"), "what": e.verb, "id": str(e.pk)} for e in lines],
        "not_searched_shared_with_others": list(shared),
    }
