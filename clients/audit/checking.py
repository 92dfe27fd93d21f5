"""Looking again: whether what was sealed still stands in the tables as it was sealed, and whether no line was left out.

A head that was signed stays true for ever; the rows behind it are in a database. What differs is named by its place in the tree.
"""

import secrets
from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from clients.audit import lines, tree
from clients.audit.models import Checkpoint, Entry, Leaf, RowChange
from tenants.models import Unsealed
from tenants.walls.scope import BrandRef, brand_scope, hub_scope

A_PART = 1000
AT_ONCE = 2000
"""Leaves in memory. Each such piece is a transaction of its own: a check of an hour must not keep the server from tidying up."""


def fault_in_part(brand: BrandRef, most: int = A_PART) -> str:
    """Recompute so many leaves from a place drawn by lot: 'line_changed <place>', or '' when they are as they were."""
    size = _size(brand)
    first = secrets.randbelow(max(1, size - most + 1))
    return next((fault for fault, _ in _recomputed(brand, first, min(first + most, size)) if fault), "")


def fault_in_whole(brand: BrandRef) -> str:
    """Recompute everything: each line, the root of every head, and whether a line stands in neither tree nor queue."""
    size, grown = _size(brand), tree.CompactRange()
    heads = _heads(brand, size)
    due = next(heads, None)
    for fault, leaves in _recomputed(brand, 0, size):
        if fault:
            return fault
        for leaf in leaves:
            grown.append(leaf)
            if due and due[0] == grown.size:
                if due[1] != grown.root():
                    return f"head_changed {grown.size}"
                due = next(heads, None)
    return f"head_changed {due[0]}" if due else _lost(brand)


def _size(brand: BrandRef) -> int:
    with brand_scope(brand):
        return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def _heads(brand: BrandRef, size: int) -> Iterator[tuple[int, bytes]]:
    last = 0
    while last < size:
        with brand_scope(brand):
            found = list(
                Checkpoint.objects.filter(size__gt=last).order_by("size").values_list("size", "root")[:AT_ONCE]
            )
        for last, root in found:
            yield last, bytes(root)


def _recomputed(brand: BrandRef, first: int, end: int) -> Iterator[tuple[str, list[bytes]]]:
    """Piece by piece: what is wrong in it, and its leaves as they follow from the rows."""
    for start in range(first, end, AT_ONCE):
        wanted = range(start, min(start + AT_ONCE, end))
        with brand_scope(brand):
            stored = list(Leaf.objects.filter(idx__range=(wanted[0], wanted[-1])).order_by("idx"))
            seqs = [leaf.seq for leaf in stored]
            now = {e.seq: tree.leaf_hash(lines.act_line(e)) for e in Entry.objects.filter(seq__in=seqs)}
            now |= {r.seq: tree.leaf_hash(lines.change_line(r)) for r in RowChange.objects.filter(seq__in=seqs)}
        place = {leaf.idx: leaf for leaf in stored}
        for idx in wanted:
            if idx not in place:
                yield f"leaf_missing {idx}", []
                return
            if now.get(place[idx].seq) != bytes(place[idx].hash):
                yield f"line_changed {idx}", []
                return
        yield "", [bytes(leaf.hash) for leaf in stored]


def _lost(brand: BrandRef) -> str:
    """A line that neither waits nor is sealed. Looked for last among the leaves, since it may be sealed while we look."""
    sealed = Leaf.objects.filter(seq=OuterRef("seq"))
    with brand_scope(brand):
        open_lines = set(Entry.objects.filter(~Exists(sealed)).values_list("seq", flat=True))
        open_lines |= set(RowChange.objects.filter(~Exists(sealed)).values_list("seq", flat=True))
    if not open_lines:
        return ""
    with hub_scope():
        open_lines -= set(Unsealed.objects.filter(brand_id=brand.id).values_list("seq", flat=True))
    with brand_scope(brand):
        open_lines -= set(Leaf.objects.filter(seq__in=open_lines).values_list("seq", flat=True))
    return f"line_lost {min(open_lines)}" if open_lines else ""
