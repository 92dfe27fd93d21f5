"""The values by which somebody is found in texts, and what is left in their place. Pure.

One pattern serves PostgreSQL (as a first sieve) and Python (which decides), so it uses only what both understand, and spells out
both cases of each letter: what the database takes for a letter depends on its collation.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

GONE = "▒▒▒"
SHORTEST = 3
"""Shorter values would be found in every other text. So what stands in their place is never longer than they were."""
PHONE_DIGITS = 9
"""By so many last digits a telephone number is known, whatever country code is written before it."""
_BETWEEN = r"[ \u00a0\u202f./()-]*"


@dataclass(frozen=True)
class Sought:
    """`values` of one person; `kept` are values of others that contain one of them, and stay.

    `sieve` is what PostgreSQL sees in the text of a row, or of JSON, that may hold one. It matches too much at times.
    """

    values: tuple[str, ...]
    kept: tuple[str, ...] = ()
    sieve: str = field(init=False, repr=False, compare=False)
    _finder: "re.Pattern[str]" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kept = "|".join(map(_pattern, sorted(self.kept, key=len, reverse=True)))
        mine = "|".join(map(_pattern, sorted(self.values, key=len, reverse=True)))
        finder = re.compile(f"(?P<kept>{kept})|{mine}" if kept else f"(?P<kept>(?!))|{mine}")
        object.__setattr__(self, "sieve", "|".join(_pattern(value) for value in self.values))
        object.__setattr__(self, "_finder", finder)

    def found_in(self, text: str) -> bool:
        """Whether a text, or the JSON of a row, holds one of the values."""
        return bool(self.values) and any(match["kept"] is None for match in self._finder.finditer(text))

    def without(self, value: Any) -> Any:
        """The same text, or JSON value, with what was sought taken out."""
        if isinstance(value, str):
            return self._finder.sub(lambda match: match[0] if match["kept"] is not None else GONE, value)
        if isinstance(value, Mapping):
            return {self.without(key): self.without(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.without(one) for one in value]
        return value


def worth_seeking(values: Iterable[str]) -> tuple[str, ...]:
    """The distinct ones that are long enough, without an @ in front: a handle is found with it and without."""
    found = (unicodedata.normalize("NFC", value).strip().lstrip("@") for value in values)
    return tuple(dict.fromkeys(value for value in found if len(value) >= SHORTEST))


def is_phone(value: str) -> bool:
    digits = [c for c in value if c.isdecimal()]
    return len(digits) >= PHONE_DIGITS and not set(value) - set("+0123456789 \u00a0\u202f./()-")


def same(one: str, other: str) -> bool:
    """Whether two values would be found in the same places."""
    return bool(re.fullmatch(_pattern(one), other))


def _pattern(value: str) -> str:
    if is_phone(value):
        digits = _BETWEEN.join([c for c in value if c.isdecimal()][-PHONE_DIGITS:])
        return rf"(?<!\d)(?:\+?\d{{1,4}}{_BETWEEN})?{digits}(?!\d)"
    forms = {unicodedata.normalize(form, value) for form in ("NFC", "NFD")} | {quote(value, safe="")}
    return rf"(?<!\w)(?:{'|'.join(sorted(map(_spelled, forms), reverse=True))})(?!\w)"


def _spelled(value: str) -> str:
    return "".join(
        r"(?:\s|\\[nrt])+" if part.isspace() else "".join(map(_letter, part)) for part in re.split(r"(\s+)", value)
    )


def _letter(one: str) -> str:
    cases = {c for c in (one, one.lower(), one.upper()) if len(c) == 1}
    if len(cases) > 1:
        return f"[{''.join(sorted(cases))}]"
    # In the text of JSON, a quotation mark and a backslash have another before them.
    return rf"\\*\{one}" if one in '"\\' else rf"\{one}" if one.isascii() and not one.isalnum() and one != "_" else one
