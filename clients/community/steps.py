"""What several do inside their open transaction: words out of every holder for an erasure; members brought in at once."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from clients.audit.actions import erase_private
from clients.audit.erasing.steps import TakenOut, held, take_out
from clients.audit.erasing.values import Sought
from clients.audit.models import Checkpoint, Entry, Leaf
from clients.community.models import Member, MemberHandle
from clients.community.queries import lines_about, links_to
from clients.disclosure.steps import close_links
from clients.people.actor import Actor

LINES_AT_ONCE = 400
"""A line of the log holds at most 16 KB: so many numbers of other lines fit, however they are spread."""


def take_everything_out(
    actor: Actor, sought: Sought, gone: Collection[UUID] = (), **facts: Any
) -> tuple[Entry, TakenOut, list[str]]:
    """(the line, what was taken out, the rows that stay without the words). Counted first, since the line comes first.

    `gone`: members whose own rows the caller has deleted. Links to what is left without the words are closed: whoever holds one
    was shown another content.
    """
    pieces, lines = list(held(sought)), lines_about(sought, gone)
    links = list(links_to(pieces, *gone))
    besides = Counter({"log": len(lines), "members": len(gone), "links": len(links)})
    counts = Counter(piece.kind for piece in pieces) + besides
    line = _lines_erased(actor, lines, counts=dict(counts), **facts)
    done = take_out(sought)
    done.counts += besides
    close_links(actor, links)
    return line, done, [str(piece.id) for piece in pieces]


def head_over(line_id: UUID) -> tuple[bool, dict[str, Any]]:
    """(whether the line is sealed, or nothing is sealed here at all; the newest head of the log)."""
    head = Checkpoint.objects.order_by("-size").first()
    if head is None:
        return True, {}
    sealed = Leaf.objects.filter(seq__in=Entry.objects.filter(pk=line_id).values("seq")).exists()
    return sealed, {"size": head.size, "root": bytes(head.root).hex(), "note": head.note}


def _lines_erased(actor: Actor, lines: Sequence[UUID], **facts: Any) -> Entry:
    """INVARIANT: one line at least, also when the log held nothing: it is what the triggers ask for."""
    first = erase_private(actor, lines[:LINES_AT_ONCE], **facts)
    for start in range(LINES_AT_ONCE, len(lines), LINES_AT_ONCE):
        erase_private(actor, lines[start : start + LINES_AT_ONCE], erasure=facts["erasure"], basis=facts["basis"])
    return first


def add_members(fresh: Sequence[Member]) -> None:
    """Who was brought in at once. The caller has the right to write them, and tells it in the log."""
    Member.objects.bulk_create(fresh)


def change_members(changed: Sequence[Member], fields: Sequence[str]) -> None:
    """These fields of members that the caller has locked, as they are set on them."""
    if changed:
        Member.objects.bulk_update(changed, fields)


def add_handles(handles: Iterable[tuple[Member, str, str]]) -> None:
    """Of whom, on which network, called what."""
    MemberHandle.objects.bulk_create(MemberHandle(member=m, network=n, handle=h) for m, n, h in handles)


def replace_handles(member: Member, handles: Iterable[tuple[str, str]]) -> None:
    """These and no others."""
    MemberHandle.objects.filter(member=member).delete()
    add_handles((member, network, handle) for network, handle in handles)
