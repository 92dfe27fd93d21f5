"""A key that was seen before: its row is asked for afresh by every request; only what follows from the very same row is known.

What costs is not the row but what is made of it: models, decoded JSON, seals verified. So a process remembers, for the digest of
a secret in a brand, everything about it: key, policy, token, place. The next request asks which versions of these rows there are
now, and what else it is going to ask, in one message. INVARIANT: nothing is told before the answer says that they are the very
same: a key that was revoked, a policy that ended, a person who left, is nothing from the next request on. Time and network are no
part of the rows and are looked at on each request.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings

from clients.keys.presented import PRINTED, Presented, is_by_own_seals, values_of
from clients.keys.tokens import Mark, digest_of, mark_of
from tenants.walls.backend.together import Answer, Question
from tenants.walls.scope import BrandRef, walls

MOST = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """How a presented secret read the last time, and what that means."""

    mark: Mark
    digest: str
    printed: bytes
    found: Presented


_known: dict[object, Known] = {}


def known(brand: BrandRef, text: str) -> Known | None:
    """What this process remembers of a secret. It lets nobody in: `asked_again` does."""
    return _known.get(_name(brand, digest_of(text)))


def remember(brand: BrandRef, text: str, found: Presented, printed: str) -> None:
    """A genuine key, by its own seal: whether one that was renewed still counts is another table's to say."""
    mark = mark_of(text)
    if mark is None or not is_by_own_seals(found):
        return
    if len(_known) >= MOST:
        _known.clear()
    digest = digest_of(text)
    _known[_name(brand, digest)] = Known(mark, digest, printed.encode(), found)


def asked_again(
    brand: BrandRef, one: Known, ip: str, now: datetime, beside: Sequence[tuple[Question, Sequence[Any]]] = ()
) -> tuple[Presented, list[Answer]] | None:
    """In one message: how the key reads now, and the rows of what is asked `beside` it. None where it reads otherwise."""
    values = values_of(one.digest, ip, now)
    row, *answers = walls().ask_together(brand, [(PRINTED[one.mark], values), *beside])
    if len(row) != 1 or row[0][2] != one.printed:
        _known.pop(_name(brand, one.digest), None)
        return None
    is_noted, is_known = row[0][0] == b"t", row[0][1] == b"t"
    return replace(one.found, to_note=not (is_noted and (is_known or not ip))), answers


def _name(brand: BrandRef, digest: str) -> object:
    """Under other keys of the installation nothing was verified yet."""
    return brand.id, brand.schema_name, digest, settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS)
