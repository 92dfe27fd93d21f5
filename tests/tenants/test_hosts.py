"""From host to brand: remembered for a while, dropped when a brand changes, 503 while a brand waits for its migration."""

from collections.abc import Callable

import pytest

from tenants import hosts
from tenants.actions import change_state
from tenants.brandref import BrandRef
from tenants.hosts import brand_at, plain_host
from tenants.models import Brand, Domain
from tenants.vocabulary import BrandState
from tenants.walls.backend.base import OWNER
from tests.tenants.attacks_around import answer

AT_A = "maison-a.relais.localhost"


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("relais.localhost", "relais.localhost"),
        ("Relais.Localhost:8000", "relais.localhost"),
        ("relais.localhost.", "relais.localhost"),
        ("relais.localhost..", None),
        ("relais.localhost:x", None),
        ("[::1]:80", None),
        ("a b", None),
        ("", None),
    ],
)
def test_plain_host(header: str, host: str | None) -> None:
    assert plain_host(header) == host


def test_a_known_host_costs_no_query(brand_a: BrandRef, django_assert_num_queries: Callable[..., object]) -> None:
    assert brand_at(AT_A) == brand_a
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        assert brand_at(AT_A) == brand_a


def test_what_is_remembered_ends(brand_a: BrandRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosts, "KEPT_FOR", -1)
    assert brand_at(AT_A) == brand_a
    Brand.objects.filter(pk=brand_a.id).update(state=BrandState.SUSPENDED)
    assert brand_at(AT_A) is None


def test_a_change_is_seen_at_once_in_this_process(brand_a: BrandRef) -> None:
    assert brand_at(AT_A) == brand_a
    change_state(brand_a, BrandState.SUSPENDED)
    assert brand_at(AT_A) is None


def test_a_domain_of_ones_own(brand_a: BrandRef) -> None:
    Domain.objects.create(host="social.maison.example", brand_id=brand_a.id)
    assert brand_at("social.maison.example") == brand_a
    assert brand_at("x.social.maison.example") is None


def test_the_hub_has_no_brand(db: None) -> None:
    assert answer("{hub}").content == b"hub"


def test_a_brand_left_behind_by_a_migration_answers_503(real_transactions: None) -> None:
    mine = Brand.objects.using(OWNER).filter(slug="maison-a")
    now = mine.get().fingerprint
    mine.update(fingerprint="of another time")
    try:
        assert answer("maison-a.{hub}").status_code == 503
    finally:
        mine.update(fingerprint=now)
    assert answer("maison-a.{hub}").status_code == 200
