"""Whatever a feed says, nothing crashes, runs or is asked outside; and no address leads a look into our own network.

Mutated feeds: the feeds of our own writing, spoilt by bytes turned, cut, doubled and put in, and by pieces that hurt parsers
(entities, CDATA, scripts, addresses, signs that turn the direction). Each is parsed twice: no error, the same entries under the
same names both times, no sign in any text that cannot be seen, nothing as long as it was not allowed to be. A parser that asked
for a name, opened a line or a file is counted. The slowest is told.

Addresses: each tricky one is looked at as a source would be, by the real way out, with a resolver that answers with what the
name means to an attacker: private, loopback, link-local, wrapped in IPv6, named by number, first public and then private,
public and private at once; and redirects from a public server to each of them. Counted: connections to anything but the public
server (127.0.0.2 stands for it), and what ended otherwise than as a refusal.

Seen to fall short when: the patient reader was handed bytes without a stream (it opened a file), the entities of a document were
left in it (seconds for one feed), a redirect was not checked.
"""

import builtins
import random
import socket
import ssl
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest import mock

from clients.channels import egress, fetch
from clients.channels.port import SendFailed
from clients.mentions.raw import RawMention
from clients.sources.parsing import MOST_ENTRIES, Parsed, parse_feed
from clients.sources.plain import LONGEST_TEXT, LONGEST_TITLE, text_of
from tests.channels.mailserver import certificate
from tests.proof._feeds import own_feeds

NEEDS_DATABASE = False
MUTATED = {"small": 2_000, "full": 100_000}
SEED = 20261121
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SLOWEST = 8.0
"""Seconds of this process for one feed; told, and too many of them fail the proof."""
PUBLIC, INNER = "127.0.0.2", "127.0.0.1"
PIECES = (
    b"&#x202e;",
    b"&#0;",
    b"&#xffffffff;",
    b"&lt;script&gt;alert(1)&lt;/script&gt;",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<?php ?>",
    b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    b"<!ENTITY y SYSTEM 'http://127.0.0.1:9/'>",
    b"&x;",
    b"\xff\xfe",
    b"\x00",
    b"<item>",
    b"</item>",
    b"</channel></rss>",
    b"<entry xmlns='http://www.w3.org/2005/Atom'>",
    b"<a href='javascript:x'>",
    b"\xed\xa0\x80",
    b"<x:y xmlns:x='u'>",
    b"xml:base='file:///'",
    b"<enclosure url='http://127.0.0.1:9/'/>",
    b"<" * 40,
    b"&" * 40,
    b"A" * 3000,
    b"\xe2\x80\xae",
    b"<pubDate>9999999999999999999</pubDate>",
    b"<updated>0000-00-00T00:00:00Z</updated>",
    b"<guid>7</guid>",
    b"<link>http://[::1</link>",
)
# Each with what its name means to who asks; a list of several for a name that changes or has several.
TRICKY: dict[str, list[str]] = {
    host: [meant]
    for host, meant in {
        "localhost": INNER,
        "127.1": INNER,
        "127.0.0.1": INNER,
        "2130706433": INNER,
        "0x7f000001": INNER,
        "0177.0.0.1": INNER,
        "0": "0.0.0.0",
        "0.0.0.0": "0.0.0.0",
        "[::]": "::",
        "[::1]": "::1",
        "[0:0:0:0:0:0:0:1]": "::1",
        "127.127.127.127": "127.127.127.127",
        "[::ffff:127.0.0.1]": "::ffff:127.0.0.1",
        "[::ffff:7f00:1]": "::ffff:127.0.0.1",
        "[::ffff:10.0.0.1]": "::ffff:10.0.0.1",
        "[2002:7f00:1::]": "2002:7f00:1::",
        "[2002:a00:1::1]": "2002:a00:1::1",
        "[64:ff9b::7f00:1]": "64:ff9b::7f00:1",
        "[64:ff9b::a9fe:a9fe]": "64:ff9b::a9fe:a9fe",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]": "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "10.0.0.1": "10.0.0.1",
        "10.255.255.255": "10.255.255.255",
        "172.16.0.1": "172.16.0.1",
        "172.31.255.254": "172.31.255.254",
        "192.168.0.1": "192.168.0.1",
        "192.168.255.255": "192.168.255.255",
        "169.254.169.254": "169.254.169.254",
        "metadata.google.internal": "169.254.169.254",
        "100.64.0.1": "100.64.0.1",
        "100.127.255.254": "100.127.255.254",
        "192.0.0.1": "192.0.0.1",
        "192.0.2.1": "192.0.2.1",
        "198.18.0.1": "198.18.0.1",
        "198.51.100.7": "198.51.100.7",
        "203.0.113.9": "203.0.113.9",
        "224.0.0.1": "224.0.0.1",
        "239.255.255.250": "239.255.255.250",
        "240.0.0.1": "240.0.0.1",
        "255.255.255.255": "255.255.255.255",
        "[fe80::1]": "fe80::1",
        "[fec0::1]": "fec0::1",
        "[fc00::1]": "fc00::1",
        "[fd12:3456::1]": "fd12:3456::1",
        "[ff02::1]": "ff02::1",
        "[2001:db8::1]": "2001:db8::1",
        "localtest.me": INNER,
        "127.0.0.1.nip.io": INNER,
        "spoofed.burp.example": INNER,
        "intranet": "10.1.2.3",
        "router.lan": "192.168.1.1",
        "db.internal": "172.20.0.5",
        "①②⑦.⓪.⓪.①": INNER,
        "127。0。0。1": INNER,
        "LOCALHOST": INNER,
        "localhost.": INNER,
        "127.0.0.1.": INNER,
        "%31%32%37.0.0.1": INNER,
        "0x7f.1": INNER,
        "017700000001": INNER,
        "3232235521": "192.168.0.1",
        "kubernetes.default.svc": "10.96.0.1",
        "host.docker.internal": "192.168.65.2",
        "[::127.0.0.1]": "::127.0.0.1",
        "[64:ff9b:1::7f00:1]": "64:ff9b:1::7f00:1",
        "[100::1]": "100::1",
    }.items()
} | {
    "two.answers.example": [PUBLIC, INNER],
    "six.and.four.example": [PUBLIC, "::1"],
    "rebinding.example": ["then", INNER],
}
ADDRESSES = (
    "http://public.example/plain",
    "ftp://public.example/",
    "file:///etc/passwd",
    "gopher://public.example:70/x",
    "dict://127.0.0.1:11211/stats",
    "https://user:word@public.example/",
    "https://public.example@127.0.0.1/",
    "https:///etc/passwd",
    "https://",
    "//127.0.0.1/",
    "javascript:alert(1)",
    "data:text/xml,<rss/>",
    "https://public.example:99999/",
    "https://exa mple.org/",
    "https://\x00.example/",
    "https://" + "a" * 300 + ".example/",
)


