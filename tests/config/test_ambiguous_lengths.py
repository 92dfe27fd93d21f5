"""Where one message ends and the next begins: whoever sends two answers to that is refused, by the very server that we run.

Behind each ambiguous head stands a second request. It must never be answered: a proxy in front may have taken it for a body.
"""

import socket
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.proof._server import web_server

SMUGGLED = b"GET /account/login/ HTTP/1.1\r\nHost: %b\r\n\r\n" % settings.HUB_HOST.encode()
CHUNKED = b"5\r\nhello\r\n0\r\n\r\n"
AMBIGUOUS = {
    "a length and chunks": (b"Content-Length: 5\r\nTransfer-Encoding: chunked", CHUNKED),
    "chunks and a length": (b"Transfer-Encoding: chunked\r\nContent-Length: 5", CHUNKED),
    "two lengths": (b"Content-Length: 5\r\nContent-Length: 6", b"hello"),
    "two lengths in one line": (b"Content-Length: 5, 6", b"hello"),
    "a length with a sign": (b"Content-Length: +5", b"hello"),
    "a length below nothing": (b"Content-Length: -5", b"hello"),
    "a length in words": (b"Content-Length: five", b"hello"),
    "an unknown coding": (b"Transfer-Encoding: xchunked", CHUNKED),
    "chunks that are not the last coding": (b"Transfer-Encoding: chunked, gzip", CHUNKED),
    "chunks twice": (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", CHUNKED),
    "a blank before the colon": (b"Transfer-Encoding : chunked", CHUNKED),
    "a folded line": (b"Transfer-Encoding:\r\n chunked", CHUNKED),
}
BROKEN = {
    "a chunk's size in another notation": b"0x5\r\nhello\r\n0\r\n\r\n",
    "a chunk longer than it says": b"3\r\nhello\r\n0\r\n\r\n",
}


@pytest.fixture(scope="module")
def port(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[int]:
    with django_db_blocker.unblock(), web_server(settings.HUB_HOST, workers=1, threads=4) as found:  # type: ignore[attr-defined]
        yield found


def answers(port: int, head: bytes, body: bytes) -> bytes:
    """All that comes back on one connection, until it is closed or nothing more comes."""
    host = settings.HUB_HOST.encode()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(b"POST /language HTTP/1.1\r\nHost: %b\r\n%b\r\n\r\n%b" % (host, head, body))
        got = b""
        while part := _more(wire, got):
            got += part
    return got


def _more(wire: socket.socket, got: bytes) -> bytes:
    """The first answer may take its time; after it, the next one would come at once."""
    if got:
        wire.settimeout(2)
    try:
        return wire.recv(65536)
    except TimeoutError:
        assert got, "no answer at all"
        return b""


@pytest.mark.parametrize("case", AMBIGUOUS)
def test_an_ambiguous_length_is_refused_and_what_follows_is_not_answered(port: int, case: str) -> None:
    head, body = AMBIGUOUS[case]
    got = answers(port, head, body + SMUGGLED)
    status = int(got.split(b" ", 2)[1])
    assert got.count(b"HTTP/1.1 ") == 1, got[:600]
    assert status in {400, 501}, got[:300]


@pytest.mark.parametrize(("head", "body"), [(b"Content-Length: 5", b"hello"), (b"Transfer-Encoding: chunked", CHUNKED)])
def test_a_plain_length_is_understood_and_the_next_request_answered(port: int, head: bytes, body: bytes) -> None:
    """From the same set-up: without the ambiguity both are answered, so a refusal above is for the ambiguity's sake."""
    got = answers(port, head, body + SMUGGLED)
    assert got.count(b"HTTP/1.1 ") == 2 and b" 200 OK" in got
