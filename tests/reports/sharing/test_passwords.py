"""The password of a link: kept slowly, tried a few times, and hashed while no connection is held."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import check_password as hashed
from django.db import connections
from django.db.models import F

from clients.audit.models import Entry
from clients.disclosure.actions import exchange
from clients.disclosure.models import DisclosureEnd, ShareLink
from reports.sharing.actions import end_share, fits_password, viewing, withdraw_report
from reports.sharing.models import Share
from reports.sharing.rules import MOST_WRONG
from reports.sharing.steps import MadeShare
from tenants.walls.scope import BrandRef, brand_scope, walls
from tests.conftest import make_person
from tests.reports.sharing.conftest import shared
from tests.world import World, make_world

PASSWORD, WRONG = "douze mots de passe", "onze mots de passe"


@pytest.fixture
def made_share(world: World) -> MadeShare:
    return shared(world, password=PASSWORD)


def tried(world: World, made: MadeShare, password: str) -> bool:
    return fits_password(world.brand, link_id=made.share.link_id, password=password)


def kept(world: World) -> Share:
    with brand_scope(world.brand):
        return Share.objects.select_related("link").get()


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """`act` happens while the hash is made."""

    def slowly(password: str, encoded: str) -> bool:
        fits = hashed(password, encoded)
        monkeypatch.setattr(viewing, "check_password", hashed)
        act()
        return fits

    monkeypatch.setattr(viewing, "check_password", slowly)


def test_a_password_is_kept_slowly_and_tried_a_few_times(world: World, made_share: MadeShare) -> None:
    assert "douze" not in kept(world).password
    assert kept(world).password.count("$") >= 2
    assert tried(world, made_share, PASSWORD)
    for _ in range(MOST_WRONG):
        assert not tried(world, made_share, WRONG)
    assert not tried(world, made_share, PASSWORD)
    assert kept(world).link.revoked_at is not None
    assert exchange(world.brand, token=made_share.token, code="") is None


@pytest.mark.parametrize("password", [PASSWORD, WRONG])
def test_while_the_hash_is_made_nothing_is_open(
    world: World, made_share: MadeShare, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    depths, before = [], len(walls().atomic_blocks)
    meanwhile(monkeypatch, lambda: depths.append((len(walls().atomic_blocks), len(walls().frames))))
    assert tried(world, made_share, password) is (password == PASSWORD)
    assert depths == [(before, 0)]


@pytest.mark.parametrize("password", [PASSWORD, WRONG])
@pytest.mark.parametrize("way", ["ended", "withdrawn", "used up", "tried out"])
def test_what_closes_the_link_while_the_hash_is_made_counts(
    world: World, made_share: MadeShare, way: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = made_share.share

    def close() -> None:
        if way == "ended":
            end_share(world.owner, share_id=share.pk)
        elif way == "withdrawn":
            withdraw_report(world.owner, report_id=share.report_id)
        with brand_scope(world.brand):
            if way == "used up":
                ShareLink.objects.filter(pk=share.link_id).update(views=F("most_views"))
            elif way == "tried out":
                Share.objects.filter(pk=share.pk).update(wrong=MOST_WRONG)

    meanwhile(monkeypatch, close)
    assert not tried(world, made_share, password)
    assert kept(world).wrong == (MOST_WRONG if way == "tried out" else 0)
    with brand_scope(world.brand):
        assert not Entry.objects.filter(verb="report.password_wrong").exists()


def test_what_closes_the_link_afterwards_closes_it_for_the_next(world: World, made_share: MadeShare) -> None:
    assert tried(world, made_share, PASSWORD)
    end_share(world.owner, share_id=made_share.share.pk)
    assert not tried(world, made_share, PASSWORD)


def test_a_link_whose_time_is_over_while_the_hash_is_made_opens_no_more(
    world: World, made_share: MadeShare, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(made_share.share.link.expires_at - timedelta(seconds=1), tick=False) as clock:
        assert tried(world, made_share, PASSWORD)
        meanwhile(monkeypatch, lambda: clock.shift(timedelta(seconds=1)))
        assert not tried(world, made_share, PASSWORD)


def test_many_at_once_are_counted_one_by_one(
    real_brands: tuple[BrandRef, BrandRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(real_brands[0], make_person)
    made, many, found = shared(world, password=PASSWORD), MOST_WRONG + 4, list[bool]()
    all_hash = threading.Barrier(many)

    def together(password: str, encoded: str) -> bool:
        all_hash.wait(30)  # broken where one of them waits for another's row or is refused before its hash
        return hashed(password, encoded)

    monkeypatch.setattr(viewing, "check_password", together)

    def guess() -> None:
        try:
            found.append(tried(world, made, WRONG))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [False] * many
    assert kept(world).wrong == MOST_WRONG
    with brand_scope(world.brand):
        assert DisclosureEnd.objects.count() == 1
        assert Entry.objects.filter(verb="report.password_wrong").count() == MOST_WRONG
