"""Reading a body before anything believes it: its size, its depth, its bytes; then one JSON value without a second meaning.

What two readers of JSON may understand differently is refused: a name given twice, NaN, numbers that are no longer what was
written, half of a surrogate pair. Size and depth are looked at before anything is parsed.
"""

import json
import math
import re
from typing import Any

from django.http import HttpRequest
from django.http.request import RawPostDataException, UnreadablePostError

from api.problems import Problem

LARGEST = 1_000_000
"""Bytes of a body."""
DEEPEST = 12
"""Brackets inside brackets."""

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""Possessive: no way back is remembered, so a body costs the memory of a body."""
_BRACKET = re.compile(rb"[\[\]{}]")
_TYPES = {"application/json"}


def body_of(request: HttpRequest, *, largest: int = LARGEST) -> Any:
    """The JSON value that was sent; None for no body at all. Raises Problem(400 | 413 | 415)."""
    raw = raw_body(request, largest)
    if not raw:
        return None
    declared, _, parameters = (request.META.get("CONTENT_TYPE") or "").partition(";")
    if declared.strip().lower() not in _TYPES or not _is_utf8(parameters):
        raise Problem(415, "media_type", accepted="application/json")
    return parsed(raw)


def raw_body(request: HttpRequest, largest: int = LARGEST) -> bytes:
    """The bytes, if they are few enough. What says that it is longer is not read."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    if not said.isdecimal() or int(said[:12]) > largest:
        raise Problem(413, "body_too_large", most=largest)
    try:
        raw: bytes = request.body
    except (UnreadablePostError, RawPostDataException):
        raise Problem(400, "body_unreadable") from None
    if len(raw) > largest:
        raise Problem(413, "body_too_large", most=largest)
    return raw


def parsed(raw: bytes) -> Any:
    """One JSON value. Raises Problem(400)."""
    if depth_of(raw) > DEEPEST:
        raise Problem(400, "body_too_deep", most=DEEPEST)
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_once_each,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_short,
        )
    except UnicodeDecodeError:
        raise Problem(400, "body_not_utf8") from None
    except ValueError as wrong:
        code = str(wrong) if str(wrong) in _OURS else "body_not_json"
        raise Problem(400, code) from None


def depth_of(raw: bytes) -> int:
    """How deep the brackets stand, without parsing: strings are taken out first."""
    deepest = now = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", raw)):
        now += 1 if bracket in b"[{" else -1
        deepest = max(deepest, now)
    return deepest


_OURS = {"body_name_twice", "body_odd_number"}


def _is_utf8(parameters: str) -> bool:
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters, re.IGNORECASE)
    return charset is None or charset[1].lower() in {"utf-8", "utf8"}


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("body_name_twice")
    return found


def _no_constant(word: str) -> Any:
    raise ValueError("body_odd_number")


def _finite(digits: str) -> float:
    if not math.isfinite(number := float(digits)):
        raise ValueError("body_odd_number")
    return number


def _short(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError("body_odd_number")
    return int(digits)
