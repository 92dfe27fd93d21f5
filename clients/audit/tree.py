"""The tree over a brand's log, as RFC 9162 has it: hashes, the compact range that grows it, and the two proofs.

Pure. All hashes are 32 bytes. A leaf's hash begins with a zero byte and a node's with a one, so that neither can be passed off
as the other. A tree of `size` leaves is never kept whole: the sealer keeps a `CompactRange` (at most one hash for each bit of
`size`), and a proof names the ranges whose roots it needs, to be computed from the stored leaves in one pass.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()

Range = tuple[int, int]
"""Leaves from the first number up to, and without, the second."""


def leaf_hash(line: bytes) -> bytes:
    return sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class CompactRange:
    """The roots of the complete subtrees of a log, largest first: all that is needed to append and to tell the root."""

    __slots__ = ("hashes", "size")

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        """`hashes` as another range of that `size` had them. ValueError when they are not one for each bit of it."""
        self.size, self.hashes = size, list(hashes)
        if len(self.hashes) != size.bit_count():
            raise ValueError(f"{len(self.hashes)} hashes do not make a tree of {size} leaves")

    def append(self, leaf: bytes) -> None:
        merges, hashes = self.size, self.hashes
        while merges & 1:
            leaf = sha256(b"\x01" + hashes.pop() + leaf).digest()
            merges >>= 1
        hashes.append(leaf)
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in self.hashes[-2::-1]:
            root = node_hash(left, root)
        return root


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose roots prove that leaf `index` stands in a tree of `size`, from the leaf upward (RFC 9162 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    low, high, ranges = 0, size, []
    while high - low > 1:
        middle = low + _left_part(high - low)
        if index < middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low = middle
    return ranges[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """The ranges whose roots prove that the tree of `old` leaves is the beginning of that of `size` (RFC 9162 2.1.4.1)."""
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} leaves has no beginning of {old}")
    if old in {0, size}:
        return []
    low, high, whole, ranges = 0, size, True, []
    while old != high:
        middle = low + _left_part(high - low)
        if old <= middle:
            ranges.append((middle, high))
            high = middle
        else:
            ranges.append((low, middle))
            low, whole = middle, False
    return ([] if whole else [(low, high)]) + ranges[::-1]


def roots_of(ranges: Sequence[Range], leaves: Iterable[bytes]) -> list[bytes]:
    """The root of each of these disjoint ranges, from the leaf hashes of the whole log in order. Constant memory."""
    waiting = sorted(ranges, reverse=True)
    found: dict[Range, bytes] = {}
    growing = CompactRange()
    for index, leaf in enumerate(leaves):
        if not waiting:
            break
        low, high = waiting[-1]
        if low <= index:
            growing.append(leaf)
        if index + 1 == high:
            found[waiting.pop()], growing = growing.root(), CompactRange()
    if waiting:
        raise ValueError(f"the log ends before leaf {waiting[-1][1]}")
    return [found[one] for one in ranges]


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` leads from leaf `index` to the root of a tree of `size` (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, at = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            at = node_hash(sibling, at)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            at = node_hash(at, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and at == root


def consistent(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether `path` shows the tree of `old` leaves to be the beginning of the tree of `size` (RFC 9162 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old in {0, size}:
        return not path and (old_root == root if old == size else old_root == EMPTY_ROOT)
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        return False
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    at_old = at_new = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            at_old, at_new = node_hash(sibling, at_old), node_hash(sibling, at_new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            at_new = node_hash(at_new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and at_old == old_root and at_new == root


def _left_part(size: int) -> int:
    """The largest power of two below `size`, which is at least two: so many leaves stand under the left child."""
    return 1 << ((size - 1).bit_length() - 1)
