"""Whether the web address that a brand gives may be talked to, as far as it shows before anything is asked of it.

Where its name leads is `egress`'s to judge, at every call anew.
"""

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
