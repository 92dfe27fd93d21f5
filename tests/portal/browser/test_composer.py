"""The composer by hand: the counters follow what is typed, and nothing is asked for that nobody caused."""

from playwright.sync_api import Request, expect

from clients.channels.models import Channel
from tenants.vocabulary import Role
from tenants.walls.scope import durable
from tests.portal.browser.conftest import Open
from tests.portal.browser.test_by_hand import address
from tests.world import World


def test_counters_follow_and_the_page_comes_to_rest(world: World, site: str, open_as: Open) -> None:
    with durable(world.brand):
        there = Channel.objects.create(kind="telegram", name="Canal", settings={"chat": "@maison"})
    page = open_as(world.people[Role.COMMUNITY_MANAGER], width=390).new_page()
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            asked.append(request.url.rsplit("/", 1)[1])

    page.on("request", note)
    page.goto(address(world, site, f"/items/new?channel={there.pk}"))
    page.fill("#text", "Bonjour 👋")
    expect(page.locator("#counters")).to_contain_text("10 / 4096")
    page.wait_for_load_state("networkidle")
    assert asked == ["preview"]
    page.select_option("#kind", "answer")
    expect(page.locator("#target")).to_be_visible()
    page.locator("summary", has_text="Canal").click()
    page.fill(f"#v-{there.pk}", "x" * 4100)
    expect(page.locator(f"#n-{there.pk}")).to_contain_text("4100 / 4096 · 4 caractères de trop")
    page.wait_for_load_state("networkidle")
    assert asked[1] == "fields" and 2 <= len(asked[2:]) <= 4 and set(asked[2:]) == {"preview"}
