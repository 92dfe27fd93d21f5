"""The exact bytes of one line of the log, as they are hashed, signed for and handed to the brand. Pure.

Canonical JSON (RFC 8785): keys sorted and ASCII, no spaces, no fractions, no integer that a double cannot hold. Written so, a
value has one spelling only, and whoever reads a line can write the same bytes again.

INVARIANT: what a line of version 1 holds never changes; something new makes it version 2.
"""

import hmac
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import orjson

VERSION = 1
LONGEST = 16 * 1024
"""Bytes of one line's facts."""
DEEPEST = 6
LARGEST_INTEGER = 2**53 - 1

ROW_CHANGE = "row.change"
ERASED = "log.erased"
"""Private parts were deleted. facts: {"seqs": [[first, last], ...], ...}"""
KEY_CHANGED = "log.key"
"""From the next checkpoint on another key signs. facts: {"vkey": the new verifier key}"""
CLOSED = "log.closed"
"""Nothing follows the checkpoint that seals this line."""


class Unsealable(ValueError):
    """A value that has no one spelling, or that a log must not hold: a fraction, a NUL, too much."""


class Act(Protocol):
    """What a line tells of an act; `clients.audit.models.Entry` is one. `commitment` is empty where nothing is private."""

    @property
    def id(self) -> UUID: ...
    @property
    def seq(self) -> int: ...
    @property
    def tx(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def verb(self) -> str: ...
    @property
    def person_id(self) -> UUID | None: ...
    @property
    def side(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def via(self) -> str: ...
    @property
    def subject_kind(self) -> str: ...
    @property
    def subject_id(self) -> UUID | None: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def request_id(self) -> str: ...
    @property
    def commitment(self) -> bytes | memoryview: ...


class Change(Protocol):
    """What a line tells of rows that a statement touched, whoever sent it; `clients.audit.models.RowChange` is one."""

    @property
    def seq(self) -> int: ...
    @property
    def tx(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def table(self) -> str: ...
    @property
    def op(self) -> str: ...
    @property
    def rows(self) -> Sequence[UUID]: ...
    @property
    def count(self) -> int: ...


def act_line(act: Act) -> bytes:
    words = {"side": _composed(act.side), "role": _composed(act.role), "via": _composed(act.via)}
    return canonical(
        {
            "v": VERSION,
            "id": str(act.id),
            "seq": act.seq,
            "t": moment(act.at),
            "tx": act.tx,
            "act": _composed(act.verb),
            "actor": {"id": _id(act.person_id), **words},
            "obj": {"type": _composed(act.subject_kind), "id": _id(act.subject_id)} if act.subject_kind else None,
            "facts": _facts(act.facts),
            "req": _composed(act.request_id),
            "priv": bytes(act.commitment or b"").hex(),
        }
    )


def change_line(change: Change) -> bytes:
    return canonical(
        {
            "v": VERSION,
            "seq": change.seq,
            "t": moment(change.at),
            "tx": change.tx,
            "act": ROW_CHANGE,
            "table": change.table,
            "op": change.op,
            "rows": [str(pk) for pk in change.rows],
            "count": change.count,
        }
    )


def commitment(salt: bytes, private: Mapping[str, Any]) -> bytes:
    """What a line holds in place of its private part: says nothing without the salt, and fits no other value with it."""
    return hmac.digest(salt, canonical(private), "sha256")


def receipt_text(origin: str, entry_id: str, leaf: bytes, at: str) -> bytes:
    """What the log's key signs when it promises that a line will be in the tree. The receipt is what stands here in the
    middle and the signature, with dots: `<entry id>.<leaf hash, hex>.<moment>.<signature, base64url without padding>`.
    """
    return f"audit-receipt/1\n{origin}\n{entry_id}\n{leaf.hex()}\n{at}\n".encode()


def plain(value: Any, depth: int = 0) -> Any:
    """The same value, fit to be sealed: strings in NFC, enums as strings, tuples as lists. `Unsealable` says what cannot be."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise Unsealable(f"{value} is larger than every reader can hold: write it as a string")
        return int(value)
    if depth >= DEEPEST:
        raise Unsealable(f"nested deeper than {DEEPEST}")
    if isinstance(value, Mapping):
        return {_key(key): plain(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one, depth + 1) for one in value]
    raise Unsealable(f"a {type(value).__name__} has no one spelling: write it as a string or as a whole number")


def plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as an entry may hold them: `plain`, and within `LONGEST` bytes."""
    found: dict[str, Any] = plain(facts)
    if len(canonical(found)) > LONGEST:
        raise Unsealable(f"more than {LONGEST} bytes: a line names things by their ids")
    return found


def canonical(value: Any) -> bytes:
    """RFC 8785, for what `plain` lets through."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def moment(at: datetime) -> str:
    """UTC with microseconds, always six of them."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts that came past `record` by raw SQL must not keep the log from being sealed: then a digest stands in for them."""
    try:
        return plain_facts(facts)
    except Unsealable:
        return {"unsealable": sha256(_any_spelling(facts)).hexdigest()}


def _any_spelling(facts: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS, default=str)
    except TypeError:  # a number of more than 64 bits, or nested deeper than it goes
        return json.dumps(facts, sort_keys=True, default=str).encode()


def _composed(word: str) -> str:
    """Words of code are ASCII; what raw SQL puts in their place has one spelling, too, or no reader would take the line."""
    return word if word.isascii() else unicodedata.normalize("NFC", word)


def _text(value: str) -> str:
    if "\x00" in value:
        raise Unsealable("a NUL in a string")
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
        if any("\ud800" <= one <= "\udfff" for one in value):
            raise Unsealable("half of a character (a lone surrogate)")
    return str.__str__(value)


def _key(key: object) -> str:
    if not isinstance(key, str) or not key.isascii() or "\x00" in key:
        raise Unsealable(f"{key!r} is no key: keys are ASCII strings")
    return str.__str__(key)


def _id(found: UUID | None) -> str | None:
    return None if found is None else str(found)
