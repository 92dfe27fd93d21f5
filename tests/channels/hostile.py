"""A server that stands between a connector and its network, and spoils exactly the request that has the effect.

Everything else is passed on, so a log-in or a look-up works as ever. With `lose_answer` the effect happens and nobody is
told: the one case for which idempotency exists.
"""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

REST = timedelta(seconds=120)
IsEffect = Callable[[str, str], bool]


def changes_something(method: str, path: str) -> bool:
    return method not in ("GET", "HEAD", "OPTIONS")


@dataclass
class Hostile:
    """`mode` is one of MODES or '' for none. `trapped` counts who followed the redirect to loopback."""

    upstream: str
    is_effect: IsEffect = changes_something
    mode: str = ""
    everything: bool = False
    url: str = ""
    trapped: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def spoils(self, method: str, path: str) -> bool:
        return bool(self.mode) and (self.everything or self.is_effect(method, path))


@contextmanager
def standing_before(upstream: str, is_effect: IsEffect = changes_something) -> Iterator[Hostile]:
    """A running Hostile in front of `upstream`, such as 'http://127.0.0.1:1234'. Its own address is `url`."""
    hostile = Hostile(upstream, is_effect)
    handler = type("Handler", (_Handler,), {"hostile": hostile})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    hostile.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield hostile
    finally:
        hostile.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    hostile: Hostile
    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        with suppress(OSError):
            super().handle_one_request()
        self.close_connection = True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        hostile = self.hostile
        if self.path == "/trap":
            hostile.trapped += 1
            return self.answer(200, {}, b"{}")
        if hostile.spoils(self.command, self.path):
            return MODES[hostile.mode](self, body)
        return self.pass_on(body)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET  # noqa: N815

    def pass_on(self, body: bytes, *, tell: bool = True) -> None:
        there = urlsplit(self.hostile.upstream)
        line = http.client.HTTPConnection(there.hostname or "", there.port, timeout=20)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        line.request(self.command, there.path + self.path, body or None, headers)
        reply = line.getresponse()
        found = reply.read()
        line.close()
        if tell:
            dropped = ("connection", "transfer-encoding", "content-length", "date", "server")
            self.answer(reply.status, {n: v for n, v in reply.getheaders() if n.lower() not in dropped}, found)

    def answer(self, status: int, headers: dict[str, str], body: bytes, *, length: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Silent."""

    def raw(self, *pieces: bytes, pause: float = 0.0) -> None:
        for piece in pieces:
            self.connection.sendall(piece)
            if self.hostile.over.wait(pause):
                return


def _status(status: int, **headers: str) -> Callable[[_Handler, bytes], None]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def reply(handler: _Handler, body: bytes) -> None:
        # Repeats what it was given: none of it may show in an error.
        echo = {"error": "no", "you_said": body.decode("utf-8", "replace"), "headers": dict(handler.headers)}
        handler.answer(status, {"Content-Type": "application/json", **named}, json.dumps(echo).encode())

    return reply


def _resting(make: Callable[[datetime], dict[str, str]]) -> Callable[[_Handler, bytes], None]:
    return lambda handler, body: handler.answer(429, make(datetime.now(UTC) + REST), b"{}")


def _hang(handler: _Handler, body: bytes) -> None:
    handler.hostile.over.wait(20)


def _drip(handler: _Handler, body: bytes) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", *[b" "] * 400, pause=0.05)


def _giant(handler: _Handler, body: bytes) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b" " * 1_000_000] * 40)


def _cut(handler: _Handler, body: bytes) -> None:
    with suppress(OSError):
        handler.connection.shutdown(socket.SHUT_RDWR)


def _lose_answer(handler: _Handler, body: bytes) -> None:
    handler.pass_on(body, tell=False)
    _cut(handler, body)


MODES: dict[str, Callable[[_Handler, bytes], None]] = {
    "500": _status(500),
    "503": _status(503),
    "429_seconds": _resting(lambda moment: {"Retry-After": str(int(REST.total_seconds()))}),
    "429_date": _resting(lambda moment: {"Retry-After": format_datetime(moment, usegmt=True)}),
    "429_reset": _resting(lambda moment: {"X-RateLimit-Reset": moment.isoformat().replace("+00:00", "Z")}),
    "429_bare": _status(429),
    "401": _status(401),
    "403": _status(403),
    "redirect": lambda handler, body: handler.answer(302, {"Location": f"{handler.hostile.url}/trap"}, b""),
    "garbage": lambda handler, body: handler.raw(b"\x16\x03\x01 what is this?\r\n\r\n" * 20),
    "not_json": lambda handler, body: handler.answer(200, {}, b"<html>Welcome!</html>"),
    "half": lambda handler, body: handler.answer(200, {}, b'{"id": "1', length=500),
    "hang": _hang,
    "drip": _drip,
    "giant": _giant,
    "cut": _cut,
    "lose_answer": _lose_answer,
}


def moment_near(found: datetime | None, seconds: float = 5.0) -> bool:
    """Whether a `retry_at` is the one that the modes 429_* name."""
    return found is not None and abs((found - datetime.now(UTC) - REST).total_seconds()) < seconds
