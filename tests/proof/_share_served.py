"""Links as the outside meets them: real requests from many addresses of this machine, and a real browser that goes back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from urllib.parse import urlencode

from django.conf import settings
from django.db import connections

from tests.chromium import CHROMIUM
from tests.proof._stage import host_of

PATIENCE = 60
FORM = "application/x-www-form-urlencoded"
_addresses = count(2)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `headers` by their small names."""

    status: int
    content: bytes
    headers: dict[str, str]

    @property
    def keeps(self) -> bool:
        """Whether a cache on the way or the browser might answer with it again."""
        return "no-store" not in self.headers.get("cache-control", "") or bool(
            {"etag", "last-modified", "expires"} & set(self.headers)
        )


@dataclass
class Visitor:
    """A browser of somebody without an account, from an address of their own, that talks to any of the servers by turns."""

    slug: str
    address: str = field(default_factory=lambda: _address(next(_addresses)))
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, port: int, path: str) -> Answer:
        return self._ask(port, "GET", path, None)

    def post(self, port: int, path: str, **typed: str) -> Answer:
        return self._ask(port, "POST", path, urlencode(typed))

    def like_me(self) -> "Visitor":
        """The same browser once more: its address and its cookies."""
        return Visitor(self.slug, self.address, dict(self.cookies))

    def _ask(self, port: int, method: str, path: str, body: str | None) -> Answer:
        line = HTTPConnection("127.0.0.1", port, PATIENCE, source_address=(self.address, 0))
        headers = {"Host": f"{host_of(self.slug)}:{port}", "Accept-Language": "en", "Content-Type": FORM}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line.request(method, path, body, headers)
        found = line.getresponse()
        content = found.read()
        line.close()
        for name, value in found.getheaders():
            if name.lower() == "set-cookie":
                cookie, _sep, kept = value.split(";")[0].partition("=")
                self.cookies[cookie] = kept
        return Answer(found.status, content, {name.lower(): value for name, value in found.getheaders()})


def gone_back(port: int, slug: str, token: str, end: Callable[[], object]) -> str:
    """What a browser shows that has read a report, gone on, and comes back when the link has ended. '' without a browser.

    'seen' if anything of the report stands there; else 'refused'.
    """
    if not CHROMIUM:
        return ""
    from playwright.sync_api import sync_playwright

    home = f"http://{host_of(slug)}:{port}"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--host-resolver-rules=MAP *.localhost 127.0.0.1"]
        )
        page = browser.new_page()
        page.set_default_timeout(PATIENCE * 2_000)
        page.goto(f"{home}/s/")
        page.fill("#token", token)
        page.click("main button")
        page.wait_for_selector(".report-document")
        page.goto(f"{home}/verify")
        with ThreadPoolExecutor(
            1
        ) as aside:  # the driver's loop runs in this thread, and the database is not asked from one
            aside.submit(_ended, end).result()
        page.go_back()
        page.wait_for_load_state()
        seen = page.locator(".report-document").count()
        browser.close()
    return "seen" if seen else "refused"


def _ended(end: Callable[[], object]) -> None:
    try:
        end()
    finally:
        connections.close_all()


def _address(number: int) -> str:
    """One of the sixteen million addresses that are this machine."""
    assert settings.HUB_HOST.endswith("localhost")
    return f"127.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
