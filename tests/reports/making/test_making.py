"""A report from its asking to its file: frozen once, the same bytes, no half of one, and stopped when nobody wants it."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.storage import Storage

from clients.audit.models import Entry
from clients.people.rules import MAY, Verb
from reports.facts.periods import period_named
from reports.making.access import access_edition, bytes_of_paper, facts_of
from reports.making.actions import (
    annotate_report,
    cancel_report,
    drawing,
    hold_report,
    make_report,
    remake_report,
    resume_report,
    retry_report,
)
from reports.making.composing import preview_of
from reports.making.models import Edition, Paper, Report, ReportProgress
from reports.making.rules import LIFE, PROGRESS, Phase, ReportKind, ReportState, Step, share_of
from reports.making.steps import MAKE
from reports.rendering.errors import Fault, NotDrawn
from reports.rendering.printer import Printer, Progress
from tenants.errors import Conflict, Invalid, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.reports.making.conftest import again, asked, made, said, worker
from tests.world import World


def editions(world: World, report: Report) -> list[Edition]:
    with brand_scope(world.brand):
        return list(Edition.objects.filter(report=report).select_related("paper").order_by("number", "ceiling"))


def test_the_outbox_makes_it_and_the_same_facts_give_the_same_bytes(world: World) -> None:
    report = asked(world)
    world.run_outbox(MAKE)
    done = again(world, report)
    assert (done.state, done.number, done.error) == (ReportState.DRAFT, 1, "")
    (first,) = editions(world, report)
    with brand_scope(world.brand):
        content = bytes_of_paper(first)
        Paper.objects.all().delete()
        Report.objects.update(state=ReportState.MAKING)
    assert content.startswith(b"%PDF-")
    make_report(worker(world), report_id=report.pk)
    (same,) = editions(world, report)
    with brand_scope(world.brand):
        assert bytes_of_paper(same) == content
        assert facts_of(same).period == report.period


def test_what_the_brand_keeps_is_left_out_for_both_and_counted(world: World) -> None:
    said(world.brand, "GEHEIM", info_class="brand")
    period = _now(world)
    report = made(world, period=period)
    by_ceiling = {one.ceiling: one for one in editions(world, report)}
    assert set(by_ceiling) == {"shared", "brand"}
    assert report.withheld == by_ceiling["shared"].withheld > 0
    assert by_ceiling["brand"].withheld == 0
    assert "brand" not in str(by_ceiling["shared"].info_class)


def test_a_report_of_the_brand_alone_is_not_there_for_its_agency(world: World, other: World) -> None:
    from reports.making.access import access_report
    from reports.making.queries import reports

    kept, theirs = made(world, world.owner, info_class="brand"), made(other)
    with pytest.raises(Refused):
        asked(world, info_class="brand")
    with brand_scope(world.brand):
        assert [one.pk for one in reports(world.owner)] == [kept.pk]
        assert list(reports(world.cm)) == []
        for actor, missing in ((world.cm, kept), (world.owner, theirs)):
            with pytest.raises(Exception, match="report"):
                access_report(actor, missing.pk)


def test_what_a_role_may_not_read_comes_by_no_report(world: World) -> None:
    """The log and the ledger: nobody asks for them in a report, or reads them in one, who may not read them."""
    report = made(world, world.owner, kind="audit")
    for role in (Role.APPROVER, Role.COMMUNITY_MANAGER):
        actor = world.actor(role)
        over = {"kind": "dossier", "sections": ["charter", "left"]}
        for wanted in ({"kind": "audit"}, over, {"kind": "custom", "sections": ["done", "left"]}):
            with pytest.raises(Refused, match="not_allowed"):
                asked(world, actor, **wanted)
        asked(world, actor, kind="audit", sections=["receipts"])
        with brand_scope(world.brand), pytest.raises(Refused, match="not_allowed"):
            access_edition(actor, report)
    for role in (Role.AUDITOR, Role.BRAND_OWNER):
        with brand_scope(world.brand):
            assert access_edition(world.actor(role), report) is not None


def test_whoever_takes_over_reads_the_dossier_without_what_the_log_says(world: World) -> None:
    report = made(world, world.cm, kind="dossier")
    read = {}
    for role in (Role.BRAND_OWNER, Role.APPROVER, Role.COMMUNITY_MANAGER):
        with brand_scope(world.brand):
            edition = access_edition(world.actor(role), report)
            assert edition is not None
            read[role] = {section["code"] for section in edition.facts["sections"]}
    assert {"charter", "briefing", "reads", "left", "proof", "tickets"} <= read[Role.BRAND_OWNER]
    assert read[Role.APPROVER] == read[Role.COMMUNITY_MANAGER]
    assert read[Role.BRAND_OWNER] - read[Role.APPROVER] == {"reads", "left", "proof", "tickets"}


@contextmanager
def broken(error: Exception) -> Iterator[None]:
    """Drawing, or keeping, goes wrong."""
    where: Any = patch.object(Printer, "draw", side_effect=error)
    if isinstance(error, OSError):
        where = patch.object(Storage, "save", side_effect=error)
    with where:
        yield


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotDrawn(Fault.NO_PANGO), "pdf_impossible"),
        (NotDrawn(Fault.TIME), "pdf_time"),
        (OSError(errno.ENOSPC, "full"), "disk_full"),
        (RuntimeError("?"), "making_failed"),
    ],
)
def test_what_goes_wrong_is_said_leaves_nothing_and_may_be_tried_again(
    world: World, error: Exception, code: str
) -> None:
    report, fine = asked(world), asked(world, title="Autre")
    with broken(error):
        make_report(worker(world), report_id=report.pk)
    failed = again(world, report)
    assert (failed.state, failed.error, failed.number) == (ReportState.FAILED, code, 0)
    assert not hasattr(editions(world, report)[0], "paper")
    make_report(worker(world), report_id=fine.pk)
    assert again(world, fine).state == ReportState.DRAFT
    frozen = editions(world, report)[0].digest
    retry_report(world.cm, report_id=report.pk)
    world.run_outbox(MAKE)
    assert again(world, report).state == ReportState.DRAFT
    assert [one.digest for one in editions(world, report)] == [frozen]


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(world: World) -> None:
    class Killed(BaseException):
        pass

    report = asked(world)
    with patch.object(drawing, "_keep", side_effect=Killed), pytest.raises(Killed):
        make_report(worker(world), report_id=report.pk)
    assert again(world, report).state == ReportState.MAKING
    frozen = [one.pk for one in editions(world, report)]
    make_report(worker(world), report_id=report.pk)
    assert [one.pk for one in editions(world, report)] == frozen
    assert again(world, report).state == ReportState.DRAFT
    make_report(worker(world), report_id=report.pk)
    assert again(world, report).number == 1


def test_a_cancel_is_seen_while_it_is_drawn(world: World) -> None:
    report = asked(world)

    def draw(printer: Printer, document: Any, *, cancelled: Any, **more: Any) -> Any:
        assert not cancelled()
        cancel_report(world.cm, report_id=report.pk)
        assert cancelled()
        raise NotDrawn(Fault.CANCELLED)

    with patch.object(Printer, "draw", draw):
        make_report(worker(world), report_id=report.pk)
    assert again(world, report).state == ReportState.CANCELLED
    retry_report(world.cm, report_id=report.pk)
    world.run_outbox(MAKE)
    done = again(world, report)
    assert (done.state, done.number) == (ReportState.DRAFT, 2)


def test_progress_is_told_and_ends(world: World) -> None:
    seen: list[str] = []

    def look(printer: Printer, *args: Any, **more: Any) -> Any:
        with brand_scope(world.brand):
            seen.append(ReportProgress.objects.get().phase)
        raise NotDrawn(Fault.TIME)

    report = asked(world)
    with patch.object(Printer, "draw", look):
        make_report(worker(world), report_id=report.pk)
    assert seen == ["drawing"]
    retry_report(world.cm, report_id=report.pk)
    world.run_outbox(MAKE)
    with brand_scope(world.brand):
        assert ReportProgress.objects.get().phase == "done"


def test_the_pages_that_are_laid_out_are_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int, int]] = []

    def look(printer: Printer, document: Any, *, tell: Any, **more: Any) -> Any:
        for step, page in (("words", 0), ("layout", 1), ("layout", 2), ("layout", 9), ("drawing", 0)):
            tell(Progress(step, page))
            with brand_scope(world.brand):
                now = ReportProgress.objects.get()
            seen.append((now.phase, now.pages, share_of(Phase(now.phase), now.pages)))
        raise NotDrawn(Fault.BROKEN)

    monkeypatch.setattr(drawing, "TELLS_EVERY", 0)
    with patch.object(Printer, "draw", look):
        make_report(worker(world), report_id=asked(world).pk)
    assert [pages for _, pages, _ in seen] == [0, 1, 2, 9, 9]
    shares = [share for _, _, share in seen]
    assert shares == sorted(shares) and len(set(shares)) == 4
    assert PROGRESS[Phase.DRAWING] <= shares[0] < shares[-1] < PROGRESS[Phase.KEEPING]
    assert {phase for phase, _, _ in seen} == {"drawing"}


def test_the_brand_holds_annotates_and_lets_go(world: World) -> None:
    report = made(world)
    for act, state in (
        (lambda: annotate_report(world.approver, report_id=report.pk, text="Bravo."), ReportState.ANNOTATED),
        (lambda: hold_report(world.approver, report_id=report.pk), ReportState.HELD),
        (lambda: resume_report(world.approver, report_id=report.pk), ReportState.DRAFT),
        (lambda: remake_report(world.approver, report_id=report.pk), ReportState.MAKING),
    ):
        act()
        assert again(world, report).state == state
    world.run_outbox(MAKE)
    assert again(world, report).number == 2
    hold_report(world.approver, report_id=report.pk)
    for refused in (remake_report, cancel_report):
        with pytest.raises(Conflict, match="report_not_in_this_state"):
            refused(world.cm, report_id=report.pk)


@pytest.mark.parametrize("act", [hold_report, annotate_report])
def test_only_the_brand_decides(world: World, act: Any) -> None:
    report = made(world)
    more = {"text": "Non"} if act is annotate_report else {}
    for role in Role:
        if role not in MAY[Verb.REPORT_RELEASE]:
            with pytest.raises(Refused):
                act(world.actor(role), report_id=report.pk, **more)
    with brand_scope(world.brand):
        assert not Entry.objects.filter(verb__in=("report.hold", "report.annotate")).exists()
    act(world.approver, report_id=report.pk, **more)


def test_what_is_asked_for_is_checked(world: World) -> None:
    for wrong in (
        {"kind": "daily"},
        {"language": "de"},
        {"sections": ["?"]},
        {"title": "x" * 121},
        {"info_class": "named"},
    ):
        with pytest.raises(Invalid):
            asked(world, world.owner, **wrong)


def test_the_life_is_total_and_ends() -> None:
    assert set(LIFE) == set(ReportState)
    assert {step for steps in LIFE.values() for step in steps} == set(Step)
    reached = {state for steps in LIFE.values() for state in steps.values()}
    assert reached == set(ReportState)
    assert LIFE[ReportState.WITHDRAWN] == {}


def _now(world: World) -> Any:
    from django.utils import timezone

    from reports.facts.periods import PeriodKind, period_of, today

    zone = world.brand.time_zone
    return period_of(PeriodKind.WEEK, today(timezone.now(), zone), zone)


@pytest.mark.parametrize(
    ("kind", "code", "refused"),
    [
        ("weekly", "2031-W01", "period_not_begun"),
        ("custom", "2031-01-01..2031-01-31", "period_not_begun"),
        ("weekly", "2026-Q3", "period_does_not_fit"),
        ("weekly", "2026-11-02..2026-11-08", "period_does_not_fit"),
        ("monthly", "2026-W44", "period_does_not_fit"),
        ("weekly", "2026-W44", ""),
        ("monthly", "2026-10", ""),
        ("audit", "2026-W44", ""),
        ("press", "2026-Q3", ""),
    ],
)
def test_a_report_tells_of_a_period_of_its_sort_that_has_begun(
    world: World, kind: str, code: str, refused: str
) -> None:
    period = period_named(code, world.brand.time_zone)
    if not refused:
        assert asked(world, world.owner, kind=kind, period=period).period == period
        return
    with pytest.raises(Invalid, match=refused) as raised:
        asked(world, world.owner, kind=kind, period=period)
    assert raised.value.field == "period"
    with brand_scope(world.brand), pytest.raises(Invalid, match=refused):
        preview_of(world.owner, ReportKind(kind), period, (), "fr")
