"""The tree and its proofs: the vectors that transparency logs share, and a naive oracle over trees of every small size."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.audit import tree
from clients.audit.tree import (
    CompactRange,
    consistency_ranges,
    consistent,
    included,
    inclusion_ranges,
    leaf_hash,
    roots_of,
)
from tests.audit import naive_tree

# The test leaves and answers of certificate-transparency (RFC 6962 and 9162 share their tree).
LEAVES = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATH_OF_0_IN_8 = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]
FROM_6_TO_8 = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]


def hashes(size: int) -> list[bytes]:
    return [leaf_hash(line) for line in lines(size)]


def lines(size: int) -> list[bytes]:
    return [b"line %d" % number for number in range(size)]


def grown(size: int) -> CompactRange:
    grown = CompactRange()
    grown.extend(hashes(size))
    return grown


def test_the_known_roots() -> None:
    growing = CompactRange()
    assert growing.root() == sha256(b"").digest()
    for line, root in zip(LEAVES, ROOTS, strict=True):
        growing.append(leaf_hash(line))
        assert growing.root().hex() == root


def test_the_known_proofs() -> None:
    leaves = [leaf_hash(line) for line in LEAVES]
    path = roots_of(inclusion_ranges(0, 8), leaves)
    assert [one.hex() for one in path] == PATH_OF_0_IN_8
    assert included(leaves[0], 0, 8, path, bytes.fromhex(ROOTS[7]))
    path = roots_of(consistency_ranges(6, 8), leaves)
    assert [one.hex() for one in path] == FROM_6_TO_8
    assert consistent(6, bytes.fromhex(ROOTS[5]), 8, bytes.fromhex(ROOTS[7]), path)


@given(st.integers(0, 130))
def test_the_root_is_that_of_the_definition(size: int) -> None:
    assert grown(size).root() == naive_tree.root(lines(size))


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_inclusion_is_that_of_the_definition_and_holds_nowhere_else(case: tuple[int, int]) -> None:
    index, size = case
    leaves, root = hashes(size), grown(size).root()
    path = roots_of(inclusion_ranges(index, size), leaves)
    assert path == naive_tree.path(index, lines(size))
    assert included(leaves[index], index, size, path, root)
    for other in range(size):
        assert other == index or not included(leaves[index], other, size, path, root)
        assert other == index or not included(leaves[other], index, size, path, root)
    assert not included(leaves[index], index, size, [*path, root], root)
    assert not included(leaves[index], size, size, path, root)
    assert not path or not included(leaves[index], index, size, path[:-1], root)


@given(st.integers(0, 70).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))))
def test_consistency_is_that_of_the_definition_and_holds_for_no_other_past(case: tuple[int, int]) -> None:
    old, size = case
    old_root, root = grown(old).root(), grown(size).root()
    path = roots_of(consistency_ranges(old, size), hashes(size))
    if old:
        assert path == naive_tree.proof(old, lines(size))
    assert consistent(old, old_root, size, root, path)
    assert not consistent(old, sha256(b"another past").digest(), size, root, path)
    assert old == 0 or not consistent(old, old_root, size, sha256(b"another present").digest(), path)
    assert not consistent(old, old_root, size, root, [*path, root])
    assert not consistent(size + 1, old_root, size, root, path)
    assert not path or not consistent(old, old_root, size, root, path[:-1])


@given(st.integers(0, 200), st.integers(0, 60))
def test_a_tree_goes_on_from_what_was_kept(before: int, after: int) -> None:
    kept = grown(before)
    going_on = CompactRange(kept.size, kept.hashes)
    going_on.extend(hashes(before + after)[before:])
    assert (going_on.size, going_on.root()) == (before + after, grown(before + after).root())
    assert len(going_on.hashes) == (before + after).bit_count()


def test_hashes_that_are_no_tree_are_refused() -> None:
    with pytest.raises(ValueError, match="2 hashes"):
        CompactRange(4, [b"a", b"b"])


def test_a_proof_of_what_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no leaf 3"):
        inclusion_ranges(3, 3)
    with pytest.raises(ValueError, match="no beginning of 4"):
        consistency_ranges(4, 3)
    with pytest.raises(ValueError, match="ends before"):
        roots_of(inclusion_ranges(0, 8), hashes(5))


def test_a_node_is_no_leaf() -> None:
    """Second preimage: two leaves' hashes, taken together as one line, have another hash than the node over them."""
    left, right = hashes(2)
    assert tree.leaf_hash(left + right) != tree.node_hash(left, right)
