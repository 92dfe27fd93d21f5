"""What a brand shares and reads of its figures, with full tables: no wider than a telephone, its link in sight."""

import os
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import process_of
from reports.facts.periods import PeriodKind, period_of
from reports.making.actions import ask_report, hold_report, make_report
from reports.making.models import Report
from reports.sharing.actions import release_report, share_report
from reports.sharing.models import Share
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.browser.conftest import BY_TURNS, EACH, EVERY_SCREEN, SCREENS, Open
from tests.portal.browser.test_inbox import by_hosts
from tests.proof._quarter import Quarter
from tests.world import World

MONTH = period_of(PeriodKind.MONTH, date(2026, 10, 1), "Europe/Paris")
PICTURES = os.environ.get("PICTURES_OF_REPORTS", "")
PASSWORD = "douze mots de passe"


@pytest.fixture
def full(world: World) -> World:
    """With a quarter of rows."""
    Quarter(world.brand, 1, 60).write()
    return world


def made(world: World, language: str, title: str = "Notre mois") -> Report:
    report = ask_report(world.cm, kind="monthly", period=MONTH, language=language, title=title)
    make_report(process_of(world.brand, EntryPoint.WORKER, "reports"), report_id=report.pk)
    return report


def fits(page: Page, name: str = "") -> None:
    """No page is wider than its screen. `name`: of its picture."""
    if PICTURES and name:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
    wide, screen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= screen, f"{page.url}: {wide} pixels on a screen of {screen}"


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_a_shared_report_fits_and_its_password_is_asked(
    full: World, site: str, open_as: Open, language: str, width: int
) -> None:
    report = made(full, language)
    release_report(full.owner, report_id=report.pk)
    link = share_report(full.owner, report_id=report.pk, recipient="Me Blanc", password=PASSWORD)
    page = open_as(None, language, width).new_page()
    page.goto(f"{by_hosts(full, site)}/s/#{link.token}")
    fits(page, f"door-{language}-{width}")
    page.fill("#code", "faux mot de passe")
    page.locator("main form button").press("Enter")
    page.locator("#failure").wait_for()
    fits(page, f"password-{language}-{width}")
    page.fill("#password", PASSWORD)
    page.locator("main form button").press("Enter")
    page.locator(".report-document").wait_for()
    assert page.locator(".report-document table").count() > 5
    fits(page, f"shared-{language}-{width}")


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_a_link_stands_in_sight_once(full: World, site: str, open_as: Open, language: str, width: int) -> None:
    report = made(full, "fr")
    release_report(full.owner, report_id=report.pk)
    page = open_as(full.people[Role.BRAND_OWNER], language, width).new_page()
    page.goto(f"{by_hosts(full, site)}/reports/{report.pk}/")
    page.locator("summary:has(#links-title)").click()
    page.fill("#recipient", "Me Blanc")
    page.locator("form:has(#recipient) button").click()
    address = page.locator("#address")
    address.wait_for()
    assert "/s/#" in address.input_value()
    box = address.bounding_box()
    assert box is not None and 0 <= box["y"] < 900
    assert page.evaluate("document.activeElement.id") == "address"
    fits(page, f"link-{language}-{width}")
    page.reload()
    assert page.locator("#address").count() == 0
    with brand_scope(full.brand):
        assert Share.objects.count() == 1


@pytest.mark.parametrize(("language", "width"), EACH if EVERY_SCREEN else BY_TURNS)
def test_pages_of_figures_and_reports_fit(full: World, site: str, open_as: Open, language: str, width: int) -> None:
    waits, held = made(full, "fr"), made(full, "en", "Held")
    hold_report(full.owner, report_id=held.pk)
    page = open_as(full.people[Role.BRAND_OWNER], language, width).new_page()
    asked = "view=month&period=2026-10"
    places = {
        "home": "/",
        "approvals": "/approvals/",
        "reports": "/reports/",
        "report": f"/reports/{waits.pk}/",
        "compare": f"/reports/{waits.pk}/compare",
        "rules": "/reports/rules?kind=monthly",
        "new": "/reports/new?kind=custom",
        "figures": f"/figures/?{asked}",
        "rows": f"/figures/rows?{asked}&figure=clocks.rounds;clock=answer",
        "mentions": f"/figures/rows?{asked}&figure=mentions.found",
    }
    for name, path in places.items():
        page.goto(by_hosts(full, site) + path)
        fits(page, f"{name}-{language}-{width}")
