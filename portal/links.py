"""Addresses that cross from one host to another: the hub's, and each brand's own. Which hosts are ours is decided here."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

HUB = "portal.urls_hub"
BRAND = "portal.urls_brand"


def hub_url(name: str, *args: object, **query: str) -> str:
    """The absolute address of a hub page."""
    path = reverse(name, args=args, urlconf=HUB)
    return f"{settings.PUBLIC_SCHEME}://{settings.PUBLIC_AUTHORITY}{path}{_query(query)}"


def brand_url(slug: str, name: str, *args: object, **query: str) -> str:
    """The absolute address of a page of the brand with this slug."""
    path = reverse(name, args=args, urlconf=BRAND)
    return f"{settings.PUBLIC_SCHEME}://{slug}.{settings.PUBLIC_AUTHORITY}{path}{_query(query)}"


def is_ours(url: str) -> bool:
    """Whether a `next` may be followed: a path, or an address of the hub or of a host below it, and nothing else."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    ours = host == settings.HUB_HOST or host.endswith(f".{settings.HUB_HOST}")
    allowed = {parts.netloc} if ours and "@" not in parts.netloc else set()
    return url_has_allowed_host_and_scheme(url, allowed_hosts=allowed, require_https=settings.PUBLIC_SCHEME == "https")


def _query(query: dict[str, str]) -> str:
    return f"?{urlencode(query)}" if query else ""
