"""Each kind of report in both languages: what stands in it, what is left out and counted, and the same in a letter."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import pytest
from django.utils.translation import override

from reports.facts.canonical import canonical, data_of, facts_from
from reports.facts.sections import KINDS as FACT_KINDS
from reports.facts.sections import SECTIONS as FACT_SECTIONS
from reports.facts.shapes import Figure, Listing, Row, Section, Unit
from reports.kinds import words
from reports.kinds.composing import document_of
from reports.kinds.summary import opening, summary_of
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
    assert told[1] == "No act went out, nobody wrote, nothing was found."
    assert told[2].startswith("Nothing in this period: What was done, What people talked about, ")
    assert _headings(document) == ["Where the log stood"]
    assert not [one for one in document.blocks if isinstance(one, Chart | Table | Tiles)]


def test_what_is_kept_is_said_to_be_kept_and_not_to_be_nothing() -> None:
    sections = (
        Section("done", (figure("acts.done", 0, 0),)),
        Section("reads", (replace(figure("reads.noted", None), withheld=4),)),
    )
    document = document_of(examples.facts_of("audit", *sections, withheld=4), "en")
    told = [one.text for one in document.blocks if isinstance(one, Paragraph)]
    assert "Nothing in this period: What was done." in told
    assert "Who saw what is confidential" in _headings(document)
    assert "All there is to tell here is kept more strictly than this report." in told
    assert not any(text.startswith("A quiet period") for text in told)
    assert not [one for one in document.blocks if isinstance(one, Tiles | Table)]


@pytest.mark.parametrize(
    ("found", "lead"),
    [
        ((figure("acts.done", 0, 0), figure("words.veto", 3, 0)), "Vetoes: 3, +3 (before: 0)."),
        ((figure("acts.done", 0, 5), figure("words.veto", 0, 0)), "Acts in the brand’s name: 0, \u22125 (before: 5)."),
        ((figure("acts.done", 0, 0), figure("acts.basis", 2, 0, basis="level")), ""),
        ((figure("acts.done", 0, 0), figure("words.veto", 0, 0)), "A quiet period: nothing to count."),
        ((figure("acts.done", None),), ""),
    ],
)
def test_a_period_is_quiet_when_nothing_is_in_it_and_told_by_what_is(found: tuple[Figure, ...], lead: str) -> None:
    with override("en"):
        assert opening(examples.facts_of("weekly", Section("done", found)), "en") == lead


def test_goals_that_all_are_missed_are_told() -> None:
    goals = Section("goals", (figure("acts.done", 0, 0, goal=12),))
    document = document_of(examples.facts_of("monthly", goals), "en")
    assert "Goals" in _headings(document)
    (table,) = [one for one in document.blocks if isinstance(one, Table)]
    assert table.rows == (("Acts in the brand’s name", "0", "at least 12", "missed"),)


def test_a_member_without_a_name_is_one_whoever_keeps_it() -> None:
    rows = tuple(Row("community.member", None, cells) for cells in ((1, "Awa D.", 4, 2), (2, None, 3, 2)))
    listing = Listing("members", ("place", "name", "said", "conversations"), rows, 2)
    section = Section("members", (figure("members.said", 3, 0),), listings=(listing,))
    document = document_of(examples.facts_of("weekly", section), "en")
    (table,) = [one for one in document.blocks if isinstance(one, Table)]
    assert "a member (not named here)" in table.rows[1]
    told = [one.text for one in document.blocks if isinstance(one, Paragraph)]
    assert "Members are named who agreed to it, and whose record is not kept more strictly than this report." in told


@pytest.mark.parametrize(("day", "why"), [(23, "There is nothing to count"), (20, "Nothing to compare with")])
def test_a_week_before_the_brand_came_says_so(day: int, why: str) -> None:
    facts = examples.quiet()
    late = replace(facts, brand=replace(facts.brand, began=datetime(2026, 11, day, tzinfo=UTC)))
    told = [one.text for one in document_of(late, "en").blocks if isinstance(one, Paragraph)]
    assert told[1].startswith(why) and "came here on" in told[1]


def test_days_that_somebody_chose_are_told_without_a_code() -> None:
    head = document_of(examples.chosen(), "fr").head
    assert head.facts[0][1] == "10 jours, à l’heure de Europe/Paris"
    assert document_of(examples.weekly(), "fr").head.facts[0][1].startswith("2026-W47, ")


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
    assert any(one.name == "talk.topics.csv" and one.content.count(b"\r\n") == 10_001 for one in markup.attachments)
    assert "The first 25 of 10,000. All are in the attached file talk.topics.csv." in markup.html
    assert "Sujet numéro 24" in markup.html and "Sujet numéro 25" not in markup.html


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


def test_a_period_that_runs_says_so_on_paper_and_in_the_letter() -> None:
    whole = examples.weekly()
    running = replace(whole, period=whole.period.told_at(datetime(2026, 11, 18, 9, 30, tzinfo=UTC)))
    words = (
        "This period still runs: figures until 18\u00a0Nov\u00a02026,\u00a010:30, compared with the same stretch of the "
        "period before."
    )
    notes = [one.text for one in document_of(running, "en").blocks if isinstance(one, Note)]
    assert words in notes and words in summary_of(running, "en").text
    told = [one.text for one in document_of(whole, "en").blocks if isinstance(one, Note)]
    assert not any("still runs" in text for text in told) and "still runs" not in summary_of(whole, "en").text


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


def test_where_the_log_stood_when_the_period_ended_stands_beside_where_it_stood_when_this_was_made() -> None:
    facts = replace(examples.audit(), closing=None)
    assert facts.checkpoint is not None
    closing = replace(facts, closing=replace(facts.checkpoint, size=47_000))
    assert facts_from(data_of(closing)) == closing and "closing" not in data_of(facts)
    (_, then, now), (_, alone) = (_log_of(document_of(one, "en")) for one in (closing, facts))
    assert then.startswith("At the end of the period: 47,000 lines") and now.startswith("When this was made: 48,211")
    assert alone.startswith("48,211 lines")


def _log_of(document: Document) -> list[str]:
    at = next(at for at, one in enumerate(document.blocks) if isinstance(one, Heading) and "log stood" in one.text)
    return [one.text for one in document.blocks[at:] if isinstance(one, Heading | Paragraph)]
