"""The quick way of folding gives what the way sign by sign gives, for every text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.matching.folding import Rewriting, fold, soften

SIGNS = st.sampled_from(" aéÉœŒß’€\u00ad\u200b\u0301\x00\x01\x05½²ª™🙂жаñıİŀ\u202e\u202cＡ𝗽\x81")
TEXTS = st.text() | st.text(SIGNS)


@given(TEXTS, st.sampled_from((fold, soften)))
def test_both_ways_agree(text: str, way: Rewriting) -> None:
    quick, straight = way(text)
    slow, places = way.slowly(text)
    assert quick == slow == way.plain(text)
    assert len(places) == len(slow)
    if straight:
        assert places == list(range(len(text)))


@given(TEXTS)
def test_a_folded_text_is_folded(text: str) -> None:
    once = fold(text)[0]
    assert all(sign == " " or sign.isalnum() for sign in once)
    assert once == fold(once)[0]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Été, à PARIS", "l ete  a paris"),
        ("cœur ŒUVRE ß", "coeur oeuvre ss"),
        ("Pol\u200blu\u00adtion", "pollution"),
        ("CO₂ et m²", "co2 et m2"),
        ("𝗽𝗼𝗹𝗹𝘂𝘁𝗶𝗼𝗻", "pollution"),
        ("Łódź İstanbul", "lodz istanbul"),
        ("Привет", "привет"),
        ("аррle", "apple"),
    ],
)
def test_folded(text: str, folded: str) -> None:
    assert fold(text)[0] == folded


def test_softened() -> None:
    assert soften("L’ÉCOLE coûte 5 €\n🙂 !")[0] == "l'ecole coute 5 €\n🙂 !"
