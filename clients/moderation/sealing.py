"""Evidence at rest: encrypted under the installation's key and bound to one piece of evidence of one brand."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from clients.channels import vault


@dataclass(frozen=True, slots=True)
class Kept:
    """The thing before it went. `picture` is empty where there was none; times are ISO 8601."""

    title: str = ""
    text: str = ""
    author: str = ""
    handle: str = ""
    url: str = ""
    said_at: str = ""
    picture: bytes = b""
    mime: str = ""

    @property
    def words(self) -> str:
        """Everything in it that could name somebody."""
        return f"{self.title}\n{self.text}\n{self.author}\n{self.handle}\n{self.url}"


def seal(kept: Kept, *, brand_id: UUID, evidence_id: UUID) -> tuple[bytes, str]:
    """(the envelope to store, the SHA-256 in hex of what is in it)."""
    words = (kept.title, kept.text, kept.author, kept.handle, kept.url, kept.said_at)
    body = json.dumps([*words, b64encode(kept.picture).decode(), kept.mime])
    return vault.seal({"kept": body}, brand_id=brand_id, channel_id=evidence_id), sha256(body.encode()).hexdigest()


def unseal(sealed: bytes | memoryview, *, brand_id: UUID, evidence_id: UUID, digest: str) -> Kept:
    """Raises Conflict('secret_unreadable') when no key of ours opens it, ValueError('evidence_altered') for another content."""
    body = vault.unseal(sealed, brand_id=brand_id, channel_id=evidence_id).reveal("kept")
    if sha256(body.encode()).hexdigest() != digest:
        raise ValueError("evidence_altered")
    title, text, author, handle, url, said_at, picture, mime = json.loads(body)
    return Kept(title, text, author, handle, url, said_at, b64decode(picture), mime)
