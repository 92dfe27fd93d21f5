"""One question to several brands in one round trip: each turn stands inside its own walls, and nothing is left standing after."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from clients.items.models import Item
from tenants.brandref import BrandRef
from tenants.ids import uuid7
from tenants.walls.place import OutsideBrand, RefusedStatement
from tenants.walls.scope import ask_each, brand_scope, durable, hub_scope

TITLES = "SELECT title FROM items_item WHERE title = ANY(%s)"


def item(brand: BrandRef, title: str) -> None:
    with durable(brand):
        Item.objects.create(
            title=title, kind="publish", sensitivity="routine", author_id=uuid7(), author_side="agency", state="waiting"
        )


def test_each_brand_answers_for_itself(brand_a: BrandRef, brand_b: BrandRef) -> None:
    item(brand_a, "of A; SELECT 1 '--")
    item(brand_b, "of B")
    both = [["of A; SELECT 1 '--", "of B"]]
    with hub_scope():
        assert ask_each(TITLES, [(brand_a, both), (brand_b, both)]) == [[("of A; SELECT 1 '--",)], [("of B",)]]
        assert ask_each(TITLES, [(brand_b, both), (brand_a, [[]]), (brand_a, both)]) == [
            [("of B",)],
            [],
            [("of A; SELECT 1 '--",)],
        ]
        assert ask_each(TITLES, []) == []


def test_no_turn_reaches_the_brand_next_door(brand_a: BrandRef, brand_b: BrandRef) -> None:
    item(brand_b, "of B")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ask_each(
            f"SELECT title FROM {brand_b.schema_name}.items_item WHERE title <> %s", [(brand_b, [""]), (brand_a, [""])]
        )


def test_afterwards_one_stands_where_one_stood(brand_a: BrandRef, brand_b: BrandRef) -> None:
    item(brand_a, "of A")
    asked = [(brand_a, [["of A"]]), (brand_b, [["of A"]])]
    with brand_scope(brand_a):
        assert ask_each(TITLES, asked) == [[("of A",)], []]
        assert Item.objects.filter(title="of A").count() == 1
    with hub_scope():
        ask_each(TITLES, asked)
        with connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute("SELECT count(*) FROM items_item")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user = session_user")
            assert cursor.fetchone() == (True,)


@pytest.mark.parametrize(
    "statement", ["SELECT 1; SELECT 2", "SELECT set_config('role', 'none', true)", "SET ROLE none"]
)
def test_the_guard_sees_the_statement(statement: str, brand_a: BrandRef) -> None:
    with hub_scope(), pytest.raises(RefusedStatement):
        ask_each(statement, [(brand_a, [])])


def test_only_in_a_transaction(real_brands: tuple[BrandRef, BrandRef]) -> None:
    with pytest.raises(OutsideBrand):
        ask_each("SELECT 1", [(real_brands[0], [])])
