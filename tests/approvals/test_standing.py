"""A standing approval is a yes to what matches its template, whole: title, text, link, pictures. Everything else waits."""

from typing import Any

import pytest

from clients.approvals.actions import propose_standing, sign_standing
from clients.approvals.rules import Template, fits, mismatches
from clients.autonomy.vocabulary import ActionKind
from clients.items.content import Content
from tenants.walls.scope import BrandRef
from tests.conftest import make_person
from tests.world import World, make_world

TODAY: Any = None
THANKS = Template(
    "", "answer", "routine", (), "Merci {nom} !", link_hosts=("maison.example",), subject="Votre avis, {nom}"
)


@pytest.fixture
def world(real_brands: tuple[BrandRef, BrandRef]) -> World:
    """With real commits: what matches leaves."""
    return make_world(real_brands[0], make_person)


def answer(**changes: Any) -> Content:
    values: dict[str, Any] = {
        "kind": ActionKind.ANSWER,
        "channels": ("c",),
        "text": "Merci Ada !",
        "title": "Votre avis, Ada",
    }
    return Content(**values | changes)


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({}, []),
        ({"title": ""}, []),
        ({"title": "Votre commande est annulée"}, ["title"]),
        ({"title": "Votre avis, Ada", "text": "Merci Ada ! Ou pas."}, ["text"]),
        ({"variants": {"c": "Allez au diable"}}, ["text"]),
        ({"link": "https://maison.example/avis"}, []),
        ({"link": "https://evil.example/#@maison.example"}, ["link"]),
        ({"link": "https://maison.example.evil.example/"}, ["link"]),
        ({"kind": ActionKind.DIRECT_MESSAGE}, ["kind"]),
    ],
)
def test_what_misses_a_template(changes: dict[str, Any], missed: list[str]) -> None:
    assert mismatches(THANKS, answer(**changes), "c", TODAY) == missed


def test_a_template_without_a_title_takes_none() -> None:
    untitled = Template("", "answer", "routine", (), "Merci {nom} !")
    assert mismatches(untitled, answer(), "c", TODAY) == ["title"]
    assert mismatches(untitled, answer(title=""), "c", TODAY) == []


@pytest.mark.parametrize(
    "filling",
    [
        "evil.example",
        "www.evil",
        "https://x",
        "a@b",
        "café.fr",
        "\N{CYRILLIC SMALL LETTER A}.\N{CYRILLIC SMALL LETTER ER}\N{CYRILLIC SMALL LETTER EF}",
        "evil\N{IDEOGRAPHIC FULL STOP}com",
        "evil\N{FULLWIDTH FULL STOP}com",
        "evil\N{HALFWIDTH IDEOGRAPHIC FULL STOP}com",
        "evil\N{ONE DOT LEADER}com",
        "a\N{FULLWIDTH COMMERCIAL AT}b",
    ],
)
def test_no_address_in_a_slot_in_any_script(filling: str) -> None:
    assert not fits("Merci {nom} !", f"Merci {filling} !")


@pytest.mark.parametrize("filling", ["Ada", "12.50 €", "M. Roux", "l’équipe… bravo", "3.14", "É. Zola"])
def test_what_people_write_fits(filling: str) -> None:
    assert fits("Merci {nom} !", f"Merci {filling} !")


def test_two_slots_side_by_side_make_no_address() -> None:
    assert not fits("Merci {a}{b} !", "Merci evil.com !")


@pytest.mark.parametrize(("title", "state"), [("Bonjour", "sent"), ("Tout est annulé", "waiting")])
def test_the_gate_waits_for_a_title_that_nobody_approved(world: World, title: str, state: str) -> None:
    world.charter(3)
    template = Template("", "publish", "routine", (), "Pain du jour : {pain}.", subject="Bonjour")
    row = propose_standing(world.cm, title="Le pain", template=template)
    sign_standing(world.approver, standing_id=row.pk, seen_digest=row.digest)
    item = world.submitted("Pain du jour : seigle.", title=title)
    world.run_outbox("gate.send")
    assert world.state_of(item) == state
