"""Which words are forms of one another, and that the automaton's beginnings leave none out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.matching import first_group
from clients.matching.forms import is_form, lead, stems, twins

SAME = {
    "fr": "greve greves, cheval chevaux, pollue polluees, national nationaux, heureux heureuse, acheter achetait, "
    "scandale scandales, medicament medicaments, eolienne eoliennes, licencier licencie, travailleur travailleurs, "
    "licencier licencions, licencier licencient, licencier licencierions, manger mangeons, manger mangeat, lancer lancerent, "
    "appeler appellerait, jeter jette, payer paie, payer payerons, nettoyer nettoient, ouvrier ouvrieres, tuer tuent",
    "en": "city cities, complain complaining, "
    "strike strikes, layoff layoffs, refund refunded, stop stopped, plan planning, story stories, boss bosses",
}
OTHER = {
    "fr": "port porteur, grand grandeur, general generation, organe organisation, "
    "cher chez, user usa, explorer exploration, penser pensions, licencier licence, porter portier, aller allaient, "
    "france francais, mali mal, nama name, lunda lundi",
    "en": "university universe, organ organization, cat category, news new, general generation, nama name",
}


def pairs(table: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(language, *pair.split()) for language, text in table.items() for pair in text.split(", ")]


@pytest.mark.parametrize(("language", "watched", "word"), pairs(SAME))
def test_forms_of_one_word(language: str, watched: str, word: str) -> None:
    assert is_form(word, watched, language)


@pytest.mark.parametrize(("language", "watched", "word"), pairs(OTHER))
def test_other_words(language: str, watched: str, word: str) -> None:
    assert not is_form(word, watched, language)


@given(st.from_regex(r"[a-z]{2,9}(g|c|y|el|et|i|)er", fullmatch=True))
def test_every_form_of_a_verb_begins_as_the_automaton_looks_for_it(verb: str) -> None:
    if first_group.is_first_group(verb):
        assert all(form.startswith(lead(verb, "fr")) and is_form(form, verb, "fr") for form in first_group.forms(verb))


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True), st.sampled_from(("fr", "en")))
def test_a_lead_begins_its_word_and_a_word_is_a_form_of_itself(word: str, language: str) -> None:
    assert word.startswith(lead(word, language))
    assert is_form(word, word, language)
    assert stems(word, language)


def test_irregular_words_know_each_other() -> None:
    assert twins("travaux") == ("travaux", "travail") and twins("child") == ("child", "children")
    assert twins("grève") == ("grève",)
