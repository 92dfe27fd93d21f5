"""The calendar by hand: dragged to another day, moved by keyboard alone, and the composer that follows the action."""

from datetime import date, timedelta

from playwright.sync_api import Page, expect

from clients.channels.actions import connect_channel
from clients.items.models import Item
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.browser.conftest import Open
from tests.portal.browser.test_by_hand import address
from tests.world import World, at

ON, MOMENT = "2031-03-12", at("2031-03-12T09:30+01:00")


def moment_of(world: World, item: Item) -> tuple[str, int]:
    with brand_scope(world.brand):
        found = Item.objects.select_related("version").get(pk=item.pk)
    assert found.not_before is not None and found.version is not None
    return found.not_before.isoformat(), found.version.number


def test_dragged_to_another_day(world: World, site: str, open_as: Open) -> None:
    item = world.draft("Traîné", title="Traîné", not_before=MOMENT)
    page = open_as(world.people[Role.COMMUNITY_MANAGER]).new_page()
    page.set_viewport_size({"width": 1280, "height": 2200})  # nothing scrolls while something is held
    for view, to in (("month", "2031-03-20"), ("week", "2031-03-22")):
        page.goto(address(world, site, f"/calendar/?view={view}&on={ON if view == 'month' else '2031-03-20'}"))
        page.locator(".planned", has_text="Traîné").hover()
        page.mouse.down()
        for _ in range(2):  # the first movement enters the day, the second is over it
            page.locator(f"[data-day='{to}']").hover()
        page.mouse.up()
        expect(page.locator("#move-moment")).to_have_value(f"{to}T09:30")
        page.locator("#move-sheet .button-main").click()
        expect(page.locator(f"[data-day='{to}'] .planned")).to_contain_text("Traîné")
    assert moment_of(world, item) == ("2031-03-22T08:30:00+00:00", 3)


def test_moved_by_keyboard_and_closed_by_escape(world: World, site: str, open_as: Open) -> None:
    item = world.submitted("Soumis", title="Soumis", not_before=MOMENT)
    page = open_as(world.people[Role.COMMUNITY_MANAGER], "en", 390).new_page()
    page.goto(address(world, site, f"/calendar/?view=list&on={ON}"))
    link = page.locator("[data-move-to]", has_text="Soumis")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#move-sheet")).to_be_visible()
    expect(page.locator("#move-sheet .notice-wait")).to_contain_text("Another moment is another content")
    page.keyboard.press("Escape")
    expect(page.locator("#move-sheet")).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("Enter")
    page.fill("#move-moment", "2031-03-14T10:00")
    page.locator("#move-sheet button[value=submit]").press("Enter")
    expect(page.locator("[data-day='2031-03-14'] .planned")).to_contain_text("Soumis")
    assert moment_of(world, item) == ("2031-03-14T09:00:00+00:00", 2)


def test_moved_without_script(world: World, site: str, open_as: Open) -> None:
    item = world.draft("Sans script", title="Sans script", not_before=MOMENT)
    window = open_as(world.people[Role.COMMUNITY_MANAGER])
    window.route("**/*.js", lambda route: route.abort())
    page = window.new_page()
    page.goto(address(world, site, f"/calendar/?view=week&on={ON}"))
    page.locator("[data-move-to]", has_text="Sans script").click()
    page.fill("#move-moment", "2031-03-15T11:00")
    page.locator("form .button-main").click()
    expect(page.locator("[data-day='2031-03-15'] .planned")).to_contain_text("Sans script")
    assert moment_of(world, item)[0] == "2031-03-15T10:00:00+00:00"


def names(page: Page) -> list[str]:
    return page.locator("#for-kind input[name=channels] + span").all_inner_texts()


def test_the_channels_follow_the_action(world: World, site: str, open_as: Open) -> None:
    connect_channel(actor=world.owner, kind="phone", name="Téléphone")
    for script in (True, False):
        window = open_as(world.people[Role.COMMUNITY_MANAGER])
        if not script:
            window.route("**/*.js", lambda route: route.abort())
        page = window.new_page()
        page.goto(address(world, site, "/items/new"))
        page.fill("#text", "Gardez-moi")
        assert not any("Téléphone" in name for name in names(page))
        page.select_option("#kind", "phone_call")
        if not script:
            page.locator("button[value=look]").first.click()
        expect(page.locator("#for-kind")).to_contain_text("Téléphone")
        assert not any("Le mur" in name for name in names(page))
        expect(page.locator("#text")).to_have_value("Gardez-moi")


def test_days_ahead_are_reached(world: World, site: str, open_as: Open) -> None:
    page = open_as(world.people[Role.COMMUNITY_MANAGER]).new_page()
    page.goto(address(world, site, f"/calendar/?view=week&on={ON}"))
    page.get_by_role("link", name="Après").click()
    following = date.fromisoformat(ON) + timedelta(days=7)
    expect(page.locator(f"[data-day='{following}']")).to_be_visible()
