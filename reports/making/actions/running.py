"""What a rule wants now, for a worker: one report of the last whole period, however many runs were missed."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.rules import InfoClass
from clients.outbox.actions import enqueue
from clients.people.access import require_process
from clients.people.actor import Actor
from reports.facts.periods import Period, period_of, today
from reports.making.models import Paper, Report, ReportRule
from reports.making.queries import annotated, notices_queued, papers_of_nothing, promises_of, rules, unprinted
from reports.making.rules import NOTICED_IN, SPANS, NoticeKind, ReportState, Rhythm, Step
from reports.making.steps import (
    MAKE,
    NOTICE,
    REDRAW,
    RELEASE,
    RETRY,
    RUN,
    await_release,
    begin_making,
    date_run,
    move,
    spanning,
)
from tenants.vocabulary import Side
from tenants.walls.scope import durable


def run_rule(actor: Actor, *, rule_id: UUID) -> Report | None:
    """A draft of the last whole week or month, unless there is one; and the next run is written down.

    A worker that was away for weeks makes up for them once, with the newest. Raises Refused('not_allowed').
    """
    require_process(actor)
    with durable(actor.brand):
        rule = ReportRule.objects.select_for_update().filter(pk=rule_id).first()
        now = timezone.now()
        if rule is None or rule.rhythm == Rhythm.NEVER or (rule.next_at and rule.next_at > now):
            return None
        report = _begun(actor, rule, _period(rule, actor.brand.time_zone))
        date_run(rule, actor.brand.time_zone)
        return report


def date_reports(actor: Actor) -> int:
    """For rows of the outbox that were given up, once a day: how many were written down again. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        for report in Report.objects.select_for_update().filter(release_at__isnull=False).order_by("id"):
            if not promises_of(report).exists():  # dated before anybody had to be told
                await_release(report)
        owed = list(_owed())
        for kind, row, due in owed:
            name = "rule" if kind == RUN else "notice" if kind == NOTICE else "report"
            enqueue(kind, {name: str(row.pk)}, key=str(row.pk), due_at=due)
        return len(owed)


def _owed() -> Iterator[tuple[str, Model, datetime | None]]:
    """Kind of work, what it is about, and when it is due; None for now."""
    yield from ((RUN, rule, rule.next_at) for rule in rules() if rule.next_at is not None)
    yield from ((MAKE, report, None) for report in Report.objects.filter(state=ReportState.MAKING))
    yield from ((RELEASE, report, report.release_at) for report in Report.objects.filter(release_at__isnull=False))
    failed = Report.objects.filter(state=ReportState.FAILED, retry_at__isnull=False)
    yield from ((RETRY, report, report.retry_at) for report in failed)
    yield from ((REDRAW, report, None) for report in annotated() if unprinted(report))
    queued = (one for one in notices_queued() if one.report.state in NOTICED_IN[NoticeKind(one.kind)])
    yield from ((NOTICE, notice, None) for notice in queued)


def retry_failed(actor: Actor, *, report_id: UUID) -> None:
    """Once more from the frozen facts, unless somebody has decided otherwise meanwhile. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        report = Report.objects.select_for_update().filter(pk=report_id, state=ReportState.FAILED).first()
        if report is None or report.retry_at is None or report.retry_at > timezone.now():
            return
        report.retry_at = None
        report.save(update_fields=("retry_at",))
        move(actor, report, Step.RETRY)
        begin_making(report)


def drop_papers(actor: Actor) -> int:
    """Files whose facts the brand's rule has emptied go, too: how many. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        found = list(papers_of_nothing())
        if found:
            record(actor, "report.papers_dropped", None, papers=len(found))
            for paper in found:  # first the file: a row without one is found again tomorrow, a file without a row never
                paper.file.delete(save=False)
            Paper.objects.filter(pk__in=[paper.pk for paper in found]).delete()
        return len(found)


def _begun(actor: Actor, rule: ReportRule, period: Period) -> Report | None:
    if Report.objects.filter(rule=rule, starts_on=period.start, ends_on=period.end).exists():
        record(actor, "report.run", rule, period=period.code, made=False)
        return None
    report: Report = Report.objects.create(
        **spanning(period),
        kind=rule.kind,
        language=rule.language,
        sections=rule.sections,
        info_class=InfoClass(rule.info_class),
        owner_side=Side.BRAND,
        rule=rule,
    )
    record(actor, "report.run", rule, period=period.code, made=True, report=str(report.pk))
    begin_making(report)
    return report


def _period(rule: ReportRule, zone: str) -> Period:
    return period_of(SPANS[Rhythm(rule.rhythm)], today(timezone.now(), zone), zone).before
