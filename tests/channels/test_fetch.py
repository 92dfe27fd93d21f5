"""HTTP to a server that a brand named: to checked addresses only, cut at the deadline, and with an exact account."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from clients.channels import egress
from clients.channels.fetch import Reply, call, refused
from clients.channels.port import SendFailed
from tests.channels.contract import EXPECTED
from tests.channels.hostile import Hostile, moment_near, standing_before
from tests.channels.mailserver import certificate

Answer = Callable[[BaseHTTPRequestHandler, bytes], tuple[int, dict[str, str], bytes]]
PUBLIC, INNER = "127.0.0.2", "127.0.0.1"


@contextmanager
def answering(answer: Answer, address: str = INNER, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self, self.rfile.read(int(self.headers.get("content-length") or 0)))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_GET  # noqa: N815

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer((address, 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def fetch(method: str, url: str, seconds: float = 1.0, **more: Any) -> Reply:
    return call(method, url, **{"until": time.monotonic() + seconds, "allow_private": True, **more})


def failure(method: str, url: str, **more: Any) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        reply = fetch(method, url, **more)
        if not reply.ok:
            raise refused(reply)
        reply.json()
    return failed.value


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    with standing_before("http://127.0.0.1:9") as found:
        found.everything = True
        yield found


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("mode", sorted(set(EXPECTED) - {"redirect"}))
def test_every_way_to_break(hostile: Hostile, mode: str, method: str) -> None:
    hostile.mode = mode
    begun = time.monotonic()
    error = failure(method, hostile.url)
    code, permanent, maybe_sent = EXPECTED[mode]
    assert (error.code, error.permanent, error.maybe_sent) == (code, permanent, maybe_sent and method != "GET")
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("mode", ["500", "hang", "half", "cut", "not_json"])
def test_what_has_no_effect_was_never_sent(hostile: Hostile, mode: str) -> None:
    hostile.mode = mode
    assert not failure("POST", hostile.url, effect=False).maybe_sent


def test_nobody_there() -> None:
    error = failure("POST", "http://127.0.0.1:9/")
    assert (error.code, error.permanent, error.maybe_sent) == ("unreachable", False, False)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1/", "tls_missing"),
        ("https://127.0.0.1/", "host_not_allowed"),
        ("https://[::1]/", "host_not_allowed"),
        ("https://169.254.169.254/latest/meta-data", "host_not_allowed"),
        ("https://localhost/", "host_not_allowed"),
        ("https://2130706433/", "host_not_allowed"),
        ("https://me:word@127.0.0.1/", "host_unknown"),
        ("ftp://127.0.0.1/", "host_unknown"),
        ("file:///etc/passwd", "host_unknown"),
        ("https:///nothing", "host_unknown"),
        ("https://exa mple.org/", "host_unknown"),
        ("https://example.org:notaport/", "host_unknown"),
        ("https://example.org:99999/", "host_unknown"),
    ],
)
def test_addresses_that_are_never_called(url: str, code: str) -> None:
    error = failure("POST", url, allow_private=False)
    assert (error.code, error.permanent, error.maybe_sent) == (code, True, False) or code == "host_unknown"


class TestHops:
    """A public address is here 127.0.0.2, for which the names below stand."""

    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        asked: list[str] = []
        known = {"localhost": [PUBLIC, INNER, INNER], "inner.example": [INNER]}

        def getaddrinfo(host: str, port: int, **more: object) -> list[tuple[object, ...]]:
            asked.append(host)
            address = known[host].pop(0) if host in known else host
            return [(egress.socket.AF_INET, egress.socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(egress.socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(egress, "is_public", lambda address: address == PUBLIC)
        return asked

    @pytest.fixture
    def tls(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
        context, shown = certificate(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(shown))
        return context

    def test_the_checked_address_is_the_one_called_and_the_name_is_asked_once(
        self, asked: list[str], tls: ssl.SSLContext
    ) -> None:
        with answering(lambda handler, body: (200, {}, b"{}"), PUBLIC, tls) as port:
            assert fetch("GET", f"https://localhost:{port}/", allow_private=False).json() == {}
            assert asked == ["localhost"]
            assert failure("GET", f"https://localhost:{port}/", allow_private=False).code == "host_not_allowed"

    def test_a_redirect_into_our_network_is_refused(self, asked: list[str], tls: ssl.SSLContext) -> None:
        calls: list[str] = []

        def away(handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
            calls.append(handler.path)
            return 302, {"Location": f"https://inner.example:{handler.server.server_port}/x"}, b""

        with answering(away, PUBLIC, tls) as port:
            assert failure("GET", f"https://localhost:{port}/", allow_private=False).code == "host_not_allowed"
        assert calls == ["/"] and asked == ["localhost", "inner.example"]

    def test_a_redirect_to_an_open_line_is_refused(self, asked: list[str], tls: ssl.SSLContext) -> None:
        with answering(lambda handler, body: (301, {"Location": f"http://{PUBLIC}/"}, b""), PUBLIC, tls) as port:
            assert failure("GET", f"https://localhost:{port}/", allow_private=False).code == "tls_missing"

    def test_a_certificate_for_another_name(self, tls: ssl.SSLContext) -> None:
        with answering(lambda handler, body: (200, {}, b"{}"), PUBLIC, tls) as port:
            error = failure("POST", f"https://{PUBLIC}:{port}/")
        assert (error.code, error.permanent, error.maybe_sent) == ("certificate_refused", True, False)

    def test_a_certificate_that_nobody_vouches_for(self, tmp_path: Path) -> None:
        context, _ = certificate(tmp_path)
        with answering(lambda handler, body: (200, {}, b"{}"), tls=context) as port:
            assert failure("POST", f"https://127.0.0.1:{port}/").code == "certificate_refused"


def test_a_question_is_followed_and_its_credentials_stay_where_they_belong() -> None:
    seen: list[str | None] = []

    def there(handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        seen.append(handler.headers.get("authorization"))
        return 200, {}, b'{"here": true}'

    with answering(there) as far:

        def here(handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
            seen.append(handler.headers.get("authorization"))
            return 302, {"Location": "/again" if handler.path == "/" else f"http://localhost:{far}/"}, b""

        with answering(here) as near:
            reply = fetch("GET", f"http://127.0.0.1:{near}/", headers={"Authorization": "Bearer x"})
    assert reply.json() == {"here": True} and seen == ["Bearer x", "Bearer x", None]


def test_going_round_in_circles_ends() -> None:
    with answering(lambda handler, body: (302, {"Location": "/"}, b"")) as port:
        assert failure("GET", f"http://127.0.0.1:{port}/").code == "redirected"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_act_is_never_carried_elsewhere(status: int) -> None:
    seen: list[str] = []

    def away(handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        seen.append(handler.path)
        return status, {"Location": "/other"}, b""

    with answering(away) as port:
        error = failure("POST", f"http://127.0.0.1:{port}/")
    assert (error.code, error.maybe_sent, seen) == ("redirected", True, ["/"])


def test_no_packed_answers() -> None:
    """We ask for none; a server that packs all the same could make a giant of a small answer."""
    with answering(lambda handler, body: (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b")) as port:
        assert failure("GET", f"http://127.0.0.1:{port}/").code == "answer_unreadable"


def test_a_refusal_counts_though_its_words_break_off() -> None:
    with answering(lambda handler, body: (401, {"Content-Length": "500"}, b"no")) as port:
        error = failure("POST", f"http://127.0.0.1:{port}/")
    assert (error.code, error.permanent, error.maybe_sent, error.status) == ("credentials_refused", True, False, 401)


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with answering(lambda handler, body: (200, {}, body)) as port:
        assert fetch("POST", f"http://127.0.0.1:{port}/", json={"a": "é"}).json() == {"a": "é"}


@pytest.mark.parametrize("mode", ["429_seconds", "429_date", "429_reset"])
def test_when_to_come_back(hostile: Hostile, mode: str) -> None:
    hostile.mode = mode
    assert moment_near(failure("POST", hostile.url).retry_at)
