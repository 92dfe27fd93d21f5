"""The sealed log as the tables hold it now: each leaf beside the line that its row gives today, in the order of the tree."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clients.audit.bundle import SealedLine
from clients.audit.lines import ERASED, act_line, change_line
from clients.audit.models import Entry, Leaf, Private, RowChange

A_STRETCH = 2_000


@dataclass(frozen=True, slots=True)
class Stored:
    """One place of the tree. `line` is None where the row is gone; `private` is (salt, data), None where there is none."""

    position: int
    seq: int
    leaf: bytes
    line: bytes | None
    commitment: bytes = b""
    private: tuple[bytes, dict[str, Any]] | None = None


def stretch(first: int, until: int) -> list[Stored]:
    """The places from `first` up to, and without, `until`: those that have a leaf. Four queries."""
    leaves = list(Leaf.objects.filter(idx__gte=first, idx__lt=until).order_by("idx").values_list("idx", "seq", "hash"))
    seqs = [seq for _, seq, _ in leaves]
    acts = {one.seq: one for one in Entry.objects.filter(seq__in=seqs)}
    rows = {one.seq: change_line(one) for one in RowChange.objects.filter(seq__in=seqs)}
    kept = Private.objects.filter(pk__in=[act.pk for act in acts.values()])
    private = {one.pk: (bytes(one.salt), one.data) for one in kept}
    return [_stored(idx, seq, bytes(leaf), acts.get(seq), rows.get(seq), private) for idx, seq, leaf in leaves]


def sealed_lines(size: int) -> Iterator[SealedLine]:
    """All lines for a bundle, in stretches. What is missing goes in as an empty line: the bundle then shows it."""
    for first in range(0, size, A_STRETCH):
        for one in stretch(first, min(first + A_STRETCH, size)):
            yield SealedLine(one.line or b"", one.leaf, one.private)


def erased_ranges() -> list[tuple[int, int]]:
    """Which lines may have lost their private part: seqs, from and up to."""
    found = Entry.objects.filter(verb=ERASED).values_list("seq", "facts")
    return [(first, min(last, seq)) for seq, facts in found for first, last in facts.get("seqs", ())]


def _stored(
    position: int, seq: int, leaf: bytes, act: Entry | None, row: bytes | None, private: dict[Any, Any]
) -> Stored:
    if act is None:
        return Stored(position, seq, leaf, row)
    return Stored(position, seq, leaf, act_line(act), bytes(act.commitment), private.get(act.pk))
