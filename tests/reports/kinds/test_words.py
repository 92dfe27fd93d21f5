"""Every value that a figure may be told apart by has a word; a name of the brand's is said for what it names alone."""

import pytest
from django.utils.translation import override

from clients.audit.models import SEEN
from clients.autonomy.vocabulary import ActionKind, Basis
from clients.custody.rules import Medium
from clients.disclosure.rules import Way
from clients.gate.words import DispatchState
from clients.insights.rules import Decision
from clients.mentions.rules import MentionKind
from clients.service.rules import Band
from clients.sources.registry import KINDS
from reports.facts.shapes import Listing, Row
from reports.kinds.listing import shown
from reports.kinds.reading import Reading
from reports.kinds.words import CODES, VALUES, value_word
from tenants.vocabulary import Side

VOCABULARIES: dict[str, tuple[str, ...]] = {
    "kind": (*ActionKind, *MentionKind),
    "medium": (*KINDS, *Medium),
    "decision": tuple(Decision),
    "basis": tuple(Basis),
    "band": tuple(Band),
    "side": (*Side, "house"),
    "way": tuple(Way),
    "state": (DispatchState.FAILED, DispatchState.UNCERTAIN),
    "clock": ("acknowledge", "answer"),
    "act": SEEN,
    "recipient": ("person", "address", "link", "key", "network", "webhook", "operator"),
}


@pytest.mark.parametrize("dimension", VOCABULARIES)
def test_each_value_has_a_word(dimension: str) -> None:
    known = {**CODES, **VALUES.get(dimension, {})}
    assert [str(value) for value in VOCABULARIES[dimension] if str(value) not in known] == []


def test_words_of_one_dimension_come_before_those_of_all() -> None:
    with override("fr"):
        assert value_word("decision", "done", {}) == "fait"
        assert value_word("medium", "hand", {}) == "noté à la main"
        assert value_word("language", "de", {}) == "Allemand"


def test_a_number_is_no_entry_of_the_watch_list() -> None:
    names = {"1": "Nous"}
    assert value_word("topic", "1", names) == "Nous"
    assert "Nous" not in value_word("level", "1", names)
    rows = (Row("community.member", None, (1, "1", 1, 1)),)
    listing = Listing("members", ("place", "name", "said", "conversations"), rows, 1)
    [table] = shown("members", listing, Reading("fr", "UTC", names))
    assert "Nous" not in str(table)


def test_a_rule_of_the_charter_is_called_by_what_it_covers() -> None:
    with override("fr"):
        assert value_word("rule", "c1|answer|routine", {"c1": "Facebook"}) == "Facebook, réponse, courant"
        assert value_word("rule", "||crisis", {}) == "tout canal, tout acte, crise"
        assert value_word("rule", "", {}) == "aucun"
