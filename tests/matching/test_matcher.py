"""The quick matcher finds what the slow one finds, in whatever text; and each kind of entry is found and not found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.matching.matcher import Matcher, compile_watch
from clients.matching.watched import Watched
from tenants.errors import Invalid
from tests.matching import reference

WORDS = (
    "eau", "l'eau", "pollution", "pollutions", "polluée", "POLLUÉES", "grève", "greves", "grévistes", "cheval", "chevaux",
    "œuvre", "oeuvres", "travail", "travaux", "city", "cities", "council", "councils", "de", "du", "la", "SNCF", "4x4", "port",
    "porte", "porter", "Cafe\u0301", "cafés", "pol\u200blution", "🙂", "ж", "été", "university", "universe", "x",
)  # fmt: skip
BETWEEN = st.sampled_from((" ", "  ", "\n", ", ", "-", "’", ". ", " — "))
PHRASES = st.lists(st.sampled_from(WORDS[:30]), min_size=1, max_size=3).map(" ".join)
MANY = st.lists(PHRASES, max_size=2).map(tuple)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Words of the entries, and sometimes anything, with anything between them."""
    pieces = draw(st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=14))
    return "".join(piece + draw(BETWEEN) for piece in pieces).replace("\N{RIGHT-TO-LEFT OVERRIDE}", "")


@st.composite
def watch_lists(draw: st.DrawFn) -> list[Watched]:
    """A few entries of all kinds but patterns."""
    return [
        Watched(
            key=str(number),
            phrases=(draw(PHRASES), *draw(MANY)),
            exclusions=draw(MANY),
            near=draw(MANY),
            within=draw(st.integers(0, 5)),
            language=draw(st.sampled_from(("", "fr", "en"))),
            exact=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 5)))
    ]


@given(watch_lists(), texts(), st.sampled_from(("", "fr", "en")))
def test_it_finds_what_the_slow_reference_finds(entries: list[Watched], text: str, language: str) -> None:
    matcher = compile_watch(entries)
    found = {tuple(hit) for hit in matcher.hits(text, language)}
    assert found == reference.find(entries, text, language)
    assert set(matcher.keys(text, language)) == {key for key, _, _ in found}


def said(matcher: Matcher, text: str, language: str = "") -> list[tuple[str, str]]:
    return [(hit.key, text[hit.start : hit.end]) for hit in matcher.hits(text, language)]


FOUND = (
    (Watched("k", ("grève",)), "Les GREVES continuent", "GREVES"),
    (Watched("k", ("polluer",)), "une rivière polluée", "polluée"),
    (Watched("k", ("polluer",)), "des eaux polluees", "polluees"),
    (Watched("k", ("pollution de l'eau",)), "la pollution\n de l’eau", "pollution\n de l’eau"),
    (Watched("k", ("œuvre",)), "les oeuvres", "oeuvres"),
    (Watched("k", ("cheval",)), "deux chevaux", "chevaux"),
    (Watched("k", ("travail",)), "fin des travaux", "travaux"),
    (Watched("k", ("city council",)), "the city councils met", "city councils"),
    (Watched("k", ("complain",)), "she complained twice", "complained"),
    (Watched("k", ("Saint-Denis",)), "saint denis", "saint denis"),
    (Watched("k", ("pollution",)), "pol\u200blu\u00adtion", "pol\u200blu\u00adtion"),
    (Watched("k", ("pollution",)), "pоllution", "pоllution"),  # with a Cyrillic o
    (Watched("k", ("pollution",)), "la \u202enoitullop\u202c !", "noitullop\u202c"),
    (Watched("k", ("café",)), "au cafe\u0301.", "cafe\u0301"),
    (Watched("k", ("stop",)), "#STOP!", "STOP"),
    (Watched("k", ("Léa",)), "𝗟𝗲𝗮 parle", "𝗟𝗲𝗮"),
    (Watched("k", ("orange",), near=("forfait",), within=2), "mon forfait chez Orange", "Orange"),
    (Watched("k", pattern=r"\bgr[eè]ves?\b"), "la Grève, oui", "Grève"),
    (Watched("k", pattern=r"\d+ ?€"), "à 🙂 15 € pièce", "15 €"),
    (Watched("k", pattern=r"\bécole\b"), "l'ÉCOLE.", "ÉCOLE"),
)