def run(scale: str) -> tuple[str, bool]:
    """Spoil feeds, then try addresses."""
    with nothing_outside() as outside:
        count, crashes, slow, slowest = _feeds(MUTATED[scale])
    reached, tried, odd = _addresses()
    for line in (*crashes[:5], *odd[:5]):
        print(f"  {line}")
    figures = (
        f"{count:,} mutated feeds: {len(crashes)} crashes or broken promises, {outside.total()} asked for a name, a line or "
        f"a file; slowest {slowest:.1f} s, {slow} above {SLOWEST:.0f} s; {tried} tricky addresses, redirects and rebindings: "
        f"{reached} requests outside the allow-list, {len(odd)} ended otherwise than refused"
    )
    return figures, not crashes and not outside and not slow and not reached and not odd and tried >= 60


def _feeds(count: int) -> tuple[int, list[str], int, float]:
    chance, seeds = random.Random(SEED), [data for _, data, _ in own_feeds()]
    crashes, slow, slowest = list[str](), 0, 0.0
    for number in range(count):
        data = mutated(chance, seeds)
        begun = time.process_time()
        try:
            first = parse_feed(data, base="https://f.example/feed", now=NOW, cut=bool(number % 7 == 0))
            second = parse_feed(data, base="https://f.example/feed", now=NOW, cut=bool(number % 7 == 0))
        except Exception as error:
            crashes.append(f"feed {number}: {type(error).__name__} {error!s:.80}")
            continue
        took = (time.process_time() - begun) / 2
        slow, slowest = slow + (took > SLOWEST), max(slowest, took)
        if wrong := broken_promise(first, second):
            crashes.append(f"feed {number}: {wrong}")
    return count, crashes, slow, slowest


def mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    """One feed, spoilt in one to six ways."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        way = chance.randrange(6)
        if way == 0 and data:
            data[min(at, len(data) - 1)] = chance.randrange(256)
        elif way == 1:
            del data[at : at + chance.randint(1, 60)]
        elif way == 2:
            data[at:at] = data[at : at + chance.randint(1, 400)]
        elif way == 3:
            data[at:at] = chance.choice(PIECES)
        elif way == 4 and chance.random() < 0.3:
            del data[at:]
        else:
            other = chance.choice(seeds)
            begin = chance.randrange(len(other) + 1)
            data[at:at] = other[begin : begin + chance.randint(1, 200)]
    return bytes(data)


def broken_promise(first: Parsed, second: Parsed) -> str:
    """What is wrong with what was read, or ''."""
    if first != second:
        return "another answer the second time"
    if len(first.raws) > MOST_ENTRIES or len({raw.own_id for raw in first.raws}) != len(first.raws):
        return "names not unique"
    return next((wrong for raw in first.raws for holds, wrong in _promises(raw) if not holds), "")


def _promises(raw: RawMention) -> Iterator[tuple[bool, str]]:
    yield bool(raw.own_id and (raw.title or raw.text or raw.url)), "an entry that says nothing"
    yield len(raw.text) <= LONGEST_TEXT and len(raw.title) <= LONGEST_TITLE, "too long"
    yield text_of(raw.text) == raw.text and text_of(raw.title) == raw.title, "signs that cannot be seen"
    yield not raw.url or raw.url.startswith(("http://", "https://")), "an address of another kind"
    yield raw.published_at is None or raw.published_at.year <= NOW.year, "a date of the future"


@contextmanager
def nothing_outside() -> Iterator["Counter[str]"]:
    """Counts, and refuses, every name asked for, every line opened and every file opened for reading meanwhile."""
    seen: Counter[str] = Counter()

    def refused(what: str) -> Any:
        def refuse(*args: Any, **more: Any) -> Any:
            seen[what] += 1
            raise OSError(what)

        return refuse

    with (
        mock.patch.object(socket, "getaddrinfo", refused("name")),
        mock.patch.object(socket.socket, "connect", refused("line")),
        mock.patch.object(builtins, "open", refused("file")),
    ):
        yield seen


def _addresses() -> tuple[int, int, list[str]]:
    """(connections to what is not public, addresses tried, what ended otherwise than refused)."""
    reached: list[str] = []
    odd: list[str] = []
    urls = [*ADDRESSES, *(f"https://{host}/" for host in TRICKY)]
    with _public_server() as (port, go_to), _resolver(reached):
        for url in urls:
            odd += _tried(url.replace("public.example", f"public.example:{port}"), url)
            # Without a host it is a path of the server that says it.
            go_to.append(url.replace("https:///", "file:///"))
            odd += _tried(f"https://public.example:{port}/redirect", f"redirect to {url}")
        plain = fetch.call(
            "GET", f"https://public.example:{port}/feed", until=time.monotonic() + 5, allow_private=False
        )
        if plain.status != 200:
            odd.append("the public server was not reached: nothing was shown")
    return len(reached), 2 * len(urls), odd


def _tried(url: str, name: str) -> list[str]:
    """[] where the look was refused."""
    try:
        reply = fetch.call("GET", url, until=time.monotonic() + 3, allow_private=False, cut=True)
    except SendFailed:
        return []
    except Exception as error:
        return [f"{name!r}: {type(error).__name__}"]
    return [f"{name!r}: answered {reply.status}"]


@contextmanager
def _resolver(reached: list[str]) -> Iterator[None]:
    """Names mean what an attacker wants; connections to anything but the public server are counted and refused."""
    real_connect, real_public = socket.socket.connect, egress.is_public
    asked: Counter[str] = Counter()

    def getaddrinfo(host: str, port: int, *args: Any, **more: Any) -> list[Any]:
        name = str(host).lower().rstrip(".")
        asked[name] += 1
        meant = TRICKY.get(name) or TRICKY.get(f"[{name}]") or [PUBLIC if name == "public.example" else name]
        # The first answer is the one that is checked; whoever asked again would get the second.
        meant = [PUBLIC if asked[name] == 1 else INNER] if meant[0] == "then" else meant
        try:
            found = [(socket.AF_INET6 if ":" in one else socket.AF_INET, one) for one in meant]
            [socket.inet_pton(family, one) for family, one in found]
        except OSError:
            raise socket.gaierror(name) from None
        return [(family, socket.SOCK_STREAM, 6, "", (one, port)) for family, one in found]

    def connect(line: socket.socket, address: Any) -> None:
        if address[0] != PUBLIC:
            reached.append(str(address))
            raise OSError("refused")
        real_connect(line, address)

    def is_public(address: str) -> bool:
        return address == PUBLIC or real_public(address)

    with (
        mock.patch.object(egress.socket, "getaddrinfo", getaddrinfo),
        mock.patch.object(socket.socket, "connect", connect),
        mock.patch.object(egress, "is_public", is_public),
    ):
        yield


@contextmanager
def _public_server() -> Iterator[tuple[int, list[str]]]:
    """Behind a certificate for public.example, on 127.0.0.2: /redirect leads to the last of the list."""
    go_to: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            away = self.path == "/redirect" and go_to
            self.send_response(302 if away else 200)
            if away:
                self.send_header("Location", go_to[-1].encode("utf-8", "replace").decode("latin-1").replace("\x00", ""))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None: ...

    with tempfile.TemporaryDirectory() as folder:
        context, shown = certificate(Path(folder), "public.example")
        server = ThreadingHTTPServer((PUBLIC, 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        trusting = ssl.create_default_context(cafile=str(shown))
        try:
            with mock.patch.object(fetch, "_trust", return_value=trusting):
                yield server.server_port, go_to
        finally:
            server.shutdown()
            server.server_close()
