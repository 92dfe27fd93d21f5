"""The word diff spells both texts, whatever they are."""

from hypothesis import given
from hypothesis import strategies as st

from portal.diffing import LONGEST, Part, word_diff

TEXTS = st.text(alphabet="ab \n’é", max_size=60)


@given(TEXTS, TEXTS)
def test_spells_old_and_new(old: str, new: str) -> None:
    parts = word_diff(old, new)
    assert "".join(p.text for p in parts if p.sign != "new") == old
    assert "".join(p.text for p in parts if p.sign != "gone") == new


def test_changes_whole_words() -> None:
    assert word_diff("un panier de pommes", "un panier de poires") == [
        Part("same", "un panier de "),
        Part("gone", "pommes"),
        Part("new", "poires"),
    ]


def test_a_huge_text_is_replaced_as_a_whole() -> None:
    assert [p.sign for p in word_diff("a " * LONGEST, "b")] == ["gone", "new"]
