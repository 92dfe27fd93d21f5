"""What one brand may take of what all share: the seconds of a statement, and the bytes of its files.

The installation says how much (`PAGE_SECONDS`, `WORK_SECONDS`, `BRAND_STORAGE_MB`); for one brand an operator may say otherwise
(`manage.py brands limit`), and only the owner of the database writes that down. The share of the workers is in
`tenants.pending`. INVARIANT: the server itself ends a statement; the limit is settled with search path and role.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

from tenants.brandref import BrandRef

A_MEGABYTE = 1_000_000

_seconds: ContextVar[int | None] = ContextVar("statement_seconds", default=None)


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """For the kind of work inside: a person waits for a page, and for nobody else's."""
    before = _seconds.set(seconds)
    try:
        yield
    finally:
        _seconds.reset(before)


def statement_seconds(brand: BrandRef | None) -> int:
    """How long one statement may take here and now."""
    if brand is not None and brand.statement_limit is not None:
        return brand.statement_limit
    return _seconds.get() or int(settings.WORK_SECONDS)


def storage_bytes(brand: BrandRef) -> int:
    """How many bytes of files a brand may keep."""
    return int(settings.BRAND_STORAGE_MB) * A_MEGABYTE if brand.storage_limit is None else brand.storage_limit
