"""Uploaded files have no address of their own: a view that has checked the brand opens them, and nothing else serves them."""

from django.core.files.storage import FileSystemStorage


class ClosedStorage(FileSystemStorage):
    """Files under MEDIA_ROOT without a URL, so that no template can leak one by accident."""

    def url(self, name: str | None) -> str:
        """There is none. Raises ValueError, as Django's own storages without a URL do."""
        message = "This file is not accessible by an address: link the view that checks the brand."
        raise ValueError(message)
