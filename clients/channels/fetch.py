"""The one way in which a connector speaks HTTP: to checked addresses only, cut at its deadline, and with an exact account.

httpx2 speaks the protocol; what it leaves open is settled here. The line is one that `egress` has opened, so a name is
resolved once and never into our own network. A server that drips is cut from outside. No proxy of the environment, no
cookie, no redirect but for a question. INVARIANT: `maybe_sent` is true from the first byte of a request that has an
effect until an answer is there; and no word of the network is ever in an error.
"""

import os
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpcore2
import httpx2

from clients.channels.answers import Reply, refused
from clients.channels.egress import cut_at, open_line, seconds_left
from clients.channels.port import SendFailed

__all__ = ["Reply", "call", "refused"]

MOST_HOPS = 3
_OUR_NAME = "Relais"
# All that another server may hear when a question is sent on to it: a credential may stand in any other header.
_TOLD_TO_OTHERS = ("accept", "accept-encoding", "user-agent")
_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})


def call(
    method: str,
    url: str,
    *,
    until: float,
    allow_private: bool,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    json: Any = None,
    form: Mapping[str, str] | None = None,
    files: Mapping[str, tuple[str, bytes, str]] | None = None,
    content: bytes | None = None,
    auth: tuple[str, str] | None = None,
    max_bytes: int = 2_000_000,
    cut: bool = False,
    effect: bool | None = None,
) -> Reply:
    """The server's answer, whatever its status; `refused` makes an error of one.

    `effect` says whether success would be seen by others: by default of everything but a question, while a log-in or an
    upload is none. `auth` is (user, password) for Basic. With `cut` an answer of more than `max_bytes` is given as far as that.
    Raises SendFailed: host_unknown, host_not_allowed, unreachable,
    tls_missing, certificate_refused, timeout, connection_lost, answer_unreadable, answer_too_big, redirected.
    """
    talk = _Talk(until, allow_private, method not in _HARMLESS if effect is None else effect)
    with talk.explained(), httpx2.Client(transport=_Transport(talk), trust_env=False, timeout=None) as client:
        request = client.build_request(
            method,
            url,
            headers={
                "User-Agent": _OUR_NAME,
                "Accept": "application/json",
                **(headers or {}),
                "Accept-Encoding": "identity",
            },
            params=params,
            json=json,
            data=form,
            files=files,
            content=content,
        )
        if auth is not None:
            request = next(httpx2.BasicAuth(*auth).auth_flow(request))
        for _ in range(MOST_HOPS + 1):
            talk.check(request.url)
            reply, further = _one_hop(client, request, talk, max_bytes, cut)
            if further is None or method not in _HARMLESS:
                return reply
            request = further
    raise SendFailed("redirected", permanent=True, maybe_sent=False)


def _one_hop(
    client: httpx2.Client, request: httpx2.Request, talk: "_Talk", max_bytes: int, cut: bool
) -> tuple[Reply, httpx2.Request | None]:
    response = client.send(request, stream=True)
    try:
        body, whole = _body(response, talk, max_bytes, cut)
        head = {name.lower(): value for name, value in response.headers.items()}
        further = _further(request, response)
        return Reply(response.status_code, head, body, talk.effect, str(request.url), not whole), further
    finally:
        response.close()


def _body(response: httpx2.Response, talk: "_Talk", max_bytes: int, cut: bool) -> tuple[bytes, bool]:
    """(bytes, whether they are all). Of a refusal as much as came: its status has said what matters."""
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        # We asked for none: unpacking is how a small answer becomes a giant one.
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=talk.maybe_sent, status=response.status_code)
    body = bytearray()
    try:
        for piece in response.iter_raw():
            body += piece
            if len(body) > max_bytes and cut:
                return bytes(body[:max_bytes]), False
            if len(body) > max_bytes:
                raise SendFailed(
                    "answer_too_big", permanent=True, maybe_sent=talk.maybe_sent, status=response.status_code
                )
    except (httpx2.HTTPError, OSError, ValueError, SendFailed):
        if response.status_code < 400:
            raise
    return bytes(body[:max_bytes]), True


