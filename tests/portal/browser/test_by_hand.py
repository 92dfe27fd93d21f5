"""What hands do: ten approvals without touching a mouse, one thumb press on a phone, and the weight of the first page."""

import gzip
import re

from playwright.sync_api import Response, expect

from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.browser.conftest import Open
from tests.world import World

FIRST_LOAD, SCRIPTS = 150_000, 40_000


def address(world: World, site: str, path: str) -> str:
    return re.sub("//", f"//{world.brand.slug}.", site) + path


def approved(world: World) -> int:
    from clients.items.models import Item

    with brand_scope(world.brand):
        return Item.objects.filter(state="cleared").count()


def test_ten_items_by_keyboard_alone(world: World, site: str, open_as: Open) -> None:
    page = open_as(world.people[Role.APPROVER]).new_page()
    page.goto(address(world, site, "/approvals/"))
    page.keyboard.press("j")
    for done in range(1, 11):
        page.keyboard.press("a")
        expect(page.locator(".approval")).to_have_count(10 - done)
    assert approved(world) == 10


def test_help_opens_and_closes_by_key(world: World, site: str, open_as: Open) -> None:
    page = open_as(world.people[Role.COMMUNITY_MANAGER]).new_page()
    page.goto(address(world, site, "/items/"))
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys-help")).to_be_hidden()


def test_one_thumb_on_a_phone(world: World, site: str, open_as: Open) -> None:
    page = open_as(world.people[Role.BRAND_MANAGER], "fr", 390).new_page()
    page.goto(address(world, site, "/approvals/"))
    page.locator(".approval .button-go").first.click()
    expect(page.locator(".approval")).to_have_count(9)
    assert approved(world) == 1


def test_without_javascript_everything_still_works(world: World, site: str, open_as: Open) -> None:
    window = open_as(world.people[Role.BRAND_OWNER])
    window.route("**/*.js", lambda route: route.abort())
    page = window.new_page()
    page.goto(address(world, site, "/approvals/"))
    page.locator(".approval .button-go").first.click()
    expect(page.locator(".toast")).to_be_visible()
    assert approved(world) == 1
    page.locator(".stop-button").click()
    page.locator("#stop-sheet .button-stop").click()
    expect(page.locator(".toast")).to_be_visible()


def test_live_preview_follows_the_hand(world: World, site: str, open_as: Open) -> None:
    page = open_as(world.people[Role.COMMUNITY_MANAGER]).new_page()
    page.goto(address(world, site, "/items/new"))
    page.locator("input[name=channels]").first.check()
    page.fill("#text", "Bonjour les clémentines")
    expect(page.locator("#previews .preview-body")).to_contain_text("Bonjour les clémentines")


def test_the_first_page_is_light(world: World, site: str, open_as: Open) -> None:
    page = open_as(world.people[Role.BRAND_OWNER]).new_page()
    weights: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if response.ok:
            body = response.body()
            packed = body if response.url.endswith("woff2") else gzip.compress(body)
            weights[response.url.split("?")[0]] = len(packed)

    page.on("response", weigh)
    page.goto(address(world, site, "/approvals/"), wait_until="networkidle")
    assert sum(weights.values()) <= FIRST_LOAD, weights
    assert sum(size for url, size in weights.items() if url.endswith(".js")) <= SCRIPTS
