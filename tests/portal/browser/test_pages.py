"""Every page in both languages on a phone and on a desk: no axe violation, no error in the console, no sideways scrolling."""

import re
from collections.abc import Iterator
from datetime import date, time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from clients.gate.queries import newest_receipts
from clients.items.actions import begin_series, read_import
from clients.items.models import Series
from clients.items.queries import items_waiting_for_brand
from clients.mandates.queries import proposals
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.browser.conftest import SCREENS, Open
from tests.portal.test_standing import proposed
from tests.world import World

HUB = (
    *("/", "/me/", "/me/security/", "/me/sessions/", "/account/logout/", "/account/reauthenticate/"),
    *("/account/password/change/", "/me/security/webauthn/"),
)
DOOR = ("/account/login/", "/account/password/reset/", "/account/signup/", "/invitation/nothing/")
BRAND = (
    *(
        "/",
        "/approvals/",
        "/items/",
        "/items/new",
        "/calendar/",
        "/calendar/?view=week",
        "/calendar/?view=list",
        "/calendar/import",
        "/calendar/series/",
        "/media/",
        "/charter/",
        "/asking/",
        "/asking/policy",
        "/asking/standing",
        "/log/",
        "/receipts/",
        "/briefing/",
    ),
    *("/briefing/write", "/channels/", "/channels/connect/email", "/people/", "/stops/", "/wall", "/nothing-here"),
)

TABLE = "date;time;channels;text\n2031-03-10;9:30;Le mur;Bonjour\n2031-03-30;2:30;Nulle part;Trop tôt\n"


def weekly(world: World) -> Series:
    """A series that goes on for a year, over both nights of the clocks."""
    return begin_series(
        world.owner,
        content=world.content("Chaque dimanche", title="Dimanche"),
        rule="FREQ=WEEKLY",
        first_day=date(2031, 3, 2),
        clock=time(2, 30),
        last_day=None,
        most=52,
    )


def brand_pages(world: World) -> Iterator[str]:
    yield from BRAND
    with brand_scope(world.brand):
        item, receipt = items_waiting_for_brand()[0], newest_receipts()[0]
        proposal = proposals(world.mandate)[0]
    yield from (f"/items/{item.pk}/", f"/items/{item.pk}/edit", f"/approvals/{item.pk}/edited")
    yield f"/calendar/{item.pk}/move"
    yield f"/calendar/series/{weekly(world).pk}/"
    yield f"/calendar/import/{read_import(world.owner, data=TABLE.encode(), name='plan.csv').pk}/"
    yield from (f"/receipts/{receipt.pk}/", f"/receipts/{receipt.pk}/replay")
    yield from (f"/charter/versions/{proposal.pk}/", f"/charter/{world.mandate.pk}/propose")
    yield f"/asking/standing/{proposed(world, world.cm).pk}/"


def faults_of(page: Page, url: str, width: int) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url)
    page.evaluate("document.querySelectorAll('details').forEach(d => { if (!d.dataset.menu) d.open = true })")
    found = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in Axe().run(page).response["violations"]]
    found += [text for text in said if "404 (Not Found)" not in text]
    wide = int(page.evaluate("document.documentElement.scrollWidth"))
    found += [f"{wide} pixels wide"] if wide > width else []
    return found


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_every_page(world: World, site: str, open_as: Open, language: str, width: int) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    faults: dict[str, list[str]] = {}
    owner, nobody = open_as(world.people[Role.BRAND_OWNER], language, width), open_as(None, language, width)
    urls = [*(brand + path for path in brand_pages(world)), *(site + path for path in HUB)]
    for window, wanted in ((owner, urls), (nobody, [site + path for path in DOOR])):
        for url in wanted:
            page = window.new_page()
            found = faults_of(page, url, width)
            assert page.get_attribute("html", "lang") == language, url
            page.close()
            if found:
                faults[url.split("/", 3)[3]] = found
    assert faults == {}
