"""What the fakes share: one server on loopback, one state behind one lock, kept in a file that outlives a kill.

A fake is a class with `answer(ask)`. Its `state` holds plain JSON; every answer that changed it is written down before it
is given, so that a process killed in between has either done the thing for good or not at all.
"""

import argparse
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]]


@dataclass
class Ask:
    """One request, taken apart."""

    method: str
    path: str
    query: dict[str, list[str]]
    head: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        """Its JSON."""
        try:
            found = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


class Fake:
    """A network with a memory. `delay`: seconds before a new post shows in look-ups."""

    def __init__(self, file: Path | None = None, delay: float = 0.0) -> None:
        self.file, self.delay, self.url = file, delay, ""
        self.lock = threading.RLock()
        self.state: dict[str, Any] = self.empty()
        if file is not None and file.exists():
            self.state = json.loads(file.read_text())

    def empty(self) -> dict[str, Any]:
        """A state before anything happened."""
        return {}

    def answer(self, ask: Ask) -> Answer:
        raise NotImplementedError

    def next(self, name: str) -> int:
        """The next number of a kind."""
        counts = self.state.setdefault("counts", {})
        counts[name] = counts.get(name, 0) + 1
        return int(counts[name])

    def shows(self, moment: float) -> bool:
        return time.time() >= moment + self.delay

    def take(self, ask: Ask) -> Answer:
        with self.lock:
            answer = self.answer(ask)
            if ask.method != "GET":
                self.keep()
            return answer

    def keep(self) -> None:
        if self.file is None:
            return
        beside = self.file.with_suffix(".new")
        with beside.open("w") as out:
            json.dump(self.state, out)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(self.file)


@contextmanager
def serving(fake: Fake, port: int = 0) -> Iterator[str]:
    """The address of the running fake."""
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake.url
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def main(make: Callable[[Path, float], Fake]) -> None:
    """A fake as a program of its own, to be killed: `python -m tests.channels.fakes.<kind> --port N --file F`."""
    words = argparse.ArgumentParser()
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--file", type=Path, required=True)
    words.add_argument("--delay", type=float, default=0.0)
    given = words.parse_args()
    with serving(make(given.file, given.delay), given.port) as url, suppress(KeyboardInterrupt):
        print(url, flush=True)
        threading.Event().wait()


class _Handler(BaseHTTPRequestHandler):
    fake: Fake
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        head = {name.lower(): value for name, value in self.headers.items()}
        status, said, *more = self.fake.take(Ask(self.command, parts.path, parse_qs(parts.query), head, body))
        data = b"" if said is None else json.dumps(said).encode()
        self.send_response(status)
        for name, value in (more[0] if more else {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(data)
        self.close_connection = True

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names that http.server calls

    def log_message(self, *args: Any) -> None:
        """Silent."""
