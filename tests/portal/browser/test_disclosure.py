"""Sharing and ending in a real browser: the token never travels in an address, and ended is closed behind the back button too."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from clients.briefings.actions import publish_briefing
from clients.briefings.models import BriefingSection
from clients.disclosure.rules import InfoClass
from clients.items.actions import write_note
from clients.items.models import Item
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.browser.conftest import Look, Open
from tests.portal.test_disclosure_pages import system
from tests.world import World

CLASSES = {"tone": InfoClass.PUBLIC, "key_facts": InfoClass.SHARED}


@pytest.fixture
def item(world: World) -> Item:
    """A briefing with a section of each kind, a system that may read, and an item with a remark."""
    sections = {"tone": "Chaleureux", "key_facts": ["Fermé le lundi."], "sensitive_topics": ["Le procès de mai"]}
    publish_briefing(actor=world.owner, after=1, sections=sections, calendar={}, note="Une suite.", classes=CLASSES)
    system(world)
    with brand_scope(world.brand):
        found = Item.objects.get(title="Ouverture")
    write_note(world.owner, item_id=found.pk, text="À revoir avec la direction.")
    return found


def address(site: str, world: World) -> str:
    return re.sub("//", f"//{world.brand.slug}.", site)


def shared(window: BrowserContext, brand: str, item: Item) -> tuple[Page, str]:
    """Through the form, as people do: the page that shows the link once, and the link."""
    page = window.new_page()
    page.goto(f"{brand}/items/{item.pk}/")
    page.get_by_role("link", name="Partager le contenu par un lien").click()
    page.get_by_label("Pour qui").fill("La presse locale")
    page.get_by_role("button", name="Créer le lien").click()
    return page, page.get_by_label("Lien", exact=True).input_value()


def test_a_link_is_opened_by_a_stranger_and_closed_by_the_brand(
    world: World, site: str, open_as: Open, item: Item
) -> None:
    brand, owner = address(site, world), open_as(world.people[Role.BRAND_OWNER], width=390)
    page, link = shared(owner, brand, item)
    reader = open_as(None, width=390).new_page()
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url + str(request.headers)))
    reader.goto(link)
    expect(reader).to_have_url(f"{brand}/s/")  # the token is in the form now, and nowhere else
    reader.get_by_role("button", name="Ouvrir").click()
    expect(reader.get_by_text("Ouvert le lundi")).to_be_visible()
    token = link.split("#")[1]
    assert token and not [one for one in asked if token in one]
    page.goto(f"{brand}/disclosures/")
    page.get_by_role("button", name="Y mettre fin : La presse locale").first.click()
    expect(page.get_by_text("Il n’ouvre plus rien")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("Ce lien ne mène nulle part")).to_be_visible()
    reader.go_back()
    reader.go_forward()
    expect(reader.get_by_text("Ouvert le lundi")).to_have_count(0)


def test_without_script_the_token_is_typed(world: World, site: str, open_as: Open, item: Item, browser: Any) -> None:
    brand = address(site, world)
    _page, link = shared(open_as(world.people[Role.BRAND_OWNER]), brand, item)
    plain = browser.new_context(java_script_enabled=False, locale="fr-FR")
    reader = plain.new_page()
    reader.goto(link)
    reader.get_by_label("La partie de votre lien qui suit le signe #").fill(link.split("#")[1])
    reader.get_by_role("button", name="Ouvrir").click()
    expect(reader.get_by_text("Ouvert le lundi")).to_be_visible()
    plain.close()


def test_pages_of_information_control(world: World, site: str, open_as: Open, look: Look, item: Item) -> None:
    brand = address(site, world)
    shared(open_as(world.people[Role.BRAND_OWNER]), brand, item)
    with brand_scope(world.brand):
        mark = BriefingSection.objects.get(section="sensitive_topics").pk
    mine = ("/disclosures/", "/disclosures/systems", f"/share/item/{item.pk}", f"/classes/section/{mark}", "/briefing/")
    faults = look(world.people[Role.BRAND_OWNER], [brand + path for path in mine])
    assert faults | look(None, [f"{brand}/s/", f"{brand}/s/read"]) == {}
