"""Every attack of the list fails, and every one was really tried."""

import pytest

from tenants.brandref import BrandRef
from tests.tenants import attacks_around, attacks_of_files, attacks_of_operators, attacks_of_pages, attacks_of_tasks  # noqa: F401
from tests.tenants.attacks import ATTACKS, Entered, tried


@pytest.mark.parametrize("entered", ATTACKS, ids=lambda entered: f"{entered.number} {entered.name}")
def test_attack_fails(entered: Entered, real_brands: tuple[BrandRef, BrandRef]) -> None:
    result = tried(entered, *real_brands)
    assert not result.succeeded, result.detail
