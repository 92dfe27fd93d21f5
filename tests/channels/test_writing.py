"""Texts as pages: what may become HTML and what stays a sign; addresses that carry a key."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.channels.port import Outbound
from clients.channels.writing import html_of, mark_of, slug_of, words_of

TAGS = {
    "p", "br", "a", "strong", "em", "s", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "table", "thead", "tbody", "tr",
    "th", "td", *(f"h{level}" for level in range(1, 7)),
}  # fmt: skip
ATTRIBUTES = {"href", "title", "class", "style", "start"}


class Wall(HTMLParser):
    """Every tag and attribute of a page, and the scheme of every link, checked by a program that is not ours."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS and {name for name, _ in attrs} <= ATTRIBUTES
        for name, value in attrs:
            assert name != "href" or (value or "").partition(":")[0].lower() not in (
                "javascript",
                "vbscript",
                "file",
                "data",
            )
            assert name != "style" or (value or "").startswith("text-align:")


def _examined(page: str) -> str:
    wall = Wall()
    wall.feed(page)
    wall.close()
    return page


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Bonjour\nà tous", "<p>Bonjour<br>\nà tous</p>"),
        ("**gras** _penché_", "<p><strong>gras</strong> <em>penché</em></p>"),
        ("#Bretagne & <b>", "<p>#Bretagne &amp; &lt;b&gt;</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("voir https://a.fr/b?c=1&d.", '<p>voir <a href="https://a.fr/b?c=1&amp;d">https://a.fr/b?c=1&amp;d</a>.</p>'),
        ("(https://a.fr)", '<p>(<a href="https://a.fr">https://a.fr</a>)</p>'),
        ("[https://a.fr](https://b.fr)", '<p><a href="https://b.fr">https://a.fr</a></p>'),
        ("`https://a.fr`", "<p><code>https://a.fr</code></p>"),
        ("![pixel](https://a.fr/p.gif)", '<p>!<a href="https://a.fr/p.gif">pixel</a></p>'),
        ("", ""),
    ],
)
def test_what_becomes_of_a_text(text: str, page: str) -> None:
    assert _examined(html_of(text)) == page


@given(st.text() | st.text(alphabet="<>&\"'[]()!*_`#-\n :/javscriptdhref=0"))
def test_nothing_that_anybody_writes_becomes_more_than_words(text: str) -> None:
    _examined(html_of(text))


def test_a_link_stands_once() -> None:
    assert html_of("Texte", "https://a.fr/?a&b").endswith(
        '<p><a href="https://a.fr/?a&amp;b">https://a.fr/?a&amp;b</a></p>'
    )
    assert html_of("Texte https://a.fr", "https://a.fr").count("<a ") == 1
    assert html_of("", "https://a.fr") == '<p><a href="https://a.fr">https://a.fr</a></p>'


def test_two_renderings_of_one_text_read_alike() -> None:
    assert (
        words_of("<p>a<br>\nb &amp; <b>c</b></p>") == words_of("<p>a<br />b &#38; c</p>\n") != words_of("<p>a b c</p>")
    )


def test_an_address_names_the_act(outbound: Outbound) -> None:
    titled = replace(outbound, title="Été à l’île : 3 idées !", key="k")
    assert slug_of(titled) == f"ete-a-lile-3-idees-{mark_of('k')}"
    assert slug_of(replace(titled, title="日本", key="k")) == mark_of("k")
    assert slug_of(replace(titled, title="x" * 500)) == f"{'x' * 60}-{mark_of('k')}"
    assert slug_of(titled) != slug_of(replace(titled, key="kx"))
