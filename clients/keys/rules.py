"""How long a key lives, from where it may come, where a code may be sent, and what stops somebody at the door. Pure."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from hmac import compare_digest
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from clients.keys.scopes import OF_EVERY_KEY

if TYPE_CHECKING:
    from clients.disclosure.models import IntegrationPolicy

LONGEST = timedelta(days=365)
CODE_LASTS = timedelta(seconds=60)
ACCESS_LASTS = timedelta(hours=1)
REFRESH_LASTS = timedelta(days=30)
FAMILY_LASTS = timedelta(days=180)
"""After so long somebody consents anew, however often tokens were exchanged in between."""
WARNED_BEFORE = (timedelta(days=14), timedelta(days=2))
NOTED_EACH = timedelta(minutes=1)
"""The last use of a key is written so often at most, not with each request."""
MOST_NETWORKS, MOST_REDIRECTS = 20, 10
MOST_TOLD_IN_A_DAY = 5
"""New networks of one key that letters are written about; each has its line in the log."""
LONGEST_ADDRESS = 500
MOST_MISSES = 10
"""Wrong secrets of one address within a minute; after these it waits."""
PREFIX_V4, PREFIX_V6 = 24, 48

CHALLENGE = re.compile(r"[A-Za-z0-9\-_]{43}", re.ASCII)
VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}", re.ASCII)


class Kind(StrEnum):
    """How a system comes in."""

    STATIC = "static"  # with the key itself
    SERVICE = "service"  # OAuth client credentials: for itself, on behalf of whoever answers for it
    APP = "app"  # OAuth authorization code: for whoever consents


class Ended(StrEnum):
    """Why a key or a family of tokens came to its end."""

    BRAND = "brand"  # somebody of the brand pressed the button
    POLICY = "policy"  # what it might read ended
    EXPIRED = "expired"
    CLIENT = "client"  # the other system gave its token back
    REUSED = "reused"  # what may be used once was used twice
    RENEWED = "renewed"  # its secret was changed


@dataclass(frozen=True, slots=True)
class Grant:
    """What a request with a key may do, besides what the role of the actor may: narrower, never more."""

    key_id: UUID
    scopes: frozenset[str]
    policy: "IntegrationPolicy"
    kind: Kind
    name: str = ""
    to_note: bool = False  # its use is not written down for this minute, or its network is new: `actions.note_use`

    def allows(self, scope: str) -> bool:
        return scope in self.scopes or scope in OF_EVERY_KEY


@dataclass(frozen=True, slots=True)
class Asked:
    """An authorization request as it came in, once it was found to be one."""

    client: str
    redirect_uri: str
    challenge: str
    scopes: tuple[str, ...]
    state: str


# --- Networks ----------------------------------------------------------------------------------------------------------


def networks_typed(lines: Iterable[str]) -> list[str] | None:
    """Addresses and networks (CIDR, both families) as they are kept; None if one of them is neither."""
    try:
        found = {str(ip_network(text, strict=False)) for line in lines if (text := line.strip())}
    except ValueError:
        return None
    return sorted(found)


def comes_from(networks: Collection[str], ip: str) -> bool:
    """Whether an address is in one of these networks. No list lets everybody in, and no known address is in no list."""
    if not networks:
        return True
    address = _address(ip)
    return address is not None and any(address in ip_network(network) for network in networks)


@lru_cache(maxsize=4096)
def network_of(ip: str) -> str:
    """The neighbourhood that an address is remembered by: /24, or /48 of version 6; '' for no address."""
    address = _address(ip)
    if address is None:
        return ""
    bits = PREFIX_V4 if address.version == 4 else PREFIX_V6
    found: IPv4Network | IPv6Network = ip_network(f"{address}/{bits}", strict=False)
    return str(found)


def _address(ip: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(ip)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


# --- Where a code may be sent ------------------------------------------------------------------------------------------


def is_redirect(uri: str) -> bool:
    """Whether an address may be registered: https, or http on one's own machine by number (RFC 8252 7.3). No fragment."""
    parts = _split(uri)
    if parts is None or parts.fragment or "#" in uri or parts.username is not None or parts.password is not None:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and _is_loopback(parts)


def fits(registered: Iterable[str], uri: str) -> bool:
    """Whether a code may be sent there: character for character, but for the port of a loopback address."""
    return any(uri == one or _same_but_port(one, uri) for one in registered)


def _same_but_port(registered: str, uri: str) -> bool:
    one, other = _split(registered), _split(uri)
    if one is None or other is None or not (one.scheme == other.scheme == "http") or not _is_loopback(one):
        return False
    if other.username is not None or "#" in uri:
        return False
    return (one.hostname, one.path, one.query) == (other.hostname, other.path, other.query)


def _is_loopback(parts: SplitResult) -> bool:
    return parts.hostname in {"127.0.0.1", "::1"}


def _split(uri: str) -> SplitResult | None:
    """None for what browsers and libraries might each read in their own way."""
    if len(uri) > LONGEST_ADDRESS or not uri.isascii() or not uri.isprintable() or set(uri) & set(" \\<>\"'`{}|^*"):
        return None
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return None
    return parts


# --- Proof Key for Code Exchange, by SHA-256 alone ------------------------------------------------------------------------


def is_challenge(text: str) -> bool:
    return CHALLENGE.fullmatch(text) is not None


def proves(verifier: str, challenge: str) -> bool:
    """Whether whoever has this verifier is who asked with that challenge (RFC 7636, S256)."""
    if VERIFIER.fullmatch(verifier) is None:
        return False
    return compare_digest(urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode(), challenge)


# --- The door --------------------------------------------------------------------------------------------------------------


def what_stops(*, revoked: bool, expires_at: datetime, policy_holds: bool, has_person: bool, now: datetime) -> str:
    """Why a genuine key does not open at this moment; '' when it does. Whoever holds the whole secret may be told."""
    if revoked:
        return "key_revoked"
    if now >= expires_at:
        return "key_over"
    if not policy_holds:
        return "policy_over"
    return "" if has_person else "key_unanswered"
