"""What a brand types to connect a channel: clean values, or one error that names the field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.channels.port import SettingField, SettingType
from clients.channels.settings import clean_address, clean_host, clean_settings, clean_site
from tenants.errors import Invalid

FIELDS = (
    SettingField("host", SettingType.HOST),
    SettingField("port", SettingType.NUMBER, default=587, least=1, most=65535),
    SettingField("tls", SettingType.CHOICE, default="starttls", choices=("starttls", "none")),
    SettingField("from_address", SettingType.ADDRESS),
    SettingField("from_name", required=False),
    SettingField("to", SettingType.ADDRESSES, required=False),
    SettingField("password", SettingType.SECRET, required=False),
)
GIVEN = {"host": "Mail.Example.org.", "from_address": "bonjour@example.org"}


def test_defaults_stand_in_and_secrets_are_kept_apart() -> None:
    settings, secrets = clean_settings(FIELDS, GIVEN | {"password": " with blanks "})
    assert settings == {
        "host": "mail.example.org",
        "port": 587,
        "tls": "starttls",
        "from_address": "bonjour@example.org",
        "from_name": "",
        "to": [],
    }
    assert secrets == {"password": " with blanks "}


def test_a_new_password_comes_without_the_host() -> None:
    assert clean_settings(FIELDS, {"password": "new"}, only=SettingType.SECRET) == ({}, {"password": "new"})


def test_numbers_and_addresses_as_a_form_sends_them() -> None:
    settings, _ = clean_settings(FIELDS, GIVEN | {"port": "25", "to": "a@b.fr; c@d.fr\na@b.fr, "})
    assert (settings["port"], settings["to"]) == (25, ["a@b.fr", "c@d.fr"])


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"host": ""}, "setting_missing", "host"),
        ({"host": "a b"}, "not_a_host", "host"),
        ({"host": "http://a.fr"}, "not_a_host", "host"),
        ({"host": 7}, "not_a_text", "host"),
        ({"port": "many"}, "not_a_number", "port"),
        ({"port": True}, "not_a_number", "port"),
        ({"port": "²"}, "not_a_number", "port"),
        ({"port": -1}, "not_a_number", "port"),
        ({"port": 0}, "out_of_range", "port"),
        ({"port": 65536}, "out_of_range", "port"),
        ({"tls": "ssl3"}, "not_a_choice", "tls"),
        ({"from_address": "nobody"}, "not_an_address", "from_address"),
        ({"from_name": "A\r\nBcc: b@c.fr"}, "setting_control_characters", "from_name"),
        ({"from_name": "x" * 1001}, "setting_too_long", "from_name"),
        ({"to": "a@b.fr, nobody"}, "not_an_address", "to"),
        ({"to": [1]}, "not_a_text", "to"),
        ({"to": [f"a{n}@b.fr" for n in range(101)]}, "too_many_addresses", "to"),
        ({"password": "a\nb"}, "setting_control_characters", "password"),
        ({"colour": "red"}, "setting_unknown", "colour"),
    ],
)
def test_what_is_wrong_is_named(changes: dict, code: str, field: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(Invalid) as refused:
        clean_settings(FIELDS, GIVEN | changes)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        (" Marie.Curie+x@Example.ORG ", "Marie.Curie+x@example.org"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("o'neil@a.fr", "o'neil@a.fr"),
    ],
)
def test_addresses(typed: str, clean: str) -> None:
    assert clean_address(typed, "to") == clean


@pytest.mark.parametrize(
    "typed",
    [
        "a@b@c.fr",
        "a b@c.fr",
        "<a@b.fr>",
        "a@b.fr>\r\nRCPT TO:<x@y.fr",
        '"a b"@c.fr',
        "@c.fr",
        "a@",
        ".a@b.fr",
        "a..b@c.fr",
        "é@c.fr",
        "a@-b.fr",
        f"{'x' * 65}@b.fr",
        "a@b_c.fr",
    ],
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(Invalid):
        clean_address(typed, "to")


@given(st.text(max_size=80))
def test_an_address_that_passes_cannot_end_an_smtp_command(typed: str) -> None:
    try:
        clean = clean_address(typed, "to")
    except Invalid:
        return
    assert clean.isascii() and clean.isprintable() and not set(clean) & set(' <>,;:"\\()')


@pytest.mark.parametrize(("typed", "clean"), [("LOCALHOST", "localhost"), ("[::1]", "::1"), ("10.0.0.1", "10.0.0.1")])
def test_hosts(typed: str, clean: str) -> None:
    assert clean_host(typed, "host") == clean


@pytest.mark.parametrize(
    "typed", ["127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "0x7f000001", "a..b", "-a.fr", "*"]
)
def test_an_address_in_disguise_is_no_host(typed: str) -> None:
    with pytest.raises(Invalid):
        clean_host(typed, "host")


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("example.org", "https://example.org"),
        (" https://Example.org/ ", "https://example.org"),
        ("https://example.org:8443/blog/", "https://example.org:8443/blog"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://[2606:4700::1111]/x", "https://[2606:4700::1111]/x"),
        ("münchen.example", "https://xn--mnchen-3ya.example"),
    ],
)
def test_a_site(typed: str, clean: str) -> None:
    assert clean_site(typed, "site") == clean


@pytest.mark.parametrize(
    "typed",
    ["ftp://example.org", "https://me:pass@example.org", "https://me@example.org", "https://", "https://exa mple.org",
     "https://example.org/?a=1", "https://example.org/#x", "https://example.org:port", "https://127.1", "a/b c"],
)  # fmt: skip
def test_no_site(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_site(typed, "site")
    assert (refused.value.code, refused.value.field) == ("not_a_site", "site")
