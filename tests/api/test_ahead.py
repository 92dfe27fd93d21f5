"""What is known ahead: asked in one message with the key, told by the database to the byte as by us, and never too long."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from api import ahead, ledger
from api.registry import resources
from clients.disclosure.models import Disclosure, IntegrationPolicy
from clients.items.models import Item, ItemVersion
from clients.keys import foreseen
from clients.keys.models import Key
from tenants.vocabulary import Role
from tenants.walls.backend.together import Question
from tenants.walls.place import CrossBrand
from tenants.walls.scope import BrandRef, brand_scope, walls
from tests.api.calls import Api, answered_by, api_of
from tests.world import World

WORDS = "Déjà « cité » \\ 'oui' 100 % \t \u2028 \x7f \x1f fin"
ODD = (
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2026, 3, 1, 1, 2, 3, 120_000, UTC),
    datetime(2026, 3, 1, 1, 2, 3, 7, UTC),
    datetime(1999, 12, 31, 23, 59, 59, 999_990, UTC),
)


@pytest.fixture(autouse=True)
def gathered() -> Iterator[None]:
    """As in production: readings below `named` are gathered."""
    ahead.forget()
    with override_settings(API_LEDGER_SECONDS=3600):
        yield
        ledger._gathered.waiting.clear()


def asked(api: Api, path: str) -> tuple[int, bytes, str]:
    """How often the database was asked, the bytes, the tag."""
    with CaptureQueriesContext(connection) as queries:
        answer = api.get(path)
    assert answer.status_code == 200, answer.content
    return len(queries), answer.content, answer.headers.get("ETag", "")


def both(api: Api, path: str) -> tuple[tuple[int, bytes, str], tuple[int, bytes, str]]:
    """The ordinary way, and the one that is known ahead."""
    ahead.forget()
    return asked(api, path), asked(api, path)


def test_told_to_the_byte(world: World, api: Api) -> None:
    for at in ODD:
        item = world.draft(WORDS, title=f"Titre « {at} » \\ \x1f")
        with brand_scope(world.brand):
            Item.objects.filter(pk=item.pk).update(created_at=at, state_since=at, not_before=at)
        slow, fast = both(api, f"items/{item.pk}")
        assert slow[1:] == fast[1:] and slow[2]
    for path in ("items?limit=200", "items?kind=publish", "items?state=submitted", "items?fields=id,title,not_before"):
        slow, fast = both(api, path)
        assert slow[1] == fast[1], path


def test_pages_go_on_alike(world: World, api: Api) -> None:
    made = [str(world.draft(f"{n}.").pk) for n in range(5)]
    seen, path = [], "items?limit=2"
    for _ in range(3):
        both(api, path)
        page = api.get(path).json()
        seen += [one["id"] for one in page["data"]]
        path = f"items?limit=2&cursor={page['next']}"
    assert seen == made[::-1] and page["next"] is None


def test_one_question_and_one_line_of_the_ledger(world: World, api: Api) -> None:
    item = world.draft("Un.")
    for path in (f"items/{item.pk}", "items?limit=3"):
        (_, _, _), (fast, _, _) = both(api, path)
        assert fast == 1  # the key and what is asked beside it are one message
    assert {str(one) for told in ledger._gathered.waiting for one in told.ids} == {str(item.pk)}
    assert {told.grant.key_id for told in ledger._gathered.waiting} == {api.key.pk}


def test_what_was_revoked_reads_nothing_more(world: World, api: Api) -> None:
    item = world.draft("Un.")
    path = f"items/{item.pk}"

    def codes() -> list[int]:
        return [api.get(path).status_code for _ in range(2)]

    assert codes() == [200, 200]
    with brand_scope(world.brand):
        Key.objects.update(networks=["192.0.2.0/24"])  # under no seal of ours
    assert codes() == [401, 401]
    assert "RateLimit" not in api.get(path)
    answered_by(world, api, Role.BRAND_OWNER)
    with brand_scope(world.brand):
        Key.objects.update(networks=[])
        from clients.keys.steps import seal_key

        seal_key(Key.objects.select_related("policy").get())
    assert codes() == [200, 200]
    with brand_scope(world.brand):
        IntegrationPolicy.objects.update(fields={"items.item": ["title"]})
    assert set(api.get(path).json()) == {"id", "title"}
    with brand_scope(world.brand):
        IntegrationPolicy.objects.update(ended_at=timezone.now())
    assert codes() == [401, 401]
    with brand_scope(world.brand):
        IntegrationPolicy.objects.update(ended_at=None)
        Key.objects.update(revoked_at=timezone.now())
    assert codes() == [401, 401]


def test_another_role_is_another_reader(world: World, api: Api) -> None:
    path = f"items/{world.draft('Un.').pk}"
    assert [api.get(path).status_code for _ in range(3)] == [200, 200, 200]
    nobody = answered_by(world, api, Role.DEPARTMENT_CONTACT)
    assert [nobody.get(path).status_code for _ in range(3)] == [403, 403, 403]


def test_time_is_no_part_of_the_row(world: World, api: Api) -> None:
    import time_machine

    path = f"items/{world.draft('Un.').pk}"
    assert [api.get(path).status_code for _ in range(2)] == [200, 200]
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert api.get(path).status_code == 401


def test_each_brand_its_own(world: World, other: World, api: Api) -> None:
    theirs = api_of(other)
    mine, its = world.draft("Un."), other.draft("Deux.")
    for _ in range(3):
        assert api.get(f"items/{mine.pk}").status_code == theirs.get(f"items/{its.pk}").status_code == 200
        assert api.get(f"items/{its.pk}").status_code == theirs.get(f"items/{mine.pk}").status_code == 404
    assert foreseen.known(other.brand, api.secret) is None


def test_a_renewed_installation_verifies_anew(world: World, api: Api) -> None:
    path = f"items/{world.draft('Un.').pk}"
    assert [api.get(path).status_code for _ in range(2)] == [200, 200]
    with override_settings(SECRET_KEY="another" * 9, SECRET_KEY_FALLBACKS=[]):
        assert api.get(path).status_code == 401


COUNT = Question("SELECT count(*)::text, current_setting('role') FROM items_item WHERE id = %s", ("uuid",))


def test_together_stands_in_its_brand(world: World, other: World) -> None:
    item = world.draft("Un.")
    for _ in range(3):
        for brand, many in ((world.brand, b"1"), (other.brand, b"0")):
            ((found, role),) = walls().ask_together(brand, [(COUNT, [item.pk])])[0]
            assert (found, role) == (many, brand.role_name.encode())
    with brand_scope(other.brand), pytest.raises(CrossBrand):
        walls().ask_together(world.brand, [(COUNT, [item.pk])])
    with brand_scope(world.brand):
        assert walls().ask_together(world.brand, [(COUNT, [item.pk]), (COUNT, [item.pk])])[1][0][0] == b"1"
        assert ItemVersion.objects.filter(item=item).exists()


def test_together_is_a_transaction_of_its_own_that_cannot_write(real_brands: tuple[BrandRef, BrandRef]) -> None:
    brand, _ = real_brands
    write = Question("DELETE FROM keys_key")
    read = Question("SELECT current_setting('transaction_read_only'), current_setting('role')")
    for _ in range(3):
        assert walls().ask_together(brand, [(read, [])]) == [[(b"on", brand.role_name.encode())]]
        with pytest.raises(Exception, match="read-only"):
            walls().ask_together(brand, [(write, [])])
        with connection.cursor() as cursor:
            assert cursor.execute("SELECT current_setting('role')").fetchone() == ("none",)
        with transaction.atomic():  # where nothing was said before it
            assert walls().ask_together(brand, [(read, [])]) == [[(b"off", brand.role_name.encode())]]
    with brand_scope(brand):
        assert not Disclosure.objects.exists()


def test_every_steady_resource_says_the_same_both_ways(world: World, api: Api) -> None:
    for n in range(3):
        world.submitted(f"{n} « Déjà cité » \\ 'oui' 100 %")
    told = []
    for one in resources().values():
        if not one.steady or not one.listed:
            continue
        slow, fast = both(api, f"{one.name}?limit=200")
        assert orjson.loads(slow[1]) == orjson.loads(fast[1]), one.name
        for row in orjson.loads(slow[1])["data"][:2]:
            slow, fast = both(api, f"{one.name}/{row['id']}")
            assert (orjson.loads(slow[1]), slow[2]) == (orjson.loads(fast[1]), fast[2]), one.name
            told.append(one.name)
    assert {"items", "approvals", "channels", "mandates", "people"} <= set(told)
