"""Each kind of report in both languages: what stands in it, what is left out and counted, and the same in a letter."""

from dataclasses import replace
from typing import Literal

import pytest

from reports.facts.canonical import canonical
from reports.facts.sections import KINDS as FACT_KINDS
from reports.facts.sections import SECTIONS as FACT_SECTIONS
from reports.facts.shapes import Unit
from reports.kinds import words
from reports.kinds.composing import document_of
from reports.kinds.summary import summary_of
from reports.kinds.values import change_text, tile_of, value_text
from reports.rendering.blocks import Chart, Document, Heading, Note, Paragraph, Picture, Pictures, Table, Tiles
from reports.rendering.markup import markup_of
from tests.reports.kinds import examples
from tests.reports.kinds.examples import figure

Lang = Literal["en", "fr"]
BOTH: tuple[Lang, ...] = ("en", "fr")


def _headings(document: Document) -> list[str]:
    return [one.text for one in document.blocks if isinstance(one, Heading)]


def test_every_section_figure_and_kind_of_the_facts_has_words() -> None:
    from reports.facts.definitions import DEFINITIONS

    assert set(FACT_SECTIONS) <= set(words.SECTIONS)
    assert {code for code in DEFINITIONS if not code.startswith("fairness.")} <= set(words.FIGURES)
    assert set(FACT_KINDS) == set(words.KINDS)
    apart = {name for one in DEFINITIONS.values() for name in one.by}
    assert apart <= set(words.DIMENSIONS)


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("kind", sorted(examples.KINDS))
def test_every_kind_is_composed_with_its_data_in_both_languages(kind: str, language: Lang) -> None:
    facts = examples.KINDS[kind]()
    document = document_of(facts, language, examples.dress())
    assert document.language == language
    assert {one.name: one.content for one in document.attachments}["facts.json"] == canonical(facts)
    assert all(one.description for one in document.attachments)
    page = markup_of(document).html
    assert f'<html lang="{language}">' in page
    assert document == document_of(facts, language, examples.dress(pictures=examples.dress().pictures))
    if kind != "press":
        assert "javascript:" not in page


def test_french_and_english_say_the_same_in_their_own_words() -> None:
    facts = examples.weekly()
    french, english = (document_of(facts, language, examples.dress()) for language in ("fr", "en"))
    assert _headings(english)[:2] == ["What was done", "What people talked about"]
    assert _headings(french)[:2] == ["Ce qui a été fait", "Ce dont on a parlé"]
    assert english.head.subtitle == "Maison Verte, 16\u201322\u00a0November 2026"
    assert french.head.subtitle == "Maison Verte, du 16 au 22\u00a0novembre 2026"
    assert [type(one) for one in french.blocks] == [type(one) for one in english.blocks]
    assert not set(_headings(french)) & set(_headings(english))


def test_what_was_left_out_is_counted_and_what_is_whole_says_nothing() -> None:
    left = document_of(examples.weekly(), "en")
    assert "What is not in here" in _headings(left)
    assert any(isinstance(one, Paragraph) and one.text.startswith("3 rows are not shown") for one in left.blocks)
    whole = document_of(replace(examples.weekly(), withheld=0), "en")
    assert "What is not in here" not in _headings(whole)


def test_the_word_of_the_brand_stands_before_the_figures_as_it_was_written() -> None:
    document = document_of(examples.weekly(), "fr", examples.dress())
    notes = [at for at, one in enumerate(document.blocks) if isinstance(one, Note) and one.tone == "annotation"]
    assert notes and notes[0] < next(at for at, one in enumerate(document.blocks) if isinstance(one, Heading))
    note = document.blocks[notes[0]]
    assert isinstance(note, Note) and note.text.endswith("l’équipe !")
    assert note.by == "Sophie Martin, 23\u00a0nov.\u00a02026\u00a0à\u00a009:40"


def test_an_empty_week_names_its_empty_sections_in_one_line() -> None:
    document = document_of(examples.quiet(), "en", examples.dress())
    told = [one.text for one in document.blocks if isinstance(one, Paragraph)]
    assert told[0] == "A quiet period: nothing to count."
    assert told[1].startswith("Nothing in this period: What was done, What people talked about, ")
    assert _headings(document) == ["Where the log stood"]
    assert not [one for one in document.blocks if isinstance(one, Chart | Table | Tiles)]


def test_pictures_come_with_their_description_and_the_others_are_counted() -> None:
    document = document_of(examples.weekly(), "en", examples.dress())
    shown = [picture for one in document.blocks if isinstance(one, Pictures) for picture in one.pictures]
    assert [one.alternative for one in shown] == ["Le stand de fraises, un samedi matin"]
    assert all(isinstance(one, Picture) for one in shown)
    told = [one.text for one in document.blocks if isinstance(one, Paragraph)]
    assert any(text.startswith("1 picture or film is not printed") for text in told)


def test_channels_have_the_names_of_the_brand() -> None:
    page = markup_of(document_of(examples.weekly(), "en", examples.dress())).html
    assert "Facebook · Maison Verte" in page and examples.FACEBOOK not in page


def test_odd_names_and_many_rows_change_nothing_but_themselves() -> None:
    facts = examples.weekly(topics=10_000, name="M" * 300, member="ש" * 300)
    markup = markup_of(document_of(facts, "en", examples.dress()))
    assert any(one.name == "topics.csv" and one.content.count(b"\r\n") == 10_001 for one in markup.attachments)
    assert "All are in the attached file topics.csv." in markup.html


@pytest.mark.parametrize(
    ("one", "value", "change"),
    [
        (figure("acts.done", 1234, 1200), "1\u202f234", "+34 (avant\u00a0: 1\u202f200)"),
        (figure("clocks.in_time", 9500, 8684, Unit.SHARE), "95\u202f%", "+8,2\u202fpts (avant\u00a0: 86,8\u202f%)"),
        (figure("clocks.median", None, 10, Unit.WORKING), "\u2013", ""),
        (
            figure("clocks.median", 74, 92, Unit.WORKING),
            "1\u00a0h\u00a014",
            "\u221218\u00a0min (avant\u00a0: 1\u00a0h\u00a032)",
        ),
        (figure("acts.done", 3, 3), "3", "comme avant (3)"),
    ],
)
def test_figures_are_written_as_french_wants(one: object, value: str, change: str) -> None:
    from django.utils.translation import override

    from reports.facts.shapes import Figure

    assert isinstance(one, Figure)
    with override("fr"):
        assert value_text(one.value, one.unit, "fr") == value
        assert change_text(one, "fr") == change


def test_a_change_is_good_bad_or_neither() -> None:
    good, bad, neither = (
        tile_of(figure(code, 5, 3), "x", "en").good for code in ("promises.kept", "promises.broken", "acts.done")
    )
    assert (good, bad, neither) == (True, False, None)


@pytest.mark.parametrize("language", BOTH)
def test_the_letter_says_the_same_and_escapes_it(language: Lang) -> None:
    summary = summary_of(examples.weekly(name="<b>Brand"), language)
    tile = next(
        tile for one in document_of(examples.weekly(), language).blocks if isinstance(one, Tiles) for tile in one.tiles
    )
    assert f"{tile.label}{chr(160) + ':' if language == 'fr' else ':'} {tile.value}" in summary.text
    assert "<b>" not in summary.html and "&lt;b&gt;Brand" in summary.html
    assert "<b>Brand" in summary.text
    assert "http" not in summary.html
