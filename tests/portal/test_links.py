"""Where a `next` may lead: our own hosts, and nowhere that only looks like them."""

import pytest

from portal.links import brand_url, hub_url, is_ours


@pytest.mark.parametrize(
    "url",
    [
        "/items/",
        "http://relais.localhost/",
        "http://maison-a.relais.localhost/approvals/",
        "http://MAISON-A.relais.localhost:8000/x",
        brand_url("maison-a", "home"),
        hub_url("hub"),
    ],
)
def test_ours(url: str) -> None:
    assert is_ours(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://evil.example/",
        "//evil.example/",
        "\\\\evil.example",
        "http://relais.localhost.evil.example/",
        "http://evilrelais.localhost/",
        "http://relais.localhost@evil.example/",
        "http://evil.example@relais.localhost/",
        "javascript:alert(1)",
        "http://[::1",
        "http:///evil.example",
    ],
)
def test_not_ours(url: str) -> None:
    assert not is_ours(url)
