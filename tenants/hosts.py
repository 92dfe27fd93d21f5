"""From the host a browser asks for to the brand that answers there, remembered for a short while.

A look-up costs more than the rest of the shell of a request together, hence the memory: 30 s, this process, dropped at once
by whoever changes a brand here. Whether somebody may see the brand is asked afresh on every request, elsewhere.
"""

import re
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from tenants.brandref import BrandRef
from tenants.errors import Conflict
from tenants.fingerprint import may_be_served
from tenants.models import Brand
from tenants.vocabulary import BrandState

KEPT_FOR = 30.0
_MOST = 5000  # hosts remembered; unknown ones are never kept, so that nobody can fill the memory from outside
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\Z")


@dataclass(frozen=True, slots=True)
class _Known:
    brand: BrandRef
    until: float


_known: dict[str, _Known] = {}
_lock = threading.Lock()


def plain_host(header: str) -> str | None:
    """The host of a Host header: lower case, without port and one trailing dot. None when it is no host name."""
    host, _, port = header.strip().lower().partition(":")
    host = host.removesuffix(".")
    if (port and not port.isdecimal()) or len(host) > 253 or not _HOST.match(host):
        return None
    return host


def brand_at(host: str) -> BrandRef | None:
    """The active brand that answers at a plain host, or None. `<slug>.<hub>` or a domain of the brand's own.

    Raises Conflict('brand_not_ready') when its schema is not one this code works with: a fleet migration has not come by.
    """
    known = _known.get(host)
    if known is not None and known.until > time.monotonic():
        return known.brand
    brand = _look_up(host)
    if brand is None:
        return None
    if not may_be_served(brand.fingerprint):
        raise Conflict("brand_not_ready")
    with _lock:
        if len(_known) >= _MOST:
            _known.clear()
        _known[host] = _Known(brand.ref(), time.monotonic() + KEPT_FOR)
    return _known[host].brand


def forget() -> None:
    """Drop what this process remembers. Others follow within `KEPT_FOR`."""
    with _lock:
        _known.clear()


def _look_up(host: str) -> Brand | None:
    found = Brand.objects.filter(state=BrandState.ACTIVE)
    slug = host.removesuffix(f".{settings.HUB_HOST}")
    if slug != host:
        return found.filter(slug=slug).first() if "." not in slug else None
    at_rest = Q(domains__quarantined_until__gt=timezone.now())
    return found.filter(Q(domains__host=host) & ~at_rest).first()
