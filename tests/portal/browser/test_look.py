"""A brand's look in a real browser: what a report begins with follows what is typed, and a colour that would do is one press."""

import os

import pytest
from playwright.sync_api import expect

from reports.looks.actions import set_look
from reports.looks.models import BrandLook
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.browser.conftest import SCREENS, Look, Open
from tests.portal.browser.test_inbox import by_hosts
from tests.reports.making.test_looks import GREEN
from tests.world import World

OWNER = Role.BRAND_OWNER
PICTURES = os.environ.get("PICTURES_OF_LOOKS", "")
HOUSE, GREENISH = "rgb(31, 78, 95)", "rgb(44, 122, 75)"


def test_the_page_of_the_look(world: World, site: str, look: Look) -> None:
    page = by_hosts(world, site) + "/look/"
    assert look(world.people[OWNER], [page, page], pictures=PICTURES and f"{PICTURES}/house") == {}
    set_look(world.owner, wanted=GREEN)
    assert look(world.people[OWNER], [page, page], pictures=PICTURES and f"{PICTURES}/green") == {}


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_seen_while_it_is_typed_and_taken_by_one_press(
    world: World, site: str, open_as: Open, language: str, width: int
) -> None:
    page = open_as(world.people[OWNER], language, width).new_page()
    page.goto(by_hosts(world, site) + "/look/")
    expect(page.locator(".worn")).to_have_css("border-bottom-color", HOUSE)
    page.locator("#logo").set_input_files({"name": "m.svg", "mimeType": "image/svg+xml", "buffer": GREEN.logo or b""})
    page.locator("#alternative").fill("A field")
    page.locator("#colour").fill("#2c7a4b")
    expect(page.locator(".worn")).to_have_css("border-bottom-color", GREENISH)
    page.locator(".worn img[alt='A field']").wait_for()
    page.locator("#colour").fill("#7fd4a0")
    page.locator("#preview .notice").wait_for()
    page.locator("#look .button-main").click()
    take = page.locator("button[name=take_colour]")
    nearest = take.get_attribute("value") or ""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/refused-{language}-{width}.png", full_page=True)
    take.click()
    expect(page.locator("button[name=take_colour]")).to_have_count(0)
    with brand_scope(world.brand):
        kept = BrandLook.objects.get()
    assert (kept.colour, kept.alternative, bool(kept.logo)) == (nearest, "A field", True)