def _further(request: httpx2.Request, response: httpx2.Response) -> httpx2.Request | None:
    """The next question where a redirect leads; credentials stay with the server they were meant for."""
    if response.status_code not in (301, 302, 303, 307, 308) or "location" not in response.headers:
        return None
    there = request.url.join(response.headers["location"])
    same = (there.scheme, there.host, there.port) == (request.url.scheme, request.url.host, request.url.port)
    kept = {
        name: value
        for name, value in request.headers.items()
        if name.lower() != "host" and (same or name.lower() in _TOLD_TO_OTHERS)
    }
    return httpx2.Request(request.method, there, headers=kept)


@dataclass(slots=True)
class _Talk:
    """One call: how long, whereto, and how far it came. `begun`: a byte of a request has left; `ended`: they hung up."""

    until: float
    allow_private: bool
    effect: bool
    begun: bool = False
    ended: bool = False
    lines: ExitStack = field(default_factory=ExitStack)

    @property
    def maybe_sent(self) -> bool:
        return self.effect and self.begun

    def check(self, url: httpx2.URL) -> None:
        """Each hop anew: an encrypted line, and nothing hidden in the address."""
        port = 1 if url.port is None else url.port
        if not url.host or url.scheme not in ("http", "https") or url.userinfo or not 0 < port < 65536:
            raise SendFailed("host_unknown", permanent=True, maybe_sent=False)
        if url.scheme == "http" and not self.allow_private:
            raise SendFailed("tls_missing", permanent=True, maybe_sent=False)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Every way a call can break, told as one SendFailed; in the end every line is closed."""
        with self.lines:
            try:
                yield
            except httpx2.RemoteProtocolError:
                raise self._broken("connection_lost" if self.ended else "answer_unreadable") from None
            except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, UnicodeError):
                raise SendFailed("host_unknown", permanent=True, maybe_sent=self.maybe_sent) from None
            except (httpx2.HTTPError, OSError, ValueError):
                # ValueError is what a TLS socket says when it was cut in the middle of a read.
                raise self._broken("connection_lost") from None

    def _broken(self, code: str) -> SendFailed:
        code = "timeout" if time.monotonic() >= self.until else code
        return SendFailed(code, permanent=False, maybe_sent=self.maybe_sent)


class _Transport(httpx2.HTTPTransport):
    """httpx2's own, on our lines."""

    def __init__(self, talk: _Talk) -> None:
        # Bare: what a certificate must be is said in `_Line.start_tls`, once for the life of the process.
        bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        super().__init__(verify=bare, trust_env=False)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=bare, max_keepalive_connections=0, network_backend=_Lines(talk)
        )


class _Lines(httpcore2.NetworkBackend):
    """Opens what `egress` allows, and nothing but TCP."""

    def __init__(self, talk: _Talk) -> None:
        self._talk = talk

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        talk = self._talk
        line = open_line(host, port, talk.until, allow_private=talk.allow_private)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        talk.lines.callback(line.close)
        talk.lines.enter_context(cut_at(line, talk.until))
        return _Line(line, talk)


class _Line(httpcore2.NetworkStream):
    """One socket. What waits on it waits no longer than the call."""

    def __init__(self, line: socket.socket, talk: _Talk) -> None:
        self._line, self._talk = line, talk

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._line.settimeout(seconds_left(self._talk.until))
        piece = self._line.recv(max_bytes)
        self._talk.ended = not piece
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._line.settimeout(seconds_left(self._talk.until))
        if buffer:
            self._talk.begun = True
            self._line.sendall(buffer)

    def close(self) -> None:
        self._line.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The certificate must be valid for the name that the brand gave."""
        self._line.settimeout(seconds_left(self._talk.until))
        try:
            wrapped = _trust(os.environ.get("SSL_CERT_FILE", "")).wrap_socket(
                self._line, server_hostname=server_hostname
            )
        except ssl.SSLCertVerificationError:
            raise SendFailed("certificate_refused", permanent=True, maybe_sent=False) from None
        self._talk.lines.callback(wrapped.close)
        return _Line(wrapped, self._talk)


@cache
def _trust(certificates: str) -> ssl.SSLContext:
    """Whom this machine trusts, or the file that its environment names; reading them takes longer than a request."""
    return ssl.create_default_context(cafile=certificates or None)
