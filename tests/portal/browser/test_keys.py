"""Keys in a real browser: made through the form, the secret read once, and an application that is let in by a press."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Page

from clients.keys.actions import exchange_code, note_use
from tenants.vocabulary import Role
from tests.keys.made import HOME, door, make_client, make_policy, make_static, shown, tokens_of
from tests.portal.browser.conftest import Look, Open
from tests.portal.test_keys import request_of
from tests.world import World


def address(site: str, world: World) -> str:
    return re.sub("//", f"//{world.brand.slug}.", site)


def prove(page: Page) -> None:
    """Whoever is sent to prove who they are types their password and is led back."""
    page.wait_for_url("**/account/reauthenticate/**")
    page.get_by_label("Mot de passe", exact=True).fill("correct horse")
    page.get_by_role("button").filter(has_text="Confirmer").click()


def test_every_page_of_keys_on_every_screen(world: World, site: str, look: Look) -> None:
    brand = address(site, world)
    make_policy(world)
    key, _secret = make_static(world, ["items:read", "items:approve"], networks=["192.0.2.0/24"], name="Le CRM")
    note_use(world.brand, key_id=key.pk, ip=HOME)
    app = make_client(world).key
    tokens_of(world, app)
    asked = f"{brand}/oauth/authorize?{urlencode(request_of(app))}"
    pages = [f"{brand}/keys/", f"{brand}/keys/{key.pk}/", f"{brand}/keys/new/app", f"{brand}/keys/{app.pk}/", asked]
    assert look(world.people[Role.BRAND_OWNER], [*pages, *pages[1:], pages[0]]) == {}


def test_an_application_is_let_in_by_a_press(world: World, site: str, open_as: Open) -> None:
    """With the policy of forms as browsers keep it: the answer goes to the application's own host."""
    key = make_client(world).key
    page = open_as(world.people[Role.APPROVER], width=390).new_page()
    page.goto(f"{address(site, world)}/oauth/authorize?{urlencode(request_of(key))}")
    page.get_by_role("button", name="Oui, elle le peut").click()
    prove(page)
    with page.expect_request("https://crm.example/**") as left:  # nobody is there: that the browser goes is what counts
        page.get_by_role("button", name="Oui, elle le peut").click()
    told = parse_qs(urlsplit(left.value.url).query)
    assert exchange_code(door(world), shown=shown(key, told["code"][0])).access
