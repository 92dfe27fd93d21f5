"""Counting is one statement, adds up, and stays in its brand."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.crisis.models import Crisis, HourCount
from clients.crisis.queries import crisis_in_force, crisis_since
from clients.crisis.rules import CrisisState
from clients.crisis.steps import Found, count, count_all
from tenants.walls.scope import BrandRef, brand_scope

NOW = datetime(2026, 11, 21, 9, 17, 3, tzinfo=UTC)


def counted() -> dict[tuple[int, str], tuple[int, int]]:
    return {(row.hour.hour, row.key): (row.total, row.negative) for row in HourCount.objects.all()}


def test_it_adds_up_by_hour_and_key(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        count(NOW, ["w1", "w1", "w2"], 3, 1, ["rappel"])
        count(NOW + timedelta(minutes=40), ["w1"], 2, 2, [])
        count(NOW + timedelta(minutes=50), [], 1, 0, [])
        assert counted() == {
            (9, ""): (5, 3),
            (9, "w1"): (3, 0),
            (9, "w2"): (1, 0),
            (9, "!rappel"): (1, 0),
            (10, ""): (1, 0),
        }


def test_many_hours_are_one_statement_and_nothing_is_none(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            count_all(Found(NOW + timedelta(hours=n), ["w1"], 1, 0) for n in range(5))
        assert len(asked) == 1
        count(NOW, [], 0, 0, [])
        assert HourCount.objects.count() == 10


def test_it_stays_in_its_brand(brand_a: BrandRef, brand_b: BrandRef) -> None:
    with brand_scope(brand_a):
        count(NOW, ["w1"], 3, 1, [])
    with brand_scope(brand_b):
        assert counted() == {}


def test_only_one_in_force_counts_and_only_here(brand_a: BrandRef, brand_b: BrandRef) -> None:
    answers = {}
    for state in CrisisState:
        with brand_scope(brand_a):
            row = Crisis.objects.create(state=state, is_open=state in ("proposed", "in_force"), declared_at=NOW)
            answers[state] = crisis_in_force(), crisis_since() is not None
            with brand_scope(brand_b):
                assert not crisis_in_force()
            row.delete()
    assert [state for state, said in answers.items() if said == (True, True)] == [CrisisState.IN_FORCE]
    assert len(set(answers.values())) == 2
