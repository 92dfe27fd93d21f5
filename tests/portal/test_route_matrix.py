"""Every address has a line in the table of `tests.proof._routes`: a new one without fails here, by name.

That all of them answer as the table says is played by the proof `route-matrix`, in minutes; here is shown that it would see it.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.urls import URLPattern

from clients.people.rules import Verb
from portal import urls_brand
from tenants.brandref import BrandRef
from tenants.vocabulary import ROLES_OF, Role, Side
from tests.proof import _matrix
from tests.proof._chosen import Chosen
from tests.proof._matrix import Tally, brand_routes, expected, play_route, undeclared
from tests.proof._routes import BRAND, EVERY_MEMBER, by
from tests.proof._stage import Stage, set_up


@pytest.fixture
def stage(real_brands: tuple[BrandRef, BrandRef]) -> Stage:
    return set_up()


def test_every_route_is_declared() -> None:
    assert not undeclared(), (
        "give each a line in tests/proof/_routes.py: who may read it, who may press it, what is sent"
    )


def test_no_name_is_given_twice() -> None:
    names = Counter(one.name for one in urls_brand.urlpatterns if isinstance(one, URLPattern))
    assert [name for name, count in names.items() if count > 1] == []


def test_a_route_without_a_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(BRAND, "log")
    assert undeclared() == ["no line for the brand's route 'log'"]


WRONG: dict[str, dict[str, Any]] = {
    "log": {"read": EVERY_MEMBER},  # the log is open to fewer
    "items": {"read": by(Verb.AUDIT_READ)},  # the list is open to more
    "approve": {"act": by(Verb.ITEM_READ)},  # fewer may approve
    "withdraw": {"act": by(Verb.CHARTER_SIGN)},  # more may withdraw
    "stop": {"act": None},  # there is such a press
}


def test_an_answer_that_nobody_declared_is_seen(stage: Stage) -> None:
    """By the few people of the small scale, whichever they are at this route."""
    routes = {route.name: route for route in brand_routes()}
    for turn, (name, line) in enumerate(WRONG.items()):
        right, wrong = Tally(), Tally()
        play_route(stage, right, routes[name], ("GET", "POST"), Chosen(False, turn))
        play_route(
            stage,
            wrong,
            replace(routes[name], line=replace(routes[name].line, **line)),
            ("GET", "POST"),
            Chosen(False, turn),
        )
        assert not right.unexpected
        assert any(one.startswith("own: ") for one in wrong.unexpected), name


def test_the_few_of_the_small_scale_are_of_both_sides_and_both_answers() -> None:
    """At every route and method: of each side one of each answer that the table has there, and over all routes every role."""
    met: Counter[Role] = Counter()
    for turn, route in enumerate(brand_routes()):
        for method in ("GET", "POST"):
            own = Chosen(False, turn).own(route.line, method)
            wanted = {(side, repr(expected(route, method, role))) for side, roles in ROLES_OF.items() for role in roles}
            assert {
                (side, repr(expected(route, method, role))) for side in Side for role in own if role in ROLES_OF[side]
            } == wanted
            assert {
                side for side in Side if ROLES_OF[side] & {*Chosen(False, turn).foreign(route.line, method)}
            } == set(Side)
            met.update(own)
    assert set(met) == set(Role)
    assert min(met.values()) > 50


def test_a_foreign_thing_that_answers_otherwise_is_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shown from the same stage: were a page of ours open to their id, the matrix would say so."""
    stage.ids["foreign"]["item_id"] = stage.ids["own"]["item_id"]
    tally = Tally()
    route = next(route for route in brand_routes() if route.name == "item")
    _matrix._foreign(stage, tally, route, "GET", (Role.BRAND_OWNER,))
    assert [one for one in tally.unexpected if "not as absent" in one]
