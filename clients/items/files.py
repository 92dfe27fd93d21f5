"""The bytes behind a medium: room for them, and their digest, checked whenever they are read to go out."""

import hashlib

from django.db.models import Sum

from clients.items.models import Media
from tenants.errors import Invalid
from tenants.limits import A_MEGABYTE, storage_bytes
from tenants.walls.scope import BrandRef


def require_room(brand: BrandRef, size: int) -> None:
    """Inside the brand's scope: Invalid('storage_full', 'media') unless so many more bytes may be kept.

    Two who store at the same moment may both find the last room: over by a picture, never by more.
    """
    limit, used = storage_bytes(brand), int(Media.objects.aggregate(total=Sum("size"))["total"] or 0)
    if used + size > limit:
        raise Invalid("storage_full", "media", limit=limit // A_MEGABYTE, used=used // A_MEGABYTE)


def bytes_of(media: Media) -> bytes:
    """The stored bytes. ValueError('content_altered') if they are not the ones that were approved."""
    with media.file.open("rb") as file:
        data: bytes = file.read()
    if hashlib.sha256(data).hexdigest() != media.digest:
        raise ValueError("content_altered")
    return data
