"""The proof `walls` looks at every answer: what it must see is shown to it here."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.proof._stage import picture
from tests.proof._visits import House, Session, Visitor


def house(slug: str, canary: str) -> House:
    brand = SimpleNamespace(slug=slug)
    return House(cast("Any", SimpleNamespace(brand=brand, wall=SimpleNamespace(pk="1"))), canary)


OURS, THEIRS = house("ours", "canariaaa"), house("theirs", "canaribbb")
HERE = Session("x", frozenset({"ours"}), "approver")


@pytest.mark.parametrize(
    ("where", "body", "leaks", "own"),
    [
        (OURS, b"<p>canariaaa</p>", 0, 1),
        (OURS, b"<p>canariaaa canaribbb</p>", 1, 1),
        (OURS, picture("canaribbb"), 1, 0),
        (OURS, picture("canariaaa"), 0, 1),
        (THEIRS, b"canaribbb", 1, 0),  # at the host of theirs, where we have no place
        (None, b"canariaaa", 0, 1),
        (None, b"canaribbb", 1, 0),  # on the hub, of a brand that is not the reader's
        (OURS, b"nothing", 0, 0),
    ],
)
def test_what_is_of_another_brand_is_seen(where: House | None, body: bytes, leaks: int, own: int) -> None:
    visitor = Visitor(0, [OURS, THEIRS], [HERE], seed=1)
    visitor.judge(HERE, where, "GET /", 200, body, {200})
    assert (len(visitor.seen.leaks), visitor.seen.own, visitor.seen.odd) == (leaks, own, [])


def test_an_answer_that_nobody_expects_is_told() -> None:
    visitor = Visitor(0, [OURS, THEIRS], [HERE], seed=1)
    visitor.judge(HERE, OURS, "GET /", 500, b"", {200, 403})
    assert visitor.seen.odd == ["GET / as approver: 500"]
