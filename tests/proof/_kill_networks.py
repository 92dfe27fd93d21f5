"""Small networks of the classes B, C and D for the kills: each an HTTP server on loopback in a process of its own.

They keep what they were sent, are never killed, take their time, and count: what is public, under which key and text. A
request that breaks off in the middle has no effect, one that was whole has it whether or not anybody still listens.
"""

import http.client
import json
import multiprocessing
import random
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType
from typing import Any

from clients.autonomy.vocabulary import ActionKind
from clients.channels import registry
from clients.channels.port import Capabilities, Idempotency, Outbound, SendFailed, Sent, SettingField
from clients.channels.secret import Secrets

SLOWEST = 0.012
"""Seconds that a network takes before its effect, and again before its answer."""

SETTLE = 0.5
"""Seconds for which class C does not see what it was sent."""


class State:
    """What one network knows. Drafts and keys make a repeat harmless in class B only."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.drafts: dict[str, str] = {}
        self.public: list[tuple[str, str, float]] = []

    def draft(self, asked: dict[str, str]) -> dict[str, str]:
        with self.lock:
            return {"id": self.drafts.setdefault(asked["key"], f"draft-{asked['key']}")}

    def publish(self, asked: dict[str, str]) -> dict[str, str]:
        with self.lock:
            if asked["key"] not in {key for key, *_ in self.public}:
                self.public.append((asked["key"], asked["text"], time.monotonic()))
        return {"id": asked["key"]}

    def send(self, asked: dict[str, str]) -> dict[str, str]:
        with self.lock:
            self.public.append((asked["key"], asked["text"], time.monotonic()))
        return {"id": asked["key"]}

    def find(self, asked: dict[str, str]) -> dict[str, str]:
        seen_since = time.monotonic() - SETTLE
        with self.lock:
            found = any(key == asked["key"] and at <= seen_since for key, _, at in self.public)
        return {"id": asked["key"] if found else ""}

    def told(self, asked: dict[str, str]) -> dict[str, Any]:
        with self.lock:
            return {"texts": [text for _, text, _ in self.public]}


class Handler(BaseHTTPRequestHandler):
    """`POST /<verb>` with JSON."""

    protocol_version = "HTTP/1.1"
    state: State

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True  # half a request is none
            return
        verb, quick = self.path[1:], self.path == "/told"
        time.sleep(0 if quick else random.random() * SLOWEST)
        answer = json.dumps(getattr(self.state, verb)(json.loads(body))).encode()
        time.sleep(0 if quick else random.random() * SLOWEST)
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        except OSError:
            self.close_connection = True  # nobody listens any more

    def log_message(self, *_: Any) -> None:
        """Silent."""


class Server(ThreadingHTTPServer):
    """Callers that die in the middle are what it is for."""

    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Not worth a word."""


def _serve(pipe: Any) -> None:
    Handler.state = State()
    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    pipe.send(server.server_address[1])
    server.serve_forever()


@contextmanager
def serving() -> Iterator[int]:
    """One network in a process of its own; its port."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.kill()
        process.join()


def ask(port: int, verb: str, **facts: str) -> dict[str, Any]:
    """One request, its body in two pieces with a breath between, so that a kill leaves half requests behind."""
    body = json.dumps(facts).encode()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.putrequest("POST", f"/{verb}")
        line.putheader("Content-Length", str(len(body)))
        line.endheaders(body[: len(body) // 2])
        if verb != "told":
            time.sleep(random.random() * 0.003)
        line.send(body[len(body) // 2 :])
        answer: dict[str, Any] = json.loads(line.getresponse().read())
        return answer
    finally:
        line.close()


def register(kinds: Mapping[str, int]) -> None:
    """Make these networks known to this process: 'fake_b' of class B at that port."""
    for kind, port in kinds.items():
        package, module = ModuleType(f"kills.{kind}"), ModuleType(f"kills.{kind}.connector")
        module.CONNECTOR = FakeConnector(kind, Idempotency(kind[-1].upper()), port)  # type: ignore[attr-defined]
        sys.modules |= {package.__name__: package, module.__name__: module, "kills": ModuleType("kills")}
        registry.FOLDERS[kind] = package.__name__


class FakeConnector:
    """The connector of one of these networks."""

    fields: tuple[SettingField, ...] = ()

    def __init__(self, kind: str, idempotency: Idempotency, port: int) -> None:
        self.kind, self.port = kind, port
        settle = SETTLE if idempotency is Idempotency.LOOK_UP else 0.0
        self.declares = Capabilities(
            kinds=frozenset({ActionKind.PUBLISH}), idempotency=idempotency, max_length=500, settle_seconds=settle
        )

    def check_settings(self, settings: Mapping[str, Any], secret: Secrets) -> None:
        """It has none."""

    def prepare(self, outbound: Outbound, until: float) -> str:
        return str(self._ask("draft", outbound)["id"])

    def send(self, outbound: Outbound, until: float) -> Sent:
        verb = "publish" if self.declares.idempotency is Idempotency.TWO_PHASE else "send"
        return Sent(remote_id=str(self._ask(verb, outbound)["id"]))

    def find(self, outbound: Outbound, until: float) -> Sent | None:
        if self.declares.idempotency is Idempotency.NONE:
            raise SendFailed("cannot_look_up", permanent=True, maybe_sent=False)
        found = self._ask("find", outbound)["id"]
        return Sent(remote_id=str(found)) if found else None

    def _ask(self, verb: str, outbound: Outbound) -> dict[str, Any]:
        try:
            return ask(self.port, verb, key=outbound.key, text=outbound.text)
        except OSError:
            raise SendFailed("connection_lost", permanent=False, maybe_sent=True) from None
