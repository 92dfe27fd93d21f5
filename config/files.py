"""Uploaded files have no address of their own: a view that has checked brand, class and person opens them, and nothing else.

INVARIANT: a file is reached inside its own brand's scope alone. The first part of its name is the brand's id, and every way of
the storage to the disk (opening, saving, deleting, looking) passes `path`.
"""

from pathlib import Path

from django.core.files.storage import FileSystemStorage

from tenants.walls.place import CrossBrand
from tenants.walls.scope import required_brand


class ClosedStorage(FileSystemStorage):
    """Files under MEDIA_ROOT, each in the folder of its brand, without a URL, so that no template can leak one by accident."""

    def url(self, name: str | None) -> str:
        """There is none. Raises ValueError, as Django's own storages without a URL do."""
        message = "This file is not accessible by an address: link the view that checks the brand."
        raise ValueError(message)

    def path(self, name: str) -> str:
        """Where a file of the open brand lies. OutsideBrand without a scope, CrossBrand for what another brand's folder holds.

        What a link on the disk leads to counts, not what it is called: a link out of the folder leads nowhere.
        """
        found: str = super().path(name)
        own = Path(self.location).resolve() / str(required_brand().id)
        real = Path(found).resolve()
        if own not in (real, *real.parents):
            raise CrossBrand("file of another brand")
        return found
