"""Asking for a report, stopping its making, trying again, and making it anew: brand and agency alike."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.rules import InfoClass
from clients.outbox.actions import cancel
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.facts.periods import Period
from reports.making.access import access_report, leave_of, require_sections
from reports.making.composing import sections_of
from reports.making.models import Report
from reports.making.rules import (
    CLASSES,
    LONGEST_TITLE,
    LONGEST_WORDS,
    ReportState,
    Step,
    checked_kind,
    checked_period,
    checked_sections,
    checked_words,
    fitting,
)
from reports.making.steps import MAKE, begin_making, forget_failures, move, next_making, spanning, undate_release
from tenants.errors import Invalid, Refused
from tenants.walls.scope import durable


def ask_report(
    actor: Actor,
    *,
    kind: str,
    period: Period,
    language: str = "",
    sections: Collection[str] = (),
    info_class: str = InfoClass.SHARED,
    title: str = "",
    words: str = "",
) -> Report:
    """A draft of one period, made by a worker. `sections`: codes, none for all. What an agency drafts both sides may read.

    Raises Refused('not_allowed' | 'wrong_side'), Invalid('unknown_report' | 'unknown_language' | 'unknown_section' |
    'unknown_class' | 'too_long' | 'period_does_not_fit' | 'period_not_begun' | 'period_too_early', field).
    """
    require(actor, Verb.REPORT_DRAFT)
    facts = _written(actor, kind, language or actor.brand.language, sections) | {
        "title": checked_words(title, "title", LONGEST_TITLE),
        "words": checked_words(words, "words", LONGEST_WORDS),
        "info_class": _class(actor, info_class),
    }
    spanned = spanning(checked_period(fitting(facts["kind"], period), timezone.now()))
    with durable(actor.brand):
        report: Report = Report.objects.create(
            **facts,
            **spanned,
            owner_side=str(actor.side),
            asked_by=actor.somebody,
            asked_name=actor.name,
        )
        record(actor, "report.asked", report, kind=report.kind, period=period.code, info_class=report.info_class)
        begin_making(report)
        return report


def _written(actor: Actor, kind: str, language: str, sections: Collection[str]) -> dict[str, Any]:
    """What it is to be. Raises Refused('not_allowed'), Invalid('unknown_report' | 'unknown_language' | 'unknown_section')."""
    found = checked_kind(kind, language)
    chosen = checked_sections(sections, sections_of(found)) if sections else []
    require_sections(actor, found, chosen)
    return {"kind": str(found), "language": language, "sections": chosen}


def _class(actor: Actor, info_class: str) -> str:
    """Who may know of it. Raises Invalid('unknown_class', 'class'), Refused('wrong_side')."""
    if info_class not in CLASSES:
        raise Invalid("unknown_class", "class")
    if info_class == InfoClass.BRAND and not actor.is_brand:
        raise Refused("wrong_side", side="brand")
    return str(info_class)


def cancel_report(actor: Actor, *, report_id: UUID) -> Report:
    """It is not wanted: a worker that draws it stops. Raises Refused('not_allowed'), Missing('report'),
    Conflict('report_not_in_this_state')."""
    require(actor, Verb.REPORT_DRAFT)
    with durable(actor.brand):
        report = access_report(actor, report_id, lock=True)
        _take(actor, report, Step.CANCEL)
        cancel(MAKE, key=str(report.pk))
        forget_failures(report)
        undate_release(report)
        return report


def retry_report(actor: Actor, *, report_id: UUID) -> Report:
    """Once more: after a failure from the facts that are frozen already, after a cancel with new ones. Raises as above."""
    require(actor, Verb.REPORT_DRAFT)
    with durable(actor.brand):
        report = access_report(actor, report_id, lock=True)
        anew = report.state == ReportState.CANCELLED
        _take(actor, report, Step.RETRY)
        return _again(report, anew=anew)


def remake_report(actor: Actor, *, report_id: UUID) -> Report:
    """With the facts of now, before the brand lets it out. Raises as above."""
    require(actor, Verb.REPORT_DRAFT)
    with durable(actor.brand):
        report = access_report(actor, report_id, lock=True)
        _take(actor, report, Step.REMAKE)
        undate_release(report)
        return _again(report, anew=True)


def _take(actor: Actor, report: Report, step: Step) -> None:
    """Raises Refused('not_allowed') also for what is the brand's to change: its word stands on it, or its rule made it."""
    require(actor, leave_of(report, step))
    move(actor, report, step)


def _again(report: Report, *, anew: bool) -> Report:
    if anew:
        next_making(report)
    else:
        forget_failures(report)
    begin_making(report)
    return report
