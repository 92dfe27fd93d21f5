"""The form of secrets, networks, addresses a code may be sent to, and the proof of who asked: without a database."""

import string
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.keys.rules import (
    comes_from,
    fits,
    is_challenge,
    is_redirect,
    network_of,
    networks_typed,
    proves,
    what_stops,
)
from clients.keys.scopes import RESOURCES, SCOPES, in_order, unknown
from clients.keys.tokens import LONGEST, Mark, digest_of, mark_of, new_prefix, new_secret

NOW = datetime(2026, 11, 21, tzinfo=UTC)
VERIFIERS = st.text(string.ascii_letters + string.digits + "-._~", min_size=43, max_size=128)


@pytest.mark.parametrize("mark", Mark)
@pytest.mark.parametrize("prefix", ["", "k7Qm2ZbX"])
def test_a_secret_says_what_it_is(mark: Mark, prefix: str) -> None:
    secret = new_secret(mark, prefix)
    assert mark_of(secret) is mark
    assert len(secret) <= LONGEST
    assert new_secret(mark, prefix) != secret
    assert secret not in digest_of(secret)


@given(st.data())
def test_one_other_character_makes_it_no_secret(data: st.DataObject) -> None:
    secret = new_secret(Mark.KEY, new_prefix())
    place = data.draw(st.integers(0, len(secret) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c != secret[place]))
    assert mark_of(secret[:place] + other + secret[place + 1 :]) is None


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    assert mark_of(text) is None
    assert mark_of("rls_" + text) is None
    assert network_of(text) == "" or ":" in text or "." in text
    assert not is_challenge(text) or len(text) == 43
    fits(["http://127.0.0.1/cb", "https://a.example/cb"], text)
    assert not is_redirect(text) or text.startswith(("https://", "http://127.0.0.1", "http://[::1]", "HTTP"))


@pytest.mark.parametrize(
    ("networks", "ip", "open_"),
    [
        ([], "192.0.2.1", True),
        ([], "", True),
        (["192.0.2.0/24"], "192.0.2.255", True),
        (["192.0.2.0/24"], "192.0.3.1", False),
        (["192.0.2.0/24"], "", False),
        (["192.0.2.0/24"], "rubbish", False),
        (["192.0.2.0/24"], "::ffff:192.0.2.9", True),
        (["192.0.2.9/32"], "192.0.2.8", False),
        (["2001:db8::/32"], "2001:db8:ff::1", True),
        (["2001:db8::/32"], "2001:db9::1", False),
        (["2001:db8::/32", "10.0.0.0/8"], "10.200.0.1", True),
        (["::/0"], "192.0.2.1", False),
    ],
)
def test_from_where_a_key_may_come(networks: list[str], ip: str, open_: bool) -> None:
    assert comes_from(networks, ip) is open_


def test_networks_as_they_are_typed() -> None:
    assert networks_typed([" 192.0.2.7 ", "", "192.0.2.9/24", "2001:DB8::1"]) == [
        "192.0.2.0/24",
        "192.0.2.7/32",
        "2001:db8::1/128",
    ]
    assert networks_typed(["192.0.2.300"]) is None
    assert networks_typed(["crm.example"]) is None
    assert network_of("192.0.2.7") == "192.0.2.0/24"
    assert network_of("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert network_of("::ffff:192.0.2.7") == "192.0.2.0/24"


@pytest.mark.parametrize(
    ("uri", "allowed"),
    [
        ("https://crm.example/cb", True),
        ("https://crm.example:8443/cb?a=b", True),
        ("http://127.0.0.1/cb", True),
        ("http://127.0.0.1:4711/cb", True),
        ("http://[::1]/cb", True),
        ("http://crm.example/cb", False),
        ("http://localhost/cb", False),
        ("http://127.0.0.1.evil.example/cb", False),
        ("https://crm.example/cb#top", False),
        ("https://crm.example/cb#", False),
        ("https://user@crm.example/cb", False),
        ("https://*.crm.example/cb", False),
        ("https:///cb", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//crm.example/cb", False),
        ("https://crm.example\\@evil.example/cb", False),
        ("https://crm.example/ cb", False),
        ("https://crm.example/\ncb", False),
        ("https://crm.example:port/cb", False),
        ("https://crm.exämple/cb", False),
        ("https://crm.example/" + "a" * 500, False),
    ],
)
def test_where_a_code_may_be_sent(uri: str, allowed: bool) -> None:
    assert is_redirect(uri) is allowed


@pytest.mark.parametrize(
    ("registered", "uri", "same"),
    [
        ("https://crm.example/cb", "https://crm.example/cb", True),
        ("https://crm.example/cb", "https://crm.example/cb/", False),
        ("https://crm.example/cb", "https://crm.example/cb?x=1", False),
        ("https://crm.example/cb", "https://CRM.example/cb", False),
        ("https://crm.example/cb", "https://crm.example:443/cb", False),
        ("https://crm.example/cb", "https://crm.example/cb/../evil", False),
        ("https://crm.example/cb", "https://crm.example.evil.example/cb", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb", True),
        ("http://127.0.0.1:80/cb", "http://127.0.0.1:51004/cb", True),
        ("http://[::1]/cb", "http://[::1]:51004/cb", True),
        ("http://127.0.0.1/cb", "http://[::1]:51004/cb", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/other", False),
        ("http://127.0.0.1/cb", "https://127.0.0.1:51004/cb", False),
        ("http://127.0.0.1/cb", "http://evil@127.0.0.1:51004/cb", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb#x", False),
        ("http://127.0.0.1/cb", "http://127.0.0.1:99999999/cb", False),
        ("http://127.0.0.1/cb", "http://localhost:51004/cb", False),
    ],
)
def test_an_address_fits_exactly_but_for_the_port_of_loopback(registered: str, uri: str, same: bool) -> None:
    assert fits([registered], uri) is same


@given(VERIFIERS)
def test_whoever_has_the_verifier_is_who_asked(verifier: str) -> None:
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert is_challenge(challenge)
    assert proves(verifier, challenge)
    assert not proves(verifier[:-1] + ("a" if verifier[-1] != "a" else "b"), challenge)
    assert not proves(challenge, challenge)  # plain


@pytest.mark.parametrize("verifier", ["", "a" * 42, "a" * 129, "a" * 42 + "é", "a" * 42 + "\n", "a" * 42 + " "])
def test_a_verifier_of_another_form_proves_nothing(verifier: str) -> None:
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert not proves(verifier, challenge)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, ""),
        ({"revoked": True}, "key_revoked"),
        ({"expires_at": NOW}, "key_over"),
        ({"policy_holds": False}, "policy_over"),
        ({"has_person": False}, "key_unanswered"),
        ({"revoked": True, "policy_holds": False}, "key_revoked"),
    ],
)
def test_what_stops_a_genuine_key(changed: dict[str, object], code: str) -> None:
    facts = {"revoked": False, "expires_at": NOW + timedelta(1), "policy_holds": True, "has_person": True, "now": NOW}
    assert what_stops(**facts | changed) == code  # type: ignore[arg-type]


def test_scopes_are_a_table() -> None:
    assert len(SCOPES) == len(set(SCOPES)) == sum(len(verbs) for verbs in RESOURCES.values())
    assert in_order(["receipts:read", "items:read", "items:read", "no"]) == ["items:read", "receipts:read"]
    assert unknown(["items:read", "items:all"]) == ["items:all"]
