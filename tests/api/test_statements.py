"""What is written once answers as what is written anew: for another id, behind a cursor, for another role and another brand."""

from collections.abc import Iterator

import orjson
import pytest

from api import statements
from clients.items.models import Item
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.api.calls import Api, answered_by, api_of
from tests.world import World


@pytest.fixture(autouse=True)
def empty() -> Iterator[None]:
    statements._kept.clear()
    yield
    statements._kept.clear()


def plain(api: Api, path: str) -> tuple[int, object]:
    """The answer while nothing is remembered."""
    statements._kept.clear()
    answer = api.get(path)
    statements._kept.clear()
    return answer.status_code, _steady(answer.json())


def _steady(document: dict[str, object]) -> object:
    """Without the cursor, which is signed anew each second."""
    return {name: value for name, value in document.items() if name != "next"}


def test_kept_statements_answer_alike(world: World, api: Api) -> None:
    made = [world.draft(f"Texte {n}.", title=f"Titre {n}") for n in range(3)]
    first = api.get("items?limit=1&kind=publish").json()
    behind = f"items?limit=1&kind=publish&cursor={first['next']}"
    for path in ("items", "items?state=draft", behind, *(f"items/{one.pk}" for one in made)):
        expected = plain(api, path)
        api.get(f"items/{made[0].pk}"), api.get("items?limit=1&kind=publish")
        for _ in range(2):
            answer = api.get(path)
            assert (answer.status_code, _steady(answer.json())) == expected, path
    assert api.get(behind).json()["data"][0]["id"] == str(made[1].pk)


def test_one_statement_for_every_id(world: World, api: Api) -> None:
    made = [world.draft(f"Texte {n}.") for n in range(3)]
    found = [api.get(f"items/{one.pk}").json()["id"] for one in made]
    assert found == [str(one.pk) for one in made]
    assert len(statements._kept) == 1


def test_the_door_is_passed_each_time_and_each_brand_has_its_own(world: World, other: World, api: Api) -> None:
    item = world.draft("Un.")
    assert api.get(f"items/{item.pk}").status_code == 200
    assert api_of(other).get(f"items/{item.pk}").status_code == 404
    assert len(statements._kept) == 2
    reader = api_of(world, scopes=("holds:read",))
    assert reader.get(f"items/{item.pk}").status_code == 403
    nobody = answered_by(world, api, Role.DEPARTMENT_CONTACT)
    assert nobody.get(f"items/{item.pk}").status_code == 403
    assert answered_by(world, api, Role.BRAND_OWNER).get(f"items/{item.pk}").status_code == 200


def test_what_no_mark_can_stand_for_is_written_anew(world: World) -> None:
    item = world.draft("Un.")

    def one(title: str) -> object:
        return Item.objects.filter(title=title).values_list("pk")

    with brand_scope(world.brand):
        assert statements.rows_of("titles", one, [item.title]) == [(item.pk,)]
    assert not statements._kept


def test_json_is_copied_and_not_read(world: World) -> None:
    item = world.draft("Déjà « cité » \\ 'oui' 100 %s")
    with brand_scope(world.brand):

        def contents(id_: object) -> object:
            return Item.objects.filter(pk=id_).values_list("version__content", "version__content__text")

        ((content, text),) = statements.rows_of("contents", contents, [item.pk], as_text=[0])
    assert orjson.loads(orjson.dumps(content))["text"] == text == "Déjà « cité » \\ 'oui' 100 %s"
