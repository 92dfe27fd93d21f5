"""Logs name the brand and never a key."""

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
