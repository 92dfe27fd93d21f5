"""The look is part of what is frozen: a report wears the one it was made with, however often it is drawn."""

from io import BytesIO

import pikepdf
from django.utils.translation import override

from clients.audit.models import Entry
from portal.brand.paper import paper
from reports.looks.actions import set_look
from reports.looks.queries import look_in_force, worn
from reports.looks.rules import Wanted
from reports.making.access import bytes_of_paper, facts_of
from reports.making.actions import annotate_report, redraw_report, remake_report
from reports.making.actions.drawing import make_report
from reports.making.composing import document_of, preview_of
from reports.making.models import Edition, Paper, Report
from reports.making.rules import ReportKind, ReportState
from reports.rendering.blocks import Document, Head, Paragraph
from reports.rendering.look import HOUSE
from tenants.walls.scope import brand_scope
from tests.reports.making.conftest import WEEK, made, worker
from tests.world import World

MARK = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><path d="M0 0h9v3H0z" fill="#2c7a4b"/></svg>'
GREEN, BROWN = Wanted("#2c7a4b", "#8a4b12", "A field", MARK), Wanted("#8a4b12", "#2c7a4b", "", b"")


def newest(world: World, report: Report) -> Edition:
    with brand_scope(world.brand):
        return Edition.objects.filter(report=report).order_by("-number").select_related("look", "paper").first()


def composed(world: World, edition: Edition) -> Document:
    with brand_scope(world.brand):
        return document_of(facts_of(edition), edition)


def test_a_report_wears_the_look_it_was_made_with(world: World, other: World) -> None:
    plain, theirs = made(world), made(other)
    set_look(world.owner, wanted=GREEN)
    green = made(world)
    set_look(world.owner, wanted=BROWN)
    looks = [composed(world, newest(world, report)).look for report in (plain, green)]
    assert [(one.colour, one.logo is None) for one in looks] == [(HOUSE, True), ("#2c7a4b", False)]
    assert looks[1].alternative == "A field"
    assert composed(other, newest(other, theirs)).look.colour == HOUSE
    with brand_scope(other.brand):
        assert look_in_force() is None


def test_the_same_facts_in_the_same_look_give_the_same_bytes_whatever_came_since(world: World) -> None:
    set_look(world.owner, wanted=GREEN)
    report = made(world)
    with brand_scope(world.brand):
        content = bytes_of_paper(newest(world, report))
        Paper.objects.all().delete()
        Report.objects.update(state=ReportState.MAKING)
    set_look(world.owner, wanted=BROWN)
    make_report(worker(world), report_id=report.pk)
    with brand_scope(world.brand):
        assert bytes_of_paper(newest(world, report)) == content
    assert b"A field" in b"".join(_alternatives(content))


def test_a_word_of_the_brand_changes_no_look_and_figures_made_anew_wear_the_new_one(world: World) -> None:
    set_look(world.owner, wanted=GREEN)
    report = made(world)
    set_look(world.owner, wanted=BROWN)
    annotate_report(world.owner, report_id=report.pk, text="Bravo.")
    redraw_report(worker(world), report_id=report.pk)
    with brand_scope(world.brand):
        assert b"A field" in b"".join(_alternatives(bytes_of_paper(newest(world, report))))
    again = made(world)
    remake_report(world.cm, report_id=again.pk)
    make_report(worker(world), report_id=again.pk)
    assert composed(world, newest(world, again)).look.colour == BROWN.colour


def test_previews_and_other_papers_wear_the_newest(world: World) -> None:
    set_look(world.owner, wanted=GREEN)
    with brand_scope(world.brand):
        shown, _facts = preview_of(world.owner, ReportKind.WEEKLY, WEEK, (), "en")
        assert shown.look == worn(look_in_force(), world.brand.name)
    assert shown.look.colour == GREEN.colour
    with override("en"):
        content = paper(world.brand, Head("Press review", "Press review"), "Foot", (Paragraph("Words."),))
    assert b"A field" in b"".join(_alternatives(content))


def test_the_line_in_the_log_says_colours_and_a_digest(world: World) -> None:
    set_look(world.owner, wanted=GREEN)
    with brand_scope(world.brand):
        line = Entry.objects.get(verb="look.set")
    assert set(line.facts) >= {"colour", "second", "mark"}
    assert "A field" not in str(line.facts)
    assert len(line.facts["mark"]) == 64


def _alternatives(content: bytes) -> list[bytes]:
    with pikepdf.open(BytesIO(content)) as pdf:
        found = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
        return [str(one.Alt).encode() for one in found]
