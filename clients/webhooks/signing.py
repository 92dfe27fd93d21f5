"""Signatures after Standard Webhooks, by the library of its makers; two of them while a receiver changes its secret."""

from collections.abc import Sequence
from datetime import UTC, datetime

from standardwebhooks import Webhook


def headers(secrets: Sequence[str], *, name: str, moment: datetime, body: bytes) -> dict[str, str]:
    """The three headers of one try. `name` is the event's id; receivers refuse a `moment` five minutes from their own."""
    at = moment.astimezone(UTC).replace(microsecond=0)
    signatures = (Webhook(secret).sign(name, at, body.decode()) for secret in secrets)
    return {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
