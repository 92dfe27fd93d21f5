"""What is only written goes out with the next question or with the end: no reading misses it, a rollback forgets it."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.audit.actions import record
from clients.audit.models import Entry
from clients.items.models import Item
from clients.keys.models import Key
from clients.repeats.models import Repeat
from clients.repeats.steps import is_second, keep
from tenants.walls.scope import BrandRef, brand_scope, durable, gathering, hub_scope, walls
from tests.api.calls import Api
from tests.world import World

DRAFT = {"kind": "publish", "text": "Dès « samedi » \\ l'été.", "title": "Fraises"}


def kept(words: str, key: Key | None = None) -> None:
    keep(key.pk if key else uuid4(), words, "r", status=201, headers={}, body="{}", told=[])


def test_a_reading_finds_what_waits(world: World) -> None:
    with brand_scope(world.brand), gathering():
        kept("one")
        assert len(walls().later) == 1
        assert Repeat.objects.filter(words="one").exists() and not walls().later
        line = record(world.owner, "test.line", None)
        assert line.seq is None or not isinstance(line.seq, int)
        with transaction.atomic():
            assert isinstance(line.seq, int) and isinstance(line.tx, int)


def test_a_rollback_forgets_what_waits(world: World) -> None:
    with brand_scope(world.brand), gathering():
        kept("before")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            kept("inside")
            raise ZeroDivisionError
        assert list(Repeat.objects.values_list("words", flat=True)) == ["before"]


def test_it_stands_in_its_own_brand(world: World, other: World) -> None:
    with brand_scope(world.brand), gathering():
        kept("mine")
        with hub_scope(), brand_scope(other.brand):
            kept("theirs")
            assert list(Repeat.objects.values_list("words", flat=True)) == ["theirs"]
        assert list(Repeat.objects.values_list("words", flat=True)) == ["mine"]


def test_the_end_is_in_the_same_message(real_brands: tuple[BrandRef, BrandRef]) -> None:
    mine, theirs = real_brands
    key = uuid4()
    with CaptureQueriesContext(connection) as queries, durable(mine), gathering():
        keep(key, "w", "r", status=201, headers={}, body="{}", told=[])
    assert len([one for one in queries if "repeats_repeat" in one["sql"] or "EXECUTE" in one["sql"]]) == 1
    with brand_scope(mine):
        assert Repeat.objects.count() == 1
    with brand_scope(theirs):
        assert Repeat.objects.count() == 0
    with pytest.raises(IntegrityError) as met, durable(mine), gathering():
        keep(key, "w", "r", status=201, headers={}, body="{}", told=[])
    assert is_second(met.value) and not walls().later
    with pytest.raises(ZeroDivisionError), durable(mine), gathering():
        keep(key, "other", "r", status=201, headers={}, body="{}", told=[])
        raise ZeroDivisionError
    with brand_scope(mine):
        assert Repeat.objects.count() == 1
        assert is_second(IntegrityError("another")) is False


def test_a_write_asks_twice_and_leaves_all_four(world: World, api: Api) -> None:
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            made = api.post("items", DRAFT | {"channels": [str(world.wall.pk)]}, Idempotency_Key=f"k{number}")
        assert made.status_code == 201, made.content
    assert (
        len([one for one in queries if "SAVEPOINT" not in one["sql"]]) <= 4
    )  # the ledger of these tests is written at once
    read = api.get(f"items/{made.json()['id']}")
    assert (read.json(), read["ETag"]) == (made.json(), made["ETag"])
    again = api.post("items", DRAFT | {"channels": [str(world.wall.pk)]}, Idempotency_Key="k2")
    assert (again.content, again["Idempotency-Replayed"]) == (made.content, "true")
    with brand_scope(world.brand):
        assert Item.objects.filter(pk=made.json()["id"]).exists()
        assert Entry.objects.filter(verb="item.created", subject_id=made.json()["id"]).count() == 1


def test_a_revoked_key_writes_nothing_and_learns_nothing(world: World, api: Api) -> None:
    sent = DRAFT | {"channels": [str(world.wall.pk)]}
    assert api.post("items", sent, Idempotency_Key="a").status_code == 201
    with brand_scope(world.brand):
        before = Item.objects.count()
        Key.objects.update(revoked_at=timezone.now())
    wrong = (
        (sent, {"Idempotency_Key": "b"}),
        (sent, {"Idempotency_Key": "a"}),
        (sent, {}),
        ({"kind": "odd"}, {"Idempotency_Key": "c"}),
    )
    for body, headers in wrong:
        assert api.post("items", body, **headers).json()["code"] == "key_revoked"
    with brand_scope(world.brand):
        assert Item.objects.count() == before
