"""What a body costs before it is read: about its own size, however it is made up."""

import tracemalloc

import pytest

from api.bodies import depth_of

A_MILLION = 1_000_000


@pytest.mark.parametrize("inside", [b"ab", b"\\n", b'\\"', b"a\\\\"], ids=repr)
def test_a_long_string_is_measured_in_the_memory_of_a_body(inside: bytes) -> None:
    """A pattern that remembers a way back for each byte took a hundred times as much."""
    raw = b'{"text": "' + inside * (A_MILLION // len(inside)) + b'"}'
    tracemalloc.start()
    try:
        assert depth_of(raw) == 1
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 3 * A_MILLION


@pytest.mark.parametrize(
    ("raw", "depth"),
    [
        (b'{"a": [1, {"b": "]]"}]}', 3),
        (b'["[[[[", "a\\"[", [2]]', 2),
        (b'"\\\\" [[]]', 2),
        (b'["never closed [[[', 1),
        (b'["a\\', 1),
        (b"[[[[", 4),
        (b"", 0),
    ],
)
def test_brackets_in_strings_do_not_count(raw: bytes, depth: int) -> None:
    assert depth_of(raw) == depth
