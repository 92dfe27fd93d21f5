"""Feeds as they come: whole, broken, hostile. Nothing crashes, nothing runs, nothing is fetched, and what can be read is read."""

import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clients.sources.parsing import MOST_ENTRIES, Parsed, parse_feed

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BASE = "https://feed.example/blog/feed.xml"


def rss(*items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'{head}<rss version="2.0"><channel><title>Journal</title>{inner}</channel></rss>'.encode()


def parsed(data: bytes, **more: object) -> Parsed:
    return parse_feed(data, base=BASE, now=NOW, **more)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is fetched and no file is opened, whatever a document says."""

    def refuse(*args: object, **more: object) -> None:
        raise AssertionError("a parser must not reach outside")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_an_entry_as_people_read_it() -> None:
    one = parsed(
        rss(
            "<guid>tag:1</guid><title>Pain &amp;amp; beurre</title><link>/un</link><author>lea@x.example (Léa)</author>"
            "<description>&lt;p&gt;Bonjour&lt;/p&gt;&lt;p&gt;tous&lt;/p&gt;</description>"
            "<pubDate>Thu, 19 Nov 2026 10:00:00 GMT</pubDate>"
        )
    ).raws[0]
    assert (one.own_id, one.title, one.text) == ("tag:1", "Pain & beurre", "Bonjour\ntous")
    assert one.url == "https://feed.example/un"
    assert one.published_at == datetime(2026, 11, 19, 10, tzinfo=UTC)
    assert "Léa" in one.author


def test_without_an_id_the_key_is_stable() -> None:
    data = rss(
        "<title>Un</title><description>Mots</description>", "<title>Deux</title><link>https://x.example/2</link>"
    )
    first, second = parsed(data), parsed(data)
    assert [raw.own_id for raw in first.raws] == [raw.own_id for raw in second.raws]
    assert len({raw.own_id for raw in first.raws}) == 2


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<pubDate>7</pubDate>",
        "<guid>7</guid>",
        "<guid>20261119</guid>",
        "<pubDate>10:30</pubDate>",
        "<pubDate>Fri, 20 Nov 2099 10:00:00 GMT</pubDate>",
        "<pubDate>hier</pubDate>",
    ],
)
def test_a_missing_date_is_not_now_and_one_of_the_future_is_none(inside: str) -> None:
    assert parsed(rss(f"<title>Sans date</title>{inside}")).raws[0].published_at is None


@pytest.mark.parametrize(
    "said",
    [
        "&lt;script&gt;alert(1)&lt;/script&gt;Bonjour",
        "<![CDATA[<img src=x onerror=alert(1)>Bonjour<style>p{}</style>]]>",
        "&lt;a href='javascript:alert(1)'&gt;Bonjour&lt;/a&gt;",
        "&lt;svg&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;/svg&gt;Bonjour",
    ],
)
def test_scripts_are_no_words(said: str) -> None:
    assert parsed(rss(f"<title>T</title><description>{said}</description>")).raws[0].text == "Bonjour"


def test_signs_that_turn_the_direction_or_cannot_be_seen_go() -> None:
    one = parsed(
        rss("<title>factu\u202egpj.exe\u2066\u200f\u0085</title><link>https://x.example/\u202egpj</link>")
    ).raws[0]
    assert one.title == "factugpj.exe" and one.url == ""


def test_ten_to_the_ninth_laughs_take_no_time() -> None:
    declared = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    begun = time.process_time()
    found = parsed(
        rss("<guid>1</guid><title>Gare &a9;</title>", head=f'<?xml version="1.0"?><!DOCTYPE rss [{declared}]>')
    )
    assert time.process_time() - begun < 2
    assert len(found.raws) == 1 and len(found.raws[0].title) < 100 and found.problem == "feed_broken"


def test_a_file_of_this_machine_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("<rss><channel><item><title>geheim</title></item></channel></rss>")
    path = f"{tmp_path}/secret"
    head = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file://{path}">]>'
    found = parsed(rss("<title>Avant &x; après</title>", head=head))
    assert "geheim" not in str(found) and found.raws[0].title.startswith("Avant")
    for bait in (path, f"file://{path}", "http://127.0.0.1/x"):
        assert parsed(bait.encode()) == Parsed(problem="not_a_feed")


@pytest.mark.parametrize("charset", ["latin-1", "cp1252", "utf-16", "utf-8-sig"])
def test_words_in_another_charset_than_they_say(charset: str) -> None:
    data = rss("<title>Été à la crème</title>").decode().encode(charset)
    assert parsed(data).raws[0].title == "Été à la crème"


def test_what_breaks_off_is_read_as_far_as_it_goes_and_said_once() -> None:
    whole = rss(*[f"<guid>{n}</guid><title>Article {n}</title>" for n in range(50)])
    found = parsed(whole[: len(whole) // 2], cut=True)
    assert 20 <= len(found.raws) <= 26 and found.problem == "feed_cut"
    assert parsed(whole[: len(whole) // 2]).problem == "feed_broken"


def test_an_id_that_several_entries_share_loses_none_of_them() -> None:
    """And the names stay when one of them is gone from the feed."""
    items = [f"<guid>même</guid><title>Article {n}</title><link>https://x.example/{n}</link>" for n in range(3)]
    first = parsed(rss(*items))
    later = parsed(rss(items[1]), twice=first.twice)
    assert len({raw.own_id for raw in first.raws}) == 3
    assert {raw.own_id for raw in later.raws} < {raw.own_id for raw in first.raws}
    assert len(parsed(rss(items[0], items[0])).raws) == 1


@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 300, b"<html><body>Accueil</body></html>", b"nothing", b"\xff\xfe<", b"[" * 9999]
)
def test_what_is_no_feed_is_told_as_one_thing(data: bytes) -> None:
    assert parsed(data) == Parsed(problem="not_a_feed")


def test_an_empty_feed_is_a_feed() -> None:
    assert parsed(rss()) == Parsed()


def test_more_entries_than_one_look_takes() -> None:
    found = parsed(rss(*[f"<guid>{n}</guid><title>A{n}</title>" for n in range(MOST_ENTRIES + 5)]))
    assert len(found.raws) == MOST_ENTRIES and found.problem == "feed_cut"


def test_the_shape_is_what_most_entries_have() -> None:
    dated = "<title>A</title><link>https://x.example/{}</link><pubDate>Thu, 19 Nov 2026 10:00:00 GMT</pubDate>"
    assert parsed(rss(*[dated.format(n) for n in range(3)])).shape == {"entries", "title", "url", "date"}
    assert parsed(rss("<title>A</title>", "<title>B</title>")).shape == {"entries", "title"}
