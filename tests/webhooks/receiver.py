"""A receiver of webhooks on loopback, as somebody would write it: it checks each signature with the library of the standard's
makers before it believes a word, remembers ids, and misbehaves by plan. Used by the tests and by the proof `webhooks`."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

Plan = Callable[[int], str]
"""Which number of call -> what it does: 'take', 'error', 'gone', 'hang', 'lose' (taken, and no reply), 'redirect'."""


@dataclass
class Call:
    """One request as it came."""

    id: str
    event: dict[str, Any]
    headers: dict[str, str]
    body: bytes
    verified: bool
    taken: bool


@dataclass
class Receiver:
    """`secrets`: any of them may have signed. `tolerant`: the clock of a signature is not looked at, where clocks are faked."""

    plan: Plan = lambda number: "take"
    secrets: list[str] = field(default_factory=list)
    hang: float = 1.0
    tolerant: bool = False
    calls: list[Call] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    number: int = 0
    secret_file: str = ""
    """Where the secret stands that is made after the receiver."""

    def note(self, call: Call) -> None:
        """Kept before it is answered."""
        with self.lock:
            self.calls.append(call)

    def __enter__(self) -> "Receiver":
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver._answer(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hook"

    @property
    def taken(self) -> list[Call]:
        return [call for call in self.calls if call.taken]

    @property
    def known(self) -> dict[str, Call]:
        """Each event once: the first time it was taken."""
        found: dict[str, Call] = {}
        for call in self.taken:
            found.setdefault(call.id, call)
        return found

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        with self.lock:
            self.number += 1
            what = self.plan(self.number)
        call = Call(
            handler.headers["webhook-id"],
            json.loads(body),
            {name.lower(): value for name, value in handler.headers.items()},
            body,
            self._verified(handler, body),
            what in {"take", "lose"},
        )
        self.note(call)
        if what == "hang":
            time.sleep(self.hang)
        if what in {"hang", "lose"}:
            handler.close_connection = True
            return
        handler.send_response({"take": 204, "error": 500, "gone": 410, "redirect": 307}[what])
        if what == "redirect":
            handler.send_header("Location", self.url)
        answer = b"" if what == "take" else b"sorry"
        if what != "take":
            handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)

    def _verified(self, handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        if self.secret_file and not self.secrets:
            self.secrets.append(Path(self.secret_file).read_text())
        for secret in self.secrets:
            try:
                hook = Webhook(secret)
                if self.tolerant:
                    hook._Webhook__verify_timestamp = _any_time  # type: ignore[attr-defined]
                hook.verify(body, headers)
            except WebhookVerificationError:
                continue
            return True
        return False


def _any_time(header: str) -> Any:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(float(header), tz=UTC)
