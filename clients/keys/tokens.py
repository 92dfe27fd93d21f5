"""How secrets look: made once, shown once, kept only as their SHA-256. Pure.

    rls_k7Qm2ZbX_<40 characters><6 of checksum>      a key; its prefix is shown on pages, so that people can tell keys apart
    rls-secret_..., rls-code_..., rls-access_..., rls-refresh_...

A scanner of secrets finds them by their beginning and, by the checksum, without asking anybody; and what is no secret of ours
costs no question to the database. 238 random bits need no slow hash: nobody can try them all.
"""

import re
import secrets
import string
from enum import StrEnum
from hashlib import sha256
from zlib import crc32

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
SECRET, PREFIX, CHECKSUM = 40, 8, 6


class Mark(StrEnum):
    """How a secret begins, by what it is."""

    KEY = "rls"
    CLIENT_SECRET = "rls-secret"  # noqa: S105  how one begins
    CODE = "rls-code"
    ACCESS = "rls-access"
    REFRESH = "rls-refresh"


SHAPE = re.compile(
    rf"(?P<mark>{'|'.join(sorted(Mark, key=len, reverse=True))})_(?:(?P<prefix>[0-9A-Za-z]{{{PREFIX}}})_)?"
    rf"[0-9A-Za-z]{{{SECRET + CHECKSUM}}}",
    re.ASCII,
)
LONGEST = 80


def random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_prefix() -> str:
    """What tells keys apart, and what an OAuth client is called. No secret."""
    return random_text(PREFIX)


def new_secret(mark: Mark, prefix: str = "") -> str:
    """A secret as it is shown this once."""
    body = f"{mark}_{prefix}_" if prefix else f"{mark}_"
    body += random_text(SECRET)
    return body + checksum(body)


def checksum(body: str) -> str:
    """Six characters that follow from the rest: the CRC-32 to the base 62."""
    left, found = crc32(body.encode("ascii")), ""
    for _ in range(CHECKSUM):
        left, rest = divmod(left, len(ALPHABET))
        found = ALPHABET[rest] + found
    return found


def mark_of(presented: str) -> Mark | None:
    """What a text says it is; None for what cannot be a secret of ours. Tells nothing that is not in the text itself."""
    found = SHAPE.fullmatch(presented) if len(presented) <= LONGEST else None
    if found is None or checksum(presented[:-CHECKSUM]) != presented[-CHECKSUM:]:
        return None
    return Mark(found["mark"])


def digest_of(secret: str) -> str:
    """What is kept of a secret. Any text has one."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