@pytest.mark.parametrize(("entry", "text", "words"), FOUND)
def test_found(entry: Watched, text: str, words: str) -> None:
    assert said(compile_watch([entry]), text) == [("k", words)]


NOT_FOUND = (
    (Watched("k", ("eau",)), "un beau bureau"),
    (Watched("k", ("grève",), exact=True), "les grèves"),
    (Watched("k", ("grève",), exclusions=("grève de la faim",)), "Grève. Une grève de la faim."),
    (Watched("k", ("orange",), near=("forfait",), within=1), "mon forfait mobile chez Orange"),
    (Watched("k", ("pollution de l'eau",)), "pollution de leau"),
    (Watched("k", pattern=r"\bgr[eè]ves?\b", exclusions=("faim",)), "grève de la faim"),
    (Watched("k", ("university",)), "the universe is large"),
)


@pytest.mark.parametrize(("entry", "text"), NOT_FOUND)
def test_not_found(entry: Watched, text: str) -> None:
    assert said(compile_watch([entry]), text) == []


def test_an_entry_of_one_language_is_looked_for_in_that_language_and_in_unknown_ones() -> None:
    matcher = compile_watch([Watched("k", ("chat",), language="fr")])
    assert said(matcher, "un chat", "fr") and said(matcher, "un chat", "")
    assert not said(matcher, "a live chat", "en")


def test_a_known_language_gives_its_own_forms_alone() -> None:
    matcher = compile_watch([Watched("k", ("complain",))])
    assert said(matcher, "complained", "en") and said(matcher, "complained") and not said(matcher, "complained", "fr")
    assert said(matcher, "complain", "fr") and said(matcher, "complained", "de")


REFUSED = (
    ("watched_empty", Watched("k")),
    ("watched_phrase", Watched("k", ("…",))),
    ("watched_phrase", Watched("k", ("a" * 201,))),
    ("watched_language", Watched("k", ("a",), language="de")),
    ("watched_within", Watched("k", ("a",), within=101)),
    ("watched_too_many", Watched("k", tuple(f"mot{n}" for n in range(201)))),
    ("watched_pattern_alone", Watched("k", ("a",), pattern="b")),
    ("watched_pattern_long", Watched("k", pattern="a" * 501)),
    ("watched_pattern_wrong", Watched("k", pattern="(a")),
    ("watched_pattern_wrong", Watched("k", pattern=r"(a)\1")),
    ("watched_pattern_wrong", Watched("k", pattern="((a{100}){100}){100}")),
    ("watched_pattern_empty", Watched("k", pattern="a*")),
)


@pytest.mark.parametrize(("code", "entry"), REFUSED)
def test_what_cannot_be_watched_is_refused_by_name(code: str, entry: Watched) -> None:
    with pytest.raises(Invalid) as refused:
        compile_watch([Watched("good", ("b",)), entry])
    assert (refused.value.code, refused.value.field) == (code, "k")


def test_two_entries_have_two_keys() -> None:
    with pytest.raises(Invalid, match="watched_twice"):
        compile_watch([Watched("k", ("a",)), Watched("k", ("b",))])


def test_two_hundred_patterns_at_once_find_what_each_finds_alone() -> None:
    entries = [Watched(str(n), pattern=rf"\bmot{n}\w*\s+.{{0,9}}fin\b") for n in range(200)]
    text = "début " + " ".join(f"mot{n}s et la fin," for n in range(0, 200, 7))
    alone = {entry.key for entry in entries if compile_watch([entry]).keys(text)}
    assert set(compile_watch(entries).keys(text)) == alone and len(alone) > 29
    with pytest.raises(Invalid, match="watched_patterns"):
        compile_watch([*entries, Watched("one more", pattern="x")])


def test_nothing_to_watch_finds_nothing() -> None:
    assert compile_watch([]).hits("la grève") == ()
