"""The documentation of the API in a real browser: both languages, on a phone and on a desk, and no script."""

import re

from tests.portal.browser.conftest import Look
from tests.world import World

PLACES = (
    *("", "quickstart", "sync-contacts", "approve", "conversations", "webhooks", "conventions", "resources", "scopes"),
    *("errors", "sandbox", "changelog", "reference", "reference-items", "reference-schemas"),
)


def test_pages_of_the_documentation(world: World, site: str, look: Look) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    urls = [f"{brand}/api/v1/docs/{name}" for name in PLACES]
    assert look(None, [*urls, *reversed(urls)]) == {}
