"""Which version of a brand's schema this code was written for, as one name; and which versions may be served meanwhile."""

import hashlib
import sys
from functools import cache
from pathlib import Path
from uuid import UUID

from django.db.migrations.loader import MigrationLoader

from tenants import dressing
from tenants.models import SchemaText
from tenants.walls.router import brand_labels

_ADJACENT = 2


@cache
def fingerprint() -> str:
    """Names a version of a brand's schema: the bytes of all its migrations, in order, and its rights and triggers."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    dress = dressing.brand_dress(schema="b_" + "0" * 12, role="role", brand_id=UUID(int=0))
    digest = hashlib.sha256(dress.encode())
    for key in sorted(key for key in loader.disk_migrations if key[0] in brand_labels()):
        source = sys.modules[loader.disk_migrations[key].__module__].__file__
        digest.update(repr(key).encode() + Path(source or "").read_bytes())
    return digest.hexdigest()


def may_be_served(found: str) -> bool:
    """Whether a brand at this fingerprint works with this code: the present one, or one of the last two prepared.

    While a fleet is migrated, old and new code meet old and new brands; a release keeps both working (docs/operations.md).
    """
    if found == fingerprint():
        return True
    return found in SchemaText.objects.order_by("-created_at").values_list("fingerprint", flat=True)[:_ADJACENT]
