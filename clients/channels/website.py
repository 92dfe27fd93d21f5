"""Whether a web address that a brand or a network gives may be talked to, as far as it shows before anything is asked of it.

Where its name leads is `egress`'s to judge, at every call anew.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings as installation

from clients.channels.rules import is_web_link
from tenants.errors import Invalid


def check_endpoint(address: str, field: str) -> None:
    """One address to call, query and all. Raises Invalid('not_a_site'|'https_required', field)."""
    if not is_web_link(address) or "#" in address:
        raise Invalid("not_a_site", field)
    check_line(address, field)


def check_line(address: str, field: str) -> None:
    """Raises Invalid('https_required', field) for a line that others could read, except on one's own machine."""
    if not address.startswith("https://") and not installation.ALLOW_PRIVATE_HOSTS:
        raise Invalid("https_required", field)


def is_within(address: str, domains: Iterable[str]) -> bool:
    """Whether an address that a network handed us lies in one of its domains.

    INVARIANT: asked before any token goes to an address out of an answer. A network's answer is no reason to trust a host.
    """
    host = (urlsplit(address).hostname or "") if is_web_link(address) else ""
    return bool(_HOST.fullmatch(host)) and any(host == each or host.endswith(f".{each}") for each in domains)


_HOST = re.compile(r"[a-z0-9.-]+")
