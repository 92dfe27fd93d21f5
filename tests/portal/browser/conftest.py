"""A real browser against a real server, on the hosts people use. Skipped, with one sentence, where there is no Chromium."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from clients.gate.actions import approve_item, stop
from clients.mandates.actions import propose_charter
from tenants.models import Person
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef
from tests.chromium import CHROMIUM
from tests.conftest import make_person
from tests.portal.browser.faults import Watched
from tests.world import World, make_world

# Playwright keeps an event loop in this thread; the tests around it are plain synchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

Open = Callable[..., BrowserContext]
Look = Callable[..., dict[str, list[str]]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = pytest.mark.skip(reason="no Chromium on this machine: apt-get install chromium, then run these again")
    for item in items:
        if "tests/portal/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(absent)


EACH = [(language, width) for language in ("fr", "en") for width in (390, 1280)]
EVERY_SCREEN = bool(os.environ.get("EVERY_SCREEN"))
SCREENS = EACH if EVERY_SCREEN else [("fr", 390)]
"""For tests that press things: the longer language on the narrower screen. Pages that are only looked at: see `look`."""
BY_TURNS = [("fr", 390), ("en", 1280)]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--host-resolver-rules=MAP *.localhost 127.0.0.1"]}


@pytest.fixture
def site(real_brands: tuple[BrandRef, BrandRef], settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The hub's address, served by threads of this process."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 60)  # the server's threads keep theirs
    settings.PUBLIC_AUTHORITY = f"{settings.HUB_HOST}:{server.port}"
    policy = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]}
    policy["form-action"] = ["'self'", f"http://{settings.PUBLIC_AUTHORITY}", f"http://*.{settings.PUBLIC_AUTHORITY}"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy}
    yield f"http://{settings.PUBLIC_AUTHORITY}"
    server.terminate()
    server.join()


@pytest.fixture
def world(site: str, real_brands: tuple[BrandRef, BrandRef]) -> World:
    """Something of everything: items in several states, a receipt, a proposal, a stop on one channel."""
    world = make_world(real_brands[0], make_person)
    for n in range(10):
        world.submitted(f"Les clémentines de Corse sont arrivées, panier {n}.", title=f"Panier {n}")
    sent = world.submitted("Ouvert le lundi", title="Ouverture")
    approve_item(world.owner, item_id=sent.pk, seen_digest=sent.version.digest)
    world.run_outbox("gate.send")
    world.draft("Une idée", title="Idée")
    world.draft("Bientôt", title="Bientôt", not_before=timezone.now() + timedelta(hours=30))
    propose_charter(
        actor=world.actor(Role.AGENCY_MANAGER),
        mandate_id=world.mandate.pk,
        base=1,
        grants=[{"channel": "", "kind": "publish", "sensitivity": "routine", "level": 4}],
    )
    stop(world.owner, scope="kind", value="newsletter", reason="Rappel produit")
    return world


@pytest.fixture
def open_as(browser: Browser, site: str) -> Iterator[Open]:
    """`open_as(person, language=..., width=...)`: a window in which the person is signed in on the hub and all brands."""
    opened: list[BrowserContext] = []

    def make(person: Person | None, language: str = "fr", width: int = 1280) -> BrowserContext:
        window = browser.new_context(viewport={"width": width, "height": 900}, locale=f"{language}-XX")
        opened.append(window)
        domain = f".{django_settings.HUB_HOST}"
        window.add_cookies([{"name": "relais-language", "value": language, "domain": domain, "path": "/"}])
        if person is not None:
            client = Client()
            client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
            value = client.cookies[django_settings.SESSION_COOKIE_NAME].value
            window.add_cookies(
                [{"name": django_settings.SESSION_COOKIE_NAME, "value": value, "domain": domain, "path": "/"}]
            )
        return window

    yield make
    for window in opened:
        window.close()


@pytest.fixture
def look(open_as: Open) -> Look:
    """`look(person, urls)`: what is wrong with each of these pages, of those with which anything is.

    By turns in French on a phone and in English on a desk, so that every list of pages covers both; with EVERY_SCREEN=1 each
    page in both languages at both widths. One window for each person and screen goes from page to page. `pictures` is a folder
    for what is seen.
    """
    windows: dict[tuple[Any, str, int], Watched] = {}

    def window(person: Person | None, language: str, width: int) -> Watched:
        key = (person and person.pk, language, width)
        if key not in windows:
            windows[key] = Watched(open_as(person, language, width).new_page(), language, width)
        return windows[key]

    def at_all(person: Person | None, urls: Sequence[str], *, pictures: str = "") -> dict[str, list[str]]:
        faults = {}
        for place, url in enumerate(urls):
            for screen in EACH if EVERY_SCREEN else [BY_TURNS[place % 2]]:
                seen, path = window(person, *screen), "/" + url.split("/", 3)[3]
                if found := seen.faults_at(url):
                    faults[f"{path} {screen}"] = found
                if pictures:
                    language, width = screen
                    _take_picture(seen.page, Path(pictures), f"{place:02d}-{language}-{width}-{path}")
        return faults

    return at_all


def _take_picture(page: Page, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    plain = re.sub(r"\W+", "-", name).strip("-")
    page.screenshot(path=folder / f"{plain[:80]}.png", full_page=True)
