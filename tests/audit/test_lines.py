"""The bytes of a line: one spelling for one line, the same by the standard library, and nothing in it that has two."""

import hashlib
import hmac
import json
import math
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.audit.lines import (
    LONGEST,
    Unsealable,
    act_line,
    canonical,
    change_line,
    commitment,
    moment,
    plain,
    plain_facts,
)

ENTRY, PERSON, ITEM = (UUID(f"0191f3a0-0000-7000-8000-00000000000{n}") for n in (1, 2, 3))
AT = datetime(2026, 11, 21, 10, 0, 0, 123456, UTC)


@dataclass(frozen=True)
class OneAct:
    id: UUID = ENTRY
    seq: int = 7
    tx: int = 801
    at: datetime = AT
    verb: str = "item.submitted"
    person_id: UUID | None = PERSON
    side: str = "agency"
    role: str = "community_manager"
    via: str = "page"
    subject_kind: str = "items.item"
    subject_id: UUID | None = ITEM
    facts: dict[str, Any] = field(default_factory=lambda: {"digest": "ab", "number": 2})
    request_id: str = "r-1"
    commitment: bytes = b"\xab\xcd"


@dataclass(frozen=True)
class OneChange:
    seq: int = 8
    tx: int = 801
    at: datetime = AT
    table: str = "items_item"
    op: str = "update"
    rows: tuple[UUID, ...] = (ITEM,)
    count: int = 1


def test_a_line_of_an_act_to_the_byte() -> None:
    assert act_line(OneAct()) == (
        b'{"act":"item.submitted","actor":{"id":"0191f3a0-0000-7000-8000-000000000002","role":"community_manager",'
        b'"side":"agency","via":"page"},"facts":{"digest":"ab","number":2},"id":"0191f3a0-0000-7000-8000-000000000001",'
        b'"obj":{"id":"0191f3a0-0000-7000-8000-000000000003","type":"items.item"},"priv":"abcd","req":"r-1","seq":7,'
        b'"t":"2026-11-21T10:00:00.123456Z","tx":801,"v":1}'
    )


def test_a_line_of_rows_to_the_byte() -> None:
    assert change_line(OneChange()) == (
        b'{"act":"row.change","count":1,"op":"update","rows":["0191f3a0-0000-7000-8000-000000000003"],"seq":8,'
        b'"t":"2026-11-21T10:00:00.123456Z","table":"items_item","tx":801,"v":1}'
    )


def test_nobody_nothing_and_no_secret() -> None:
    line = json.loads(act_line(replace(OneAct(), person_id=None, subject_kind="", subject_id=None, commitment=b"")))
    assert (line["actor"]["id"], line["obj"], line["priv"]) == (None, None, "")


def test_a_moment_is_utc_with_six_digits() -> None:
    assert moment(datetime(2026, 11, 21, 12, 0, tzinfo=timezone(timedelta(hours=2)))) == "2026-11-21T10:00:00.000000Z"


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcXYZ_09", max_size=6), inner, max_size=4),
    max_leaves=4,
)


@given(VALUES)
def test_the_spelling_is_that_of_the_standard_library(value: Any) -> None:
    """The verifier on a brand's computer has nothing but `json`: it must write the same bytes."""
    value = plain(value)
    spelled = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode()
    assert canonical(value) == spelled
    assert plain(json.loads(spelled)) == value


class Side(StrEnum):
    BRAND = "brand"


def test_enums_tuples_and_decomposed_letters_find_their_one_spelling() -> None:
    assert plain({"side": Side.BRAND, "pair": (1, True)}) == {"side": "brand", "pair": [1, True]}
    assert type(plain(Side.BRAND)) is str
    assert plain("e\N{COMBINING ACUTE ACCENT}") == "\N{LATIN SMALL LETTER E WITH ACUTE}"


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (0.5, "float"),
        (math.nan, "float"),
        (2**53, "larger"),
        (-(2**53), "larger"),
        ("a\x00b", "NUL"),
        ("\ud800", "surrogate"),
        (b"bytes", "bytes"),
        (AT, "datetime"),
        (ITEM, "UUID"),
        ({1: "x"}, "key"),
        ({"é": "x"}, "key"),
        ([[[[[[[]]]]]]], "nested"),
        ({"a": {"b": [0.1]}}, "float"),
    ],
)
def test_what_has_no_one_spelling_is_refused_by_name(value: Any, why: str) -> None:
    with pytest.raises(Unsealable, match=why):
        plain(value)


def test_a_line_is_no_place_for_texts() -> None:
    assert plain_facts({"text": "x" * (LONGEST - 20)})
    with pytest.raises(Unsealable, match="bytes"):
        plain_facts({"text": "x" * LONGEST})


def test_no_value_breaks_out_of_its_line() -> None:
    line = act_line(replace(OneAct(), facts={"said": 'a\nb","act":"item.deleted'}))
    assert b"\n" not in line
    assert json.loads(line)["facts"]["said"] == 'a\nb","act":"item.deleted'


def test_facts_that_came_past_the_door_are_sealed_by_their_digest() -> None:
    """Raw SQL can write a fraction. The log goes on, and the digest still holds the row to what it was."""
    lines = [act_line(replace(OneAct(), facts={"ratio": ratio})) for ratio in (0.5, 0.6)]
    facts = [json.loads(line)["facts"] for line in lines]
    assert all(set(one) == {"unsealable"} for one in facts)
    assert facts[0] != facts[1]


def test_a_commitment_is_an_hmac_over_the_one_spelling() -> None:
    salt, private = b"s" * 32, {"name": "Inès", "ip": "192.0.2.1"}
    spelled = '{"ip":"192.0.2.1","name":"Inès"}'.encode()
    assert commitment(salt, private) == hmac.new(salt, spelled, hashlib.sha256).digest()
    assert (
        commitment(b"t" * 32, private) != commitment(salt, private) != commitment(salt, private | {"ip": "192.0.2.2"})
    )
