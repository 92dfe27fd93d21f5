"""A word of the brand goes into the file, with its name and date, before anything is let out."""

from typing import Any
from unittest.mock import patch

import pytest

from clients.outbox.models import OutboxRow
from reports.making.access import facts_of
from reports.making.actions import (
    annotate_report,
    cancel_report,
    date_reports,
    hold_report,
    redraw_report,
    redrawing,
    remake_report,
    resume_report,
    retry_report,
)
from reports.making.composing import document_of
from reports.making.models import Annotation, Edition, Paper, Report
from reports.making.queries import annotations_of, edition_shared, unprinted
from reports.making.rules import ReportState
from reports.making.steps import MAKE, REDRAW
from reports.rendering.blocks import Note
from reports.sharing.actions import release_report
from tenants.errors import Conflict, Refused
from tenants.walls.scope import brand_scope, durable
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
        with pytest.raises(Refused, match="not_allowed"):
            remake_report(world.cm, report_id=report.pk)
        remake_report(world.approver, report_id=report.pk)
        assert beside(world, report) == ([text], [text])  # until there are others, the old ones are what is read
        world.run_outbox(MAKE)
    with brand_scope(world.brand):
        assert report.annotations.count() == 2  # and nothing that the brand said is lost


@pytest.mark.parametrize("held_too", [False, True])
def test_whoever_drafts_does_not_take_the_word_away(world: World, held_too: bool) -> None:
    report = made(world)
    annotate_report(world.approver, report_id=report.pk, text=WORD)
    if held_too:  # a draft again, and the word stands on it
        hold_report(world.approver, report_id=report.pk)
        assert resume_report(world.approver, report_id=report.pk).state == ReportState.DRAFT
    was = again(world, report).state
    for act in (remake_report, cancel_report):
        with pytest.raises(Refused, match="not_allowed"):
            act(world.cm, report_id=report.pk)
    assert again(world, report).state == was
    cancel_report(world.owner, report_id=report.pk)
    with pytest.raises(Refused, match="not_allowed"):
        retry_report(world.cm, report_id=report.pk)
    assert retry_report(world.owner, report_id=report.pk).state == ReportState.MAKING


def test_a_word_that_comes_while_it_is_drawn_is_drawn_once_more(world: World) -> None:
    """Dated before the drawing has begun, by another machine's clock or since its transaction was slow."""
    report = made(world)
    annotate_report(world.approver, report_id=report.pk, text=WORD)
    real = redrawing.drawn_or_conflict

    def meanwhile(document: Any) -> Any:
        with durable(world.brand):
            first = Annotation.objects.get()
            Annotation.objects.create(
                report=report, text="Tard.", author_id=first.author_id, author_name="Zoé", at=first.at
            )
        return real(document)

    with patch.object(redrawing, "drawn_or_conflict", meanwhile):
        world.run_outbox(REDRAW, rounds=1)
    with pytest.raises(Conflict, match="report_words_unprinted"):
        release_report(world.owner, report_id=report.pk)
    with brand_scope(world.brand):
        assert not OutboxRow.objects.filter(kind=REDRAW, done_at=None).exists()
    date_reports(worker(world))  # once a day: what was given up is asked for again
    world.run_outbox(REDRAW)
    with brand_scope(world.brand):
        assert "Tard." in " ".join(words(paper(world, report)))
    assert release_report(world.owner, report_id=report.pk).state == ReportState.RELEASED


def beside(world: World, report: Report) -> tuple[list[str], list[str]]:
    """What the brand said of the newest figures: beside them, and in their document."""
    report = again(world, report)
    with brand_scope(world.brand):
        edition = edition_shared(report)
        assert edition is not None
        blocks = document_of(facts_of(edition), edition).blocks
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
