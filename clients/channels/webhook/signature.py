"""Signatures after the Standard Webhooks specification: HMAC-SHA256 over id, time and body, with a secret of both sides.

Two secrets sign at once while a brand changes from one to the other, so that its receiver may change when it likes.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64


def is_signing_secret(secret: str) -> bool:
    """Whether it is 'whsec_' and the base64 of 24 to 64 bytes."""
    try:
        return LEAST_BYTES <= len(_key(secret)) <= MOST_BYTES
    except ValueError:
        return False


def headers(secrets: Sequence[str], *, key: str, moment: int, body: bytes) -> dict[str, str]:
    """The three headers of a delivery; `moment` in seconds of the epoch."""
    signed = b".".join((key.encode(), str(moment).encode(), body))
    signatures = (base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode() for secret in secrets)
    return {
        "webhook-id": key,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        raise ValueError("prefix")
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("base64") from None
