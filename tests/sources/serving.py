"""A web server on loopback that says what a test tells it to, and remembers how it was asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site:
    """`pages`: what stands where, as an answer or as what makes one of the request's heads."""

    url: str
    pages: dict[str, Answer | Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def feed(self, *items: str, path: str = "/feed", **heads: str) -> str:
        """Put a feed there; its address."""
        inner = "".join(f"<item>{item}</item>" for item in items)
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>J</title>{inner}</channel></rss>'.encode()
        self.pages[path] = (200, {"Content-Type": "application/rss+xml", **heads}, body)
        return self.url + path


@contextmanager
def site() -> Iterator[Site]:
    found = Site("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heads = {name.lower(): value for name, value in self.headers.items()}
            found.asked.append((self.path, heads))
            page = found.pages.get(self.path.partition("?")[0], (404, {}, b""))
            status, told, body = page(heads) if callable(page) else page
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **told}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
