"""What was learnt, as people see it: the figures, the brand's switch, and the reasons in words."""

import pytest
from django.utils.translation import override

from clients.mentions import lexicon
from clients.mentions.models import LearntModel
from clients.mentions.queries import learning_is_on
from portal.wording.sorting import RULES, because, priority_parts
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.portal.conftest import Browse
from tests.world import World

MANAGER, CM = Role.BRAND_MANAGER, Role.COMMUNITY_MANAGER


def learnt(world: World, rules: float = 0.33, after: float = 0.56, number: int = 1) -> None:
    with brand_scope(world.brand):
        LearntModel.objects.create(
            number=number, weights={}, corrections=200 + number, held_out=200, rules_f1=rules, learnt_f1=after
        )


def is_on(world: World) -> bool:
    with brand_scope(world.brand):
        return learning_is_on()


def test_before_and_after_stand_side_by_side_and_another_brands_do_not(
    world: World, other: World, browse: Browse
) -> None:
    learnt(other, 0.11, 0.99)
    client = browse(world.people[CM], world.brand)
    assert "99" not in client.get("/inbox/learning").content.decode().split("<main")[1]
    learnt(world)
    learnt(world, 0.41, 0.62, 2)
    page = client.get("/inbox/learning").content.decode()
    assert all(f">{figure}</" in page for figure in ("41", "62", "202", "200")) and "33" in page


def test_the_brand_switches_it_and_the_agency_does_not(world: World, browse: Browse) -> None:
    learnt(world)
    agency, brand = browse(world.people[CM], world.brand), browse(world.people[MANAGER], world.brand)
    assert 'name="on"' not in agency.get("/inbox/learning").content.decode()
    assert agency.post("/inbox/learning", {"on": "1"}).status_code == 403 and not is_on(world)
    assert 'name="on" value="1"' in brand.get("/inbox/learning").content.decode()
    assert brand.post("/inbox/learning", {"on": "1"}).status_code == 303 and is_on(world)
    assert 'name="on" value="0"' in brand.get("/inbox/learning").content.decode()
    assert brand.post("/inbox/learning", {"on": "0"}).status_code == 303 and not is_on(world)


def test_there_is_nothing_to_switch_before_anything_is_learnt(world: World, browse: Browse) -> None:
    brand = browse(world.people[MANAGER], world.brand)
    assert 'name="on"' not in brand.get("/inbox/learning").content.decode()
    assert brand.post("/inbox/learning", {"on": "1"}).status_code == 409 and not is_on(world)


def test_on_and_no_better_than_the_rules_is_said(world: World, browse: Browse) -> None:
    learnt(world, 0.5, 0.5)
    brand = browse(world.people[MANAGER], world.brand)
    brand.post("/inbox/learning", {"on": "1"})
    with override("en"):
        brand.cookies["django_language"] = "en"
        page = brand.get("/inbox/learning", headers={"accept-language": "en"}).content.decode()
    assert "no better than the rules" in page or "pas mieux que les règles" in page


def test_every_rule_that_sorts_has_words() -> None:
    named = {entry.key.partition(" ")[0] for entry in lexicon.entries()}
    assert named | {"question_mark", "medium", "links", "tags", "nothing_says", "words"} == set(RULES)


@pytest.mark.parametrize(
    ("codes", "english", "french"),
    [
        (["question_mark"], "a question mark", "un point d’interrogation"),
        (["complaint: honteux"], "words of a complaint (“honteux”)", "des mots de réclamation («\u00a0honteux\u00a0»)"),
        (["learnt: 200"], "learnt from 200 corrections", "appris de 200 corrections"),
    ],
)
def test_reasons_in_both_languages(codes: list[str], english: str, french: str) -> None:
    with override("en"):
        assert because(codes) == [english]
    with override("fr"):
        assert because(codes) == [french]
        assert priority_parts(["sensitive +20"]) == ["sujet sensible +20"]
