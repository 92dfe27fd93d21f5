"""The keys a brand's log is signed with: made here, encrypted at rest, bound to their brand and number.

As with channel credentials the installation's keys encrypt (FIELD_ENCRYPTION_KEYS: the first encrypts, all decrypt), and what
they encrypt says whose it is: a ciphertext copied into another brand's row opens nothing.
"""

import base64
import json
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from clients.audit.models import LogKey
from clients.audit.notes import VerifierKey
from tenants.errors import Conflict
from tenants.walls.scope import BrandRef


def origin_of(brand: BrandRef) -> str:
    """What names this log and no other."""
    return f"{settings.HUB_HOST}/{brand.id}"


def new_key(brand: BrandRef, number: int) -> LogKey:
    """A key that is not stored yet."""
    fresh = Ed25519PrivateKey.generate()
    public = fresh.public_key().public_bytes_raw()
    secret = _seal(fresh, brand_id=brand.id, number=number)
    return LogKey(number=number, origin=origin_of(brand), public=public, secret=secret)


def signing_key(key: LogKey, brand_id: UUID) -> Ed25519PrivateKey:
    """Raises Conflict('log_key_unreadable') when no key of the installation opens it, or it is another brand's."""
    try:
        envelope = json.loads(_keys().decrypt(bytes(key.secret)))
    except (InvalidToken, ValueError):
        envelope = {}
    if (envelope.get("brand"), envelope.get("number")) != (str(brand_id), key.number):
        raise Conflict("log_key_unreadable", "log_key")
    found = Ed25519PrivateKey.from_private_bytes(base64.b64decode(envelope["key"]))
    if found.public_key().public_bytes_raw() != bytes(key.public):
        raise Conflict("log_key_unreadable", "log_key")
    return found


def resealed(key: LogKey) -> bytes:
    """Its secret under the installation's newest key. Raises Conflict('log_key_unreadable')."""
    try:
        return _keys().rotate(bytes(key.secret))
    except InvalidToken:
        raise Conflict("log_key_unreadable", "log_key") from None


def verifier_key(key: LogKey) -> VerifierKey:
    """What is needed to check what it signed."""
    return VerifierKey(key.origin, bytes(key.public))


def _seal(key: Ed25519PrivateKey, *, brand_id: UUID, number: int) -> bytes:
    raw = base64.b64encode(key.private_bytes_raw()).decode()
    return _keys().encrypt(json.dumps({"brand": str(brand_id), "number": number, "key": raw}).encode())


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])
