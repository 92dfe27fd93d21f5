"""'We saw you': in the brand's approved words, in the member's language, with a moment that is then owed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.conversations.models import Reply
from clients.disclosure.rules import InfoClass
from clients.items.models import Item
from clients.service.models import Clock, Promise
from portal.brand.clocks import INPUT_FORM
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.conftest import make_person
from tests.conversations.conftest import follow
from tests.portal.conftest import Browse
from tests.portal.test_conversations import begun, page_of
from tests.world import SECTIONS, World, make_world

CM = Role.COMMUNITY_MANAGER
WORDS = [
    {"key": "vu", "language": "en", "question": "Seen", "answer": "We have read you and answer by {when}."},
    {"key": "vu", "language": "fr", "question": "Vu", "answer": "Bien reçu : réponse {quand}."},
    {"key": "pain", "language": "fr", "question": "Du pain ?", "answer": "Oui, du {jour}."},
]


@pytest.fixture
def world(real_brands: tuple[BrandRef, BrandRef]) -> World:
    world = make_world(real_brands[0], make_person, level=5)
    publish_briefing(
        actor=world.owner,
        after=1,
        sections={**SECTIONS, "approved_answers": WORDS},
        calendar={},
        classes={"approved_answers": InfoClass.SHARED},
    )
    acknowledge_briefing(actor=world.cm, number=2)
    return world


def typed(**more: str) -> dict[str, str]:
    until = timezone.localtime() + timedelta(days=2)
    return {"wording": "vu:fr", "until": until.strftime(INPUT_FORM)} | more


def test_it_goes_out_in_approved_words_and_what_it_promises_is_owed(world: World, browse: Browse) -> None:
    found = begun(world, channel=world.wall.pk, remote_id="7", language="fr")
    client = browse(world.people[CM], world.brand)
    page = page_of(client, found)
    assert page.index("Bien reçu") < page.index("We have read you")
    assert "Oui, du" not in page.split('id="speak"')[1].split("</section>")[0]
    assert client.post(f"/conversations/{found.pk}/acknowledge", typed()).status_code == 303
    world.run_outbox("gate.send")
    with brand_scope(world.brand):
        item = Reply.objects.select_related("item").get(conversation=found).item
    assert follow(world, item), world.state_of(item)
    with brand_scope(world.brand):
        turn = found.turns.get(kind="acknowledgement")
        assert re.fullmatch(r"Bien reçu : réponse \d+ \w+ à \d\d:\d\d\.", turn.text.replace("le ", "")), turn.text
        assert Promise.objects.get(conversation=found).turn_id == turn.pk
        assert Clock.objects.get(conversation=found, kind="acknowledge").state == "stopped"
        assert Clock.objects.get(conversation=found, kind="answer").state == "running"
    assert "An answer was promised" in page_of(client, found)


def test_bad_input_begins_nothing(world: World, browse: Browse) -> None:
    found = begun(world, channel=world.wall.pk, remote_id="7")
    client = browse(world.people[CM], world.brand)
    path = f"/conversations/{found.pk}/acknowledge"
    assert client.post(path, typed(wording="pain:fr")).status_code == 422
    assert client.post(path, typed(wording="my own words")).status_code == 422
    assert client.post(path, typed(until="")).status_code == 422
    assert client.post(path, typed(until="2020-01-01T10:00")).status_code == 422
    with brand_scope(world.brand):
        assert not Item.objects.exists()
