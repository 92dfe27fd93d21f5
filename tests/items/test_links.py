"""UTM words are added to a link and take nothing from it."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.items.links import tagged

NEWSLETTER = {"source": "lettre", "medium": "e-mail", "campaign": "noël 2026"}


@pytest.mark.parametrize(
    ("link", "words", "wanted"),
    [
        ("https://a.example/x", {}, "https://a.example/x"),
        ("https://a.example/x", {"source": " "}, "https://a.example/x"),
        ("https://a.example", {"source": "mur"}, "https://a.example?utm_source=mur"),
        ("https://a.example/x?b=1&b=2&c", {"source": "mur"}, "https://a.example/x?b=1&b=2&c&utm_source=mur"),
        ("https://a.example/x?q=%C3%A9+%26#bas", {"medium": "m"}, "https://a.example/x?q=%C3%A9+%26&utm_medium=m#bas"),
        ("https://a.example/?utm_source=old&x=1", {"source": "new"}, "https://a.example/?x=1&utm_source=new"),
        ("https://a.example/?utm%5Fsource=old", {"source": "new"}, "https://a.example/?utm_source=new"),
        ("https://a.example/?utm_medium=kept", {"source": "s"}, "https://a.example/?utm_medium=kept&utm_source=s"),
        ("https://a.example", {"campaign": "a&b=c d#é"}, "https://a.example?utm_campaign=a%26b%3Dc%20d%23%C3%A9"),
        ("javascript:alert(1)", {"source": "s"}, "javascript:alert(1)"),
        ("", {"source": "s"}, ""),
        ("https://[broken", {"source": "s"}, "https://[broken"),
    ],
)
def test_what_is_added(link: str, words: dict[str, str], wanted: str) -> None:
    assert tagged(link, words) == wanted


def test_all_three_in_their_order_and_twice_is_once() -> None:
    once = tagged("https://a.example/x", NEWSLETTER)
    assert once == "https://a.example/x?utm_source=lettre&utm_medium=e-mail&utm_campaign=no%C3%ABl%202026"
    assert tagged(once, NEWSLETTER) == once


@given(words=st.dictionaries(st.sampled_from(["source", "medium", "campaign"]), st.text(st.characters(codec="utf-8"))))
def test_a_server_reads_what_was_typed(words: dict[str, str]) -> None:
    read = dict(parse_qsl(urlsplit(tagged("https://a.example/p?k=v#f", words)).query, keep_blank_values=True))
    assert read.pop("k") == "v"
    assert read == {f"utm_{name}": word.strip() for name, word in words.items() if word.strip()}
