"""The address and the secrets of a subscription at rest: encrypted as credentials of channels are, and bound to this one."""

import secrets
from base64 import b64encode
from collections.abc import Mapping
from uuid import UUID

from clients.channels import vault
from clients.channels.secret import Secrets

PREFIX, SECRET_BYTES = "whsec_", 32


def new_secret() -> str:
    """As receivers of the standard expect it."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def seal(values: Mapping[str, str], *, brand_id: UUID, subscription_id: UUID) -> bytes:
    """`values`: endpoint, secret, and secret_old while the receiver changes over."""
    kept = {name: value for name, value in values.items() if value}
    return vault.seal(kept, brand_id=brand_id, channel_id=subscription_id)


def unseal(sealed: bytes | memoryview, *, brand_id: UUID, subscription_id: UUID) -> Secrets:
    """Raises Conflict('secret_unreadable')."""
    return vault.unseal(bytes(sealed), brand_id=brand_id, channel_id=subscription_id)
