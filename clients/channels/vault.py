"""Credentials at rest: encrypted, and bound to the one channel of the one brand they were given for.

The keys are the installation's (FIELD_ENCRYPTION_KEYS: the first encrypts, all decrypt), so a ciphertext copied into
another brand's row would decrypt. INVARIANT: brand and channel stand inside the envelope and are compared on opening;
whatever does not fit, for whatever reason, is the one answer 'secret_unreadable'.
"""

import json
from collections.abc import Mapping
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from clients.channels.secret import NO_SECRETS, Secrets
from tenants.errors import Conflict

NOTHING = b""


def seal(secrets: Mapping[str, str], *, brand_id: UUID, channel_id: UUID) -> bytes:
    """The envelope to store; b'' when there is nothing to keep secret."""
    if not secrets:
        return NOTHING
    envelope = {"brand": str(brand_id), "channel": str(channel_id), "secret": dict(secrets)}
    return _keys().encrypt(json.dumps(envelope).encode())


def unseal(sealed: bytes | memoryview, *, brand_id: UUID, channel_id: UUID) -> Secrets:
    """The credentials in an envelope. Raises Conflict('secret_unreadable') unless it was sealed for this channel."""
    if not sealed:
        return NO_SECRETS
    try:
        envelope = json.loads(_keys().decrypt(bytes(sealed)))
    except (InvalidToken, ValueError):
        envelope = {}
    if (envelope.get("brand"), envelope.get("channel")) != (str(brand_id), str(channel_id)):
        raise Conflict("secret_unreadable", "secret")
    return Secrets(envelope["secret"])


def reseal(sealed: bytes | memoryview) -> bytes:
    """The same envelope under the newest key. Raises Conflict('secret_unreadable') when no key of ours opens it."""
    try:
        return _keys().rotate(bytes(sealed))
    except InvalidToken:
        raise Conflict("secret_unreadable", "secret") from None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])
