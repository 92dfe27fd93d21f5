"""A cursor as it is handed out: nobody reads from it how much happens in a brand, and nobody makes one.

It is encrypted and authenticated under a key that is drawn from the installation's (FIELD_ENCRYPTION_KEYS: the first seals, all
open), always to the same text, so that an event told twice is the same bytes. It names its key: one that we hold no more, of
before a change of keys or of another installation, is of another time, and whoever brings it begins anew like after a restore.
Cursors that were handed out before they were sealed (`rules.cursor_of`) still work.
"""

import base64
import binascii
from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from clients.changes.rules import Cursor, cursor_of
from tenants.errors import Conflict, Invalid

_VERSION, _BOUND = b"\x02", [b"relais.changes.cursor"]
_MARK, _KEY, _COURSE, _POSITION, _TAG = 4, 64, 16, 8, 16
_BYTES = len(_VERSION) + _MARK + _TAG + _COURSE + _POSITION
LONGEST = _BYTES * 4 // 3
"""Characters. INVARIANT: the bytes fill them, so that no other text stands for the same ones."""


def sealed(cursor: Cursor) -> str:
    """As it is told to whoever follows."""
    mark, box = next(iter(_boxes().items()))
    plain = cursor.course.bytes + cursor.position.to_bytes(_POSITION)
    return base64.urlsafe_b64encode(_VERSION + mark + box.encrypt(plain, _BOUND)).decode()


def opened(text: str) -> Cursor:
    """Raises Invalid('cursor_malformed', 'after') for what is no cursor of ours, or was altered, Conflict('changes_restarted',
    'after') for one under a key that is ours no more."""
    if len(text) != LONGEST:
        return cursor_of(text)
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("cursor_malformed", "after") from None
    version, mark, said = raw[:1], raw[1 : 1 + _MARK], raw[1 + _MARK :]
    if version != _VERSION:
        raise Invalid("cursor_malformed", "after")
    box = _boxes().get(mark)
    if box is None:
        raise Conflict("changes_restarted", "after")
    try:
        plain = box.decrypt(said, _BOUND)
    except InvalidTag:
        raise Invalid("cursor_malformed", "after") from None
    return Cursor(UUID(bytes=plain[:_COURSE]), int.from_bytes(plain[_COURSE:]))


def _boxes() -> Mapping[bytes, AESSIV]:
    """By the mark that names each key; the one that seals first."""
    return _drawn(tuple(settings.FIELD_ENCRYPTION_KEYS))


@lru_cache(maxsize=8)
def _drawn(keys: tuple[str, ...]) -> Mapping[bytes, AESSIV]:
    drawn = [HKDF(SHA256(), _MARK + _KEY, None, _BOUND[0]).derive(key.encode()) for key in keys]
    return {one[:_MARK]: AESSIV(one[_MARK:]) for one in drawn}
