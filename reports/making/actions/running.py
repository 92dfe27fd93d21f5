"""What a rule wants now, for a worker: one report of the last whole period, however many runs were missed."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.rules import InfoClass
from clients.outbox.actions import enqueue
from clients.people.actor import Actor
from reports.facts.periods import Period, PeriodKind, period_of, today
from reports.making.models import Paper, Report, ReportRule
from reports.making.queries import papers_of_nothing, rules
from reports.making.rules import ReportState, Rhythm, due_after
from reports.making.steps import MAKE, RELEASE, RUN, begin_making, date_run, spanning
from tenants.errors import Refused
from tenants.vocabulary import Side
from tenants.walls.scope import durable

SPANS = {Rhythm.WEEKLY: PeriodKind.WEEK, Rhythm.MONTHLY: PeriodKind.MONTH}


def run_rule(actor: Actor, *, rule_id: UUID) -> Report | None:
    """A draft of the last whole week or month, unless there is one; and the next run is written down.

    A worker that was away for weeks makes up for them once, with the newest. Raises Refused('not_allowed').
    """
    _only_a_worker(actor)
    with durable(actor.brand):
        rule = ReportRule.objects.select_for_update().filter(pk=rule_id).first()
        now = timezone.now()
        if rule is None or rule.rhythm == Rhythm.NEVER or (rule.next_at and rule.next_at > now):
            return None
        report = _begun(actor, rule, _period(rule, actor.brand.time_zone))
        date_run(rule, _due(actor, rule))
        return report


def date_reports(actor: Actor) -> int:
    """For rows of the outbox that were given up, once a day: how many were written down again. Raises Refused('not_allowed')."""
    _only_a_worker(actor)
    with durable(actor.brand):
        runs = [rule for rule in rules() if rule.next_at is not None]
        for rule in runs:
            enqueue(RUN, {"rule": str(rule.pk)}, key=str(rule.pk), due_at=rule.next_at)
        making = list(Report.objects.filter(state=ReportState.MAKING))
        for report in making:
            enqueue(MAKE, {"report": str(report.pk)}, key=str(report.pk))
        waiting = list(Report.objects.filter(release_at__isnull=False))
        for report in waiting:
            enqueue(RELEASE, {"report": str(report.pk)}, key=str(report.pk), due_at=report.release_at)
        return len(runs) + len(making) + len(waiting)


def drop_papers(actor: Actor) -> int:
    """Files whose facts the brand's rule has emptied go, too: how many. Raises Refused('not_allowed')."""
    _only_a_worker(actor)
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


def _due(actor: Actor, rule: ReportRule) -> datetime | None:
    return due_after(timezone.now(), Rhythm(rule.rhythm), rule.at, rule.weekday, rule.day, actor.brand.time_zone)


def _only_a_worker(actor: Actor) -> None:
    if actor.side is not None:
        raise Refused("not_allowed")
