"""Every address has a line in the table of `tests.proof._routes`: a new one without fails here, by name.

That all of them answer as the table says is played by the proof `route-matrix`, in minutes; here is shown that it would see it.
"""

from collections import Counter
from dataclasses import replace

import pytest
from django.urls import URLPattern

from clients.people.rules import Verb
from portal import urls_brand
from tenants.brandref import BrandRef
from tenants.vocabulary import Role
from tests.proof import _matrix
from tests.proof._matrix import Tally, brand_routes, play_route, undeclared
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


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("log", {"read": EVERY_MEMBER}),  # the log is open to fewer
        ("items", {"read": by(Verb.AUDIT_READ)}),  # the list is open to more
        ("approve", {"act": by(Verb.ITEM_READ)}),  # fewer may approve
        ("withdraw", {"act": by(Verb.CHARTER_SIGN)}),  # more may withdraw
        ("stop", {"act": None}),  # there is such a press
    ],
)
def test_an_answer_that_nobody_declared_is_seen(stage: Stage, name: str, line: dict[str, object]) -> None:
    route = next(route for route in brand_routes() if route.name == name)
    right, wrong = Tally(), Tally()
    play_route(stage, right, route, ("GET", "POST"), (Role.BRAND_OWNER,))
    play_route(stage, wrong, replace(route, line=replace(route.line, **line)), ("GET", "POST"), (Role.BRAND_OWNER,))
    assert not right.unexpected
    assert any(one.startswith("own: ") for one in wrong.unexpected)


def test_a_foreign_thing_that_answers_otherwise_is_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shown from the same stage: were a page of ours open to their id, the matrix would say so."""
    stage.ids["foreign"]["item_id"] = stage.ids["own"]["item_id"]
    tally = Tally()
    route = next(route for route in brand_routes() if route.name == "item")
    _matrix._foreign(stage, tally, route, "GET", (Role.BRAND_OWNER,))
    assert [one for one in tally.unexpected if "not as absent" in one]
