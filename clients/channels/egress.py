"""Reaching a host that a brand named, without becoming a door into our own network.

INVARIANT: every address that the name resolves to is checked, and the connection goes to one of exactly these. The name
is never resolved a second time, so an answer that changes in between reaches nothing.
"""

import ipaddress
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from clients.channels.port import SendFailed

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def open_line(host: str, port: int, until: float, *, allow_private: bool) -> socket.socket:
    """A TCP connection to `host` before `until`. Raises SendFailed: host_unknown, host_not_allowed, unreachable, timeout."""
    for family, address in resolve(host, port, until, allow_private=allow_private):
        line = socket.socket(family, socket.SOCK_STREAM)
        try:
            line.settimeout(seconds_left(until))
            line.connect(address)
        except OSError:
            line.close()
        else:
            return line
    raise SendFailed("timeout" if time.monotonic() >= until else "unreachable", permanent=False, maybe_sent=False)


def resolve(host: str, port: int, until: float, *, allow_private: bool) -> list[tuple[int, tuple[str, int]]]:
    """(family, address) of every address of `host`, before `until`. One private address among them refuses the whole host."""
    answers = _asked(host, port, until)
    if not answers:
        raise SendFailed("host_unknown", permanent=False, maybe_sent=False)
    if not allow_private and not all(is_public(str(address[0])) for *_, address in answers):
        raise SendFailed("host_not_allowed", permanent=True, maybe_sent=False)
    return [(family, address) for family, *_, address in answers]


def _asked(host: str, port: int, until: float) -> list[Any]:
    """What the system's resolver answers; nothing of a name that nobody knows. Raises SendFailed: timeout.

    In a thread that is left behind: the resolver takes no time limit, and a name server of the host's own may never answer.
    """
    answers: list[Any] = []

    def ask() -> None:
        with suppress(OSError, UnicodeError):
            answers.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(until - time.monotonic(), 0))
    if asking.is_alive():
        raise SendFailed("timeout", permanent=False, maybe_sent=False)
    return answers


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet, whatever it is wrapped in."""
    found = ipaddress.ip_address(address)
    inner = _wrapped(found)
    if inner is not None:
        return is_public(str(inner))
    # Site-local addresses are long gone from the standards, and still somebody's own network.
    site_local = isinstance(found, ipaddress.IPv6Address) and found.is_site_local
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified or site_local)


def seconds_left(until: float) -> float:
    """What is left of a call. Raises TimeoutError when nothing is: a socket takes 0 for 'do not wait'."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@contextmanager
def cut_at(line: socket.socket, until: float) -> Iterator[None]:
    """Shut the line down at `until`, from another thread and below TLS, so that nothing leaves any more.

    A server that drips a byte a second resets every timeout of a socket.
    """
    below = socket.socket(fileno=os.dup(line.fileno()))
    knife = threading.Timer(max(until - time.monotonic(), 0), _cut, [below])
    knife.daemon = True
    knife.start()
    try:
        yield
    finally:
        knife.cancel()
        knife.join()
        below.close()


def _wrapped(address: _Address) -> _Address | None:
    """The IPv4 address inside an IPv6 one: mapped, 6to4, Teredo or NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    teredo = address.teredo[1] if address.teredo else None
    nat64 = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
    return address.ipv4_mapped or address.sixtofour or teredo or nat64


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
