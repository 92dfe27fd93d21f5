"""Tokens of share links: made once, shown once, and kept only as their SHA-256. Pure.

256 random bits need no slow hash: nobody can try them all. A recipient's code is short, so it counts only together with the
token: its digest is keyed with it, a stolen table is no help to guess it, and a link closes after a few wrong ones.
"""

import hmac
import secrets
from hashlib import sha256

BYTES = 32
LEAST_CODE = 6


def new_token() -> str:
    """256 random bits, as text for an address."""
    return secrets.token_urlsafe(BYTES)


def token_digest(token: str) -> str:
    """What is kept of a token. Any text has one, so what is no token is looked up like one that is, in the same time."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def code_digest(token: str, code: str) -> str:
    """What is kept of a recipient's code; '' for none."""
    typed = code.strip()
    return (
        hmac.new(token.encode("utf-8", "replace"), typed.encode("utf-8", "replace"), "sha256").hexdigest()
        if typed
        else ""
    )
