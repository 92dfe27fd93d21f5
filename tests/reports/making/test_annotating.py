"""A word of the brand goes into the file, with its name and date, before anything is let out."""

import pytest

from reports.making.access import facts_of
from reports.making.actions import annotate_report, redraw_report, remake_report
from reports.making.composing import document_of
from reports.making.models import Edition, Paper, Report
from reports.making.queries import annotations_of, edition_shared, unprinted
from reports.making.rules import ReportState
from reports.making.steps import MAKE, REDRAW
from reports.rendering.blocks import Note
from reports.sharing.actions import release_report
from tenants.errors import Conflict, Refused
from tenants.walls.scope import brand_scope
from tests.proof._paper import tree_of
from tests.reports.making.conftest import again, made, worker
from tests.world import World

WORD = "Quatre demandes ont eu une réponse de notre main."


def test_what_is_let_out_has_the_word_with_name_and_date(world: World, other: World) -> None:
    report = made(world)
    before, untouched = paper(world, report), paper(other, made(other))
    annotate_report(world.approver, report_id=report.pk, text=WORD)
    with pytest.raises(Conflict, match="report_words_unprinted"):
        release_report(world.owner, report_id=report.pk)
    assert again(world, report).state == ReportState.ANNOTATED
    world.run_outbox(REDRAW)
    after = paper(world, report)
    assert after.digest != before.digest and after.file.name != before.file.name
    with brand_scope(world.brand):
        assert unprinted(report) == []
        assert Edition.objects.filter(report=report).count() == 1
        said = " ".join(words(after))
    assert WORD in said and world.approver.name in said
    assert release_report(world.owner, report_id=report.pk).state == ReportState.RELEASED
    assert paper(other, None).digest == untouched.digest


def test_a_word_stays_with_the_figures_that_it_is_about(world: World) -> None:
    report = made(world)
    for text, number in (("Ces chiffres sont exacts.", 1), ("Ceux-ci aussi.", 2)):
        assert again(world, report).number == number
        assert beside(world, report) == ([], [])
        annotate_report(world.approver, report_id=report.pk, text=text)
        world.run_outbox(REDRAW)
        assert beside(world, report) == ([text], [text])
        remake_report(world.cm, report_id=report.pk)
        assert beside(world, report) == ([text], [text])  # until there are others, the old ones are what is read
        world.run_outbox(MAKE)
    with brand_scope(world.brand):
        assert report.annotations.count() == 2  # and nothing that the brand said is lost


def beside(world: World, report: Report) -> tuple[list[str], list[str]]:
    """What the brand said of the newest figures: beside them, and in their document."""
    report = again(world, report)
    with brand_scope(world.brand):
        edition = edition_shared(report)
        assert edition is not None
        blocks = document_of(facts_of(edition), report, edition.code).blocks
        notes = [one.text for one in blocks if isinstance(one, Note) and one.tone == "annotation"]
        return [one.text for one in annotations_of(report)], notes


def test_only_a_worker_draws_anew_and_nothing_that_is_out(world: World) -> None:
    report = made(world)
    with pytest.raises(Refused):
        redraw_report(world.owner, report_id=report.pk)
    release_report(world.owner, report_id=report.pk)
    before = paper(world, report)
    redraw_report(worker(world), report_id=report.pk)
    assert paper(world, report).digest == before.digest


def paper(world: World, report: Report | None) -> Paper:
    with brand_scope(world.brand):
        found = edition_shared(report or Report.objects.get())
        assert found is not None
        return found.paper


def words(one: Paper) -> list[str]:
    """The text of every letter, by what each glyph means."""
    with one.file.open() as held:
        return [element.text for element in tree_of(held.read()).all("P")]
