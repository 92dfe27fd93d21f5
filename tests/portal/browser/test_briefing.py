"""The briefing in a real browser: no fault of access, no page wider than the screen."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from clients.briefings.actions import propose_briefing
from clients.disclosure.rules import InfoClass
from tenants.vocabulary import Role
from tests.portal.browser.conftest import Look, Open
from tests.portal.browser.faults import faults_of
from tests.world import World

PICTURES = os.environ.get("PICTURES", "")
SECTIONS = {
    "tone": "Chaleureux, précis, jamais ironique. On vouvoie, on signe de nos prénoms.",
    "goals": [
        {"figure": "clocks.nine_in_ten;clock=answer", "direction": "at_most", "value": "240", "per": "week"},
        {"figure": "acts.done", "direction": "at_least", "value": "1234", "per": "month", "since": "2026-10-01"},
        {"figure": "field.ratio", "direction": "at_least", "value": "3050", "per": "month"},
    ],
    "house_rules": ["On répond à tout le monde.", "On ne supprime pas une critique."],
    "sensitive_topics": ["allergène; gluten", "prix"],
    "forbidden_topics": [{"words": "élection; politique", "then": "refuse"}],
    "embargoes": [{"words": "seconde boutique", "until": "2030-03-01T08:00"}],
    "watch_list": [{"label": "Nous", "phrases": "Maison Aubier; boulangerie Aubier", "exclusions": "notaire"}],
    "escalation": [{"topic": "Presse", "name": "Sophie Lenoir", "contact": "sophie@aubier.example", "hours": "always"}],
    "approved_answers": [{"language": "fr", "question": "Quand ouvrez-vous ?", "answer": "Du mardi au dimanche."}],
}


@pytest.fixture
def proposed(world: World) -> str:
    """A briefing with a line in every sort of section, and the path of a proposal upon it."""
    classes = dict.fromkeys(SECTIONS, InfoClass.SHARED)
    propose_briefing(actor=world.owner, base=1, changes=SECTIONS, classes=classes, note="Tout y est.")
    found = propose_briefing(
        actor=world.actor(Role.AGENCY_MANAGER),
        base=2,
        changes={"tone": "Chaleureux, précis, parfois drôle. On tutoie, on signe de nos prénoms."},
        note="Sur Mastodon, tout le monde se tutoie.",
    ).proposal
    assert found is not None
    return f"/briefing/proposals/{found.pk}/"


def test_every_page_of_the_briefing(world: World, site: str, look: Look, proposed: str) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    paths = (
        "/briefing/",
        "/briefing/write",
        "/briefing/versions",
        "/briefing/readers",
        proposed,
        "/charter/",
        "/figures/",
    )
    assert look(world.people[Role.BRAND_OWNER], [brand + path for path in paths], pictures=PICTURES) == {}


def test_the_words_of_a_topic_are_shown_while_they_are_typed(
    world: World, site: str, open_as: Open, proposed: str
) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    page = open_as(world.people[Role.COMMUNITY_MANAGER], width=390).new_page()
    assert faults_of(page, f"{brand}/items/new", 390) == []
    page.get_by_label("Texte", exact=True).fill("Nos prix et la politique du quartier")
    expect(page.locator("mark", has_text="politique")).to_be_visible()
    expect(page.locator("mark", has_text="prix")).to_be_visible()
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "composer-topics.png", full_page=True)
    page.get_by_label("Texte", exact=True).fill("Nos fraises")
    expect(page.locator("mark")).to_have_count(0)
