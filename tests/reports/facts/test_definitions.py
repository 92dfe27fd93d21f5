"""The catalogue of figures: a mistake in an entry stops the program where it is written, not where a brand reads it."""

from dataclasses import replace

import pytest
from django.core.exceptions import FieldDoesNotExist

from reports.facts.definitions import CATALOGUE, DEFINITIONS, Definition, _by_code
from reports.facts.sections import SECTIONS
from reports.facts.shapes import Unit
from reports.facts.sources import ACTS, MENTIONS

DONE = DEFINITIONS["acts.done"]


def test_every_figure_stands_in_a_section_that_is_made() -> None:
    assert list(DEFINITIONS) == [one.code for one in CATALOGUE]
    assert {one.section for one in CATALOGUE} <= set(SECTIONS)


@pytest.mark.parametrize(
    "wrong", [{"by": ("topic",)}, {"whole": False, "by": ()}, {"en": ""}, {"fr": "Actes partis"}], ids=str
)
def test_a_figure_that_could_not_be_told_is_none(wrong: dict[str, object]) -> None:
    assert replace(DONE, code="acts.other").source is ACTS
    with pytest.raises(ValueError, match=r"^acts\.done: "):
        replace(DONE, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong", [{"at": "sent"}, {"title": "name"}, {"by": {"kind": "sort"}}, {"fixed": None}], ids=str
)
def test_a_source_has_the_columns_that_it_names(wrong: dict[str, object]) -> None:
    with pytest.raises(FieldDoesNotExist):
        replace(ACTS, **wrong)  # type: ignore[arg-type]


def test_a_code_and_the_name_of_a_source_are_given_once() -> None:
    assert list(_by_code([DONE, replace(DONE, code="acts.other")])) == ["acts.done", "acts.other"]
    with pytest.raises(ValueError, match="twice"):
        _by_code([DONE, DONE])
    with pytest.raises(ValueError, match="two sources are called acts"):
        _by_code([DONE, Definition("acts.other", "done", replace(ACTS), en="One.", fr="Un.")])


def test_what_is_no_count_or_is_reckoned_is_not_counted_with_the_others() -> None:
    assert DONE.counted
    assert not replace(DONE, reckoned=True).counted
    assert not replace(DONE, unit=Unit.SHARE).counted


def test_a_row_is_told_of_each_entry_of_a_list() -> None:
    assert [MENTIONS.lists(name) for name in ("topic", "kind")] == [True, False]
