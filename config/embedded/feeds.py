"""Three feeds for the demonstration, so that its sources have somewhere to look without any network.

Run as `python -m config.embedded.feeds <port>`. `gazette` speaks every six hours; `quartier` fell silent four days ago; `avis`
says no titles and no dates any more. All are written when somebody asks, so they are as old on every day.
"""

import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import escape

SIX_HOURS, A_DAY = timedelta(hours=6), timedelta(days=1)
ENTRIES = 20
NEWS = (
    "Maison Aubier : la fournée de 7 h 30 fait la queue jusqu’à la rue des Tanneurs",
    "Le marché du samedi déménage sur le quai Sud",
    "La piscine rouvre lundi",
    "Travaux rue Nationale : le bus 4 passe ailleurs",
)


def gazette(now: datetime) -> str:
    """News, the last one of this quarter of the day."""
    last = now.replace(hour=now.hour // 6 * 6, minute=0, second=0, microsecond=0)
    return _feed("gazette", [(last - n * SIX_HOURS, True) for n in range(ENTRIES)])


def quartier(now: datetime) -> str:
    """One entry a day until four days ago."""
    last = now.replace(hour=7, minute=0, second=0, microsecond=0) - 4 * A_DAY
    return _feed("quartier", [(last - n * A_DAY, True) for n in range(ENTRIES)])


def avis(now: datetime) -> str:
    """As a forum writes them after its last change of software."""
    return _feed("avis", [(now.replace(hour=8, minute=0, second=0, microsecond=0), False)])


FEEDS: dict[str, Callable[[datetime], str]] = {"gazette": gazette, "quartier": quartier, "avis": avis}


def _feed(name: str, entries: list[tuple[datetime, bool]]) -> str:
    items = "".join(_item(name, moment, whole=whole) for moment, whole in entries)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title><language>fr</language>{items}</channel></rss>'


def _item(name: str, moment: datetime, *, whole: bool) -> str:
    words = escape(NEWS[int(moment.timestamp()) // 21_600 % len(NEWS)])
    key = f"{name}:{moment:%Y%m%d%H}"
    head = f"<title>{words}</title><pubDate>{format_datetime(moment)}</pubDate>" if whole else ""
    return f"<item><guid isPermaLink='false'>{key}</guid>{head}<description>{words}.</description></item>"


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        feed = FEEDS.get(self.path.strip("/").removesuffix(".xml"))
        body = feed(datetime.now(UTC)).encode() if feed else b""
        self.send_response(200 if feed else 404)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Silent."""


def _serve(port: int) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", port), _Pages)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.serve_forever()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
