"""The pages of a crisis, of the press review, of the inbox and of working hours in a real browser."""

import os
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from clients.crisis.actions import declare_crisis, end_crisis, set_crisis_rule, write_crisis_note
from clients.crisis.rules import AlertKind
from clients.mentions.actions import take_in
from clients.mentions.raw import RawMention
from clients.press.actions import begin_review, write_watch_note
from tenants.ids import uuid7
from tenants.vocabulary import Role
from tests.portal.browser.conftest import SCREENS, Open
from tests.portal.browser.faults import faults_of
from tests.world import World

LONG = "Rappel de lot : les brioches aux noix vendues samedi rue des Tanneurs, sans étiquette d’allergènes"


def lived(world: World) -> list[str]:
    """What stands on the pages, and where to look."""
    said = [
        RawMention("1", text="Bonjour, êtes-vous ouverts dimanche ?", author="Lucie", language="fr"),
        RawMention("2", text=f"{LONG}. Je suis très déçue et inquiète.", author="Mme Garnier", language="fr"),
    ]
    press = [RawMention("3", title=LONG, text="Un article.", author="La Gazette", url="https://gazette.example/noix")]
    for medium, raws in (("hand", said), ("feed", press)):
        take_in(world.brand, uuid7(), medium, raws, all_kept=True, source_name="Au comptoir")
    now = timezone.now()
    review = begin_review(world.cm, since=now - timedelta(days=7), until=now)
    write_watch_note(world.cm, day=timezone.localdate() + timedelta(days=6), subject="Salon du goût", text="La presse.")
    set_crisis_rule(world.owner, after=0, by_itself=[AlertKind.SLOW], call_minutes=20)
    over = declare_crisis(world.owner, text=LONG, topic="hygiène")
    end_crisis(world.owner, crisis_id=over.pk, text="Rien n’a été trouvé.")
    on = declare_crisis(world.owner, text=LONG, topic="Rappel de lot")
    write_crisis_note(world.actor(Role.BRAND_MANAGER), crisis_id=on.pk, text="On rappelle tout.", is_decision=True)
    crises = ["/crisis/", f"/crisis/{over.pk}/", f"/crisis/{over.pk}/review", "/crisis/rule"]
    return [*crises, "/inbox/", "/inbox/learning", "/press/", f"/press/{review.pk}/", "/briefing/", "/briefing/hours"]


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_pages_of_watching(world: World, site: str, open_as: Open, language: str, width: int) -> None:
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    paths = lived(world)
    owner, faults = open_as(world.people[Role.BRAND_OWNER], language, width), {}
    for place, path in enumerate(paths):
        page = owner.new_page()
        if folder := os.environ.get("PICTURES"):
            page.goto(brand + path)
            page.screenshot(path=f"{folder}/{place:02d}-{language}-{width}.png", full_page=True)
        faults[path] = faults_of(page, brand + path, width)
    assert {path: found for path, found in faults.items() if found} == {}
