"""The bytes behind a medium, checked against their digest whenever they are read to go out."""

import hashlib

from clients.items.models import Media


def bytes_of(media: Media) -> bytes:
    """The stored bytes. ValueError('content_altered') if they are not the ones that were approved."""
    with media.file.open("rb") as file:
        data: bytes = file.read()
    if hashlib.sha256(data).hexdigest() != media.digest:
        raise ValueError("content_altered")
    return data
