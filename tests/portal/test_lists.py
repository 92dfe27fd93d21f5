"""Lists: the same number of queries for one row and for three, and nothing of the brand next door."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clients.channels.actions import connect_channel
from clients.gate.actions import approve_item
from tenants.vocabulary import Role
from tests.portal.conftest import Browse
from tests.world import World


def queries_of(client: Client, path: str) -> tuple[int, str]:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(seen), answer.content.decode()


def sent(world: World, n: int) -> None:
    item = world.submitted(f"Texte {n}", title=f"Titre {n}")
    approve_item(world.owner, item_id=item.pk, seen_digest=item.version.digest)
    world.run_outbox("gate.send")


def waiting(world: World, n: int) -> None:
    world.submitted(f"Texte {n}", title=f"Titre {n}")


def channel(world: World, n: int) -> None:
    connect_channel(actor=world.owner, kind="memory", name=f"Titre {n}")


@pytest.mark.parametrize(
    ("path", "add"),
    [
        ("/", waiting),
        ("/approvals/", waiting),
        ("/items/", waiting),
        ("/items/?group=waiting", waiting),
        ("/receipts/", sent),
        ("/channels/", channel),
        ("/people/", lambda world, n: None),
        ("/stops/", waiting),
        ("/wall", sent),
    ],
)
def test_same_queries_for_one_and_three(
    world: World, other: World, browse: Browse, path: str, add: Callable[[World, int], None]
) -> None:
    client = browse(world.people[Role.BRAND_OWNER], world.brand)
    add(world, 1)
    one, page = queries_of(client, path)
    add(world, 2)
    add(world, 3)
    three, full = queries_of(client, path)
    assert one == three
    assert "SECRET" not in page + full


def test_my_work_shows_all_my_brands_and_no_others(world: World, other: World, browse: Browse) -> None:
    person = world.people[Role.BRAND_OWNER]
    waiting(world, 1)
    client = browse(person)
    one, page = queries_of(client, "/")
    assert "Titre 1" in page
    assert "SECRET" not in page
    waiting(world, 2)
    waiting(world, 3)
    three, full = queries_of(client, "/")
    assert one == three
    assert "Titre 3" in full


def test_my_work_is_what_my_side_must_do(world: World, browse: Browse) -> None:
    world.draft("Brouillon", title="A draft of the agency")
    waiting(world, 1)
    brand = browse(world.people[Role.APPROVER]).get("/").content.decode()
    agency = browse(world.people[Role.COMMUNITY_MANAGER]).get("/").content.decode()
    assert "Titre 1" in brand and "A draft of the agency" not in brand
    assert "A draft of the agency" in agency and "Titre 1" not in agency


def test_switcher_names_only_my_brands(world: World, other: World, browse: Browse) -> None:
    page = browse(world.people[Role.ANALYST], world.brand).get("/switcher").content.decode()
    assert world.brand.name in page
    assert other.brand.name not in page
