"""Logs name the brand and never a key."""

import logging
import sys
from logging.config import DictConfigurator
from typing import Any

import pytest

from config.logs import logging_of
from tenants.walls.scope import BrandRef, brand_scope


def test_lines_name_the_open_brand(brand_a: BrandRef) -> None:
    from config.logs import with_brand

    assert "brand" not in with_brand(None, "info", {"event": "x"})
    with brand_scope(brand_a):
        assert with_brand(None, "info", {"event": "x"})["brand"] == str(brand_a.id)


def test_keys_in_addresses_are_left_out() -> None:
    from config.logs import without_keys

    line = without_keys(None, "info", {"event": "request", "request": "GET /invitation/s3cr3t/", "code": 200})
    assert line == {"event": "request", "request": "GET /invitation/***/", "code": 200}
    lent = without_keys(None, "info", {"event": "Not Found: /m/s3cr3t", "request": "GET /m/s3cr3t"})
    assert lent == {"event": "Not Found: /m/***", "request": "GET /m/***"}


def test_what_is_being_typed_stays_out() -> None:
    """The composer's preview is asked for by GET, with the draft in the address."""
    from config.logs import without_keys

    line = without_keys(None, "info", {"event": "request_started", "request": "GET /items/preview?text=un+secret"})
    assert line["request"] == "GET /items/preview"


@pytest.mark.parametrize("for_machines", [True, False])
def test_what_a_failing_function_had_in_its_hands_stays_out(for_machines: bool) -> None:
    """A brand's private key, a password, what somebody wrote: a failure is told by its place and its words."""
    typed = "s3cr3t".upper()

    def taken(_key: str) -> None:
        raise ValueError("odd")

    formatter = configured(logging_of("INFO", for_machines=for_machines)["formatters"]["line"])
    try:
        taken(typed)
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, "x", 1, "Failed", (), sys.exc_info())
    told = formatter.format(record)
    assert "Failed" in told
    assert "S3CR3T" not in told


def configured(values: dict[str, Any]) -> logging.Formatter:
    made = DictConfigurator({"version": 1})
    formatter: logging.Formatter = made.configure_formatter(values)  # type: ignore[attr-defined]
    return formatter
