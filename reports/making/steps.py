"""What several actions do to a report in their open transaction, with its row locked."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.briefings.queries import calendar_in_force
from clients.channels.vault import seal
from clients.outbox.actions import cancel, enqueue
from clients.people.actor import Actor
from reports.facts.periods import Period
from reports.making.models import Edition, Report, ReportProgress, ReportRule, SealKey
from reports.making.queries import rule_of
from reports.making.rules import WAITING, Phase, ReportState, Step, after
from reports.making.sealing import SECRET, newest_key, opened
from reports.rendering.sealing_keys import SigningKey, made_key
from tenants.errors import Conflict
from tenants.ids import uuid7

MAKE, REDRAW, RELEASE, RUN = "reports.make", "reports.redraw", "reports.release", "reports.run"
"""Kinds of outbox rows: draw one report; put the brand's word into its file; release it, since nobody objected; run a rule."""
PROPOSED = "reports.proposed"
"""One who may let it out is told that it was proposed; payload {"report": "<id>", "person": "<id>"}. The portal mails it."""


def move(actor: Actor, report: Report, step: Step, **facts: Any) -> None:
    """Along the table, with its line. Conflict('report_not_in_this_state')."""
    now = after(ReportState(report.state), step)
    if now is None:
        raise Conflict("report_not_in_this_state", state=str(report.state))
    record(actor, f"report.{step}", report, was=str(report.state), now=str(now), **facts)
    report.state, report.state_since = now, timezone.now()
    report.save(update_fields=("state", "state_since"))


def spanning(period: Period) -> dict[str, Any]:
    """A period as a report's columns."""
    return {"period_kind": period.kind, "starts_on": period.start, "ends_on": period.end, "zone": period.zone}


def begin_making(report: Report) -> None:
    """Ask the outbox for it, and show that it waits."""
    show_phase(report.pk, Phase.WAITING)
    enqueue(MAKE, {"report": str(report.pk)}, key=str(report.pk))


def next_making(report: Report) -> None:
    """From here on with other facts: what was frozen before stays as it is, and nobody has proposed them yet."""
    last = Edition.objects.filter(report=report).order_by("-number").values_list("number", flat=True).first()
    report.making, report.error = (last or 0) + 1, ""
    report.note, report.proposed_name, report.proposed_at = "", "", None
    report.save(update_fields=("making", "error", "note", "proposed_name", "proposed_at"))


def show_phase(report_id: UUID, phase: Phase) -> None:
    ReportProgress.objects.update_or_create(report_id=report_id, defaults={"phase": phase, "at": timezone.now()})


def date_release(report: Report) -> None:
    """By the brand's rule it goes out when the window is over, in the hours in which the brand is at work."""
    rule = rule_of(report.kind) if report.rule_id else None  # asked again: it may have changed since the row was read
    report.release_at = None
    if rule is not None and rule.silence_releases and report.state in WAITING:
        now = timezone.now()
        report.release_at = calendar_in_force(now).after(now, timedelta(hours=rule.window))
        enqueue(RELEASE, {"report": str(report.pk)}, key=str(report.pk), due_at=report.release_at)
    else:
        cancel(RELEASE, key=str(report.pk))
    report.save(update_fields=("release_at",))


def undate_release(report: Report) -> None:
    """It does not go out by itself any more."""
    cancel(RELEASE, key=str(report.pk))
    report.release_at = None
    report.save(update_fields=("release_at",))


def follow_rule(rule: ReportRule, *, anew: bool) -> None:
    """What waits by this rule obeys it as it is now: it stays, or where `anew` its window begins again.

    One that is just being made is waited for: it is dated by the rule that it read.
    """
    reports = Report.objects.select_for_update().filter(rule=rule, state__in=WAITING | {ReportState.MAKING})
    for report in reports.order_by("id"):
        if report.release_at is None:
            continue
        if anew or not rule.silence_releases:
            date_release(report)


def note_release(actor: Actor, report: Report) -> None:
    """It is out, by this person's word or by the brand's rule."""
    move(actor, report, Step.RELEASE, number=report.number)
    cancel(RELEASE, key=str(report.pk))
    report.released_at, report.released_by, report.release_at = timezone.now(), actor.person_id, None
    report.save(update_fields=("released_at", "released_by", "release_at"))


def date_run(rule: ReportRule, due: datetime | None) -> None:
    """The next run of a rule, in the one table of what is due."""
    rule.next_at = due
    rule.save(update_fields=("next_at",))
    if due is None:
        cancel(RUN, key=str(rule.pk))
    else:
        enqueue(RUN, {"rule": str(rule.pk)}, key=str(rule.pk), due_at=due)


def ensure_key(actor: Actor, *, anew: bool = False) -> SigningKey:
    """The key that signs now; a new one where there is none, where the last does not open any more, or where `anew`."""
    last = newest_key()
    if last is not None and not anew:
        with suppress(Conflict):
            return opened(last)
    made, key_id = made_key(actor.brand.name, timezone.now()), uuid7()
    sealed = seal({SECRET: made.key.decode()}, brand_id=actor.brand.id, channel_id=key_id)
    number = last.number + 1 if last is not None else 1
    key = SealKey.objects.create(
        pk=key_id, number=number, name=made.name, certificate=made.certificate.decode(), secret=sealed
    )
    record(actor, "report.key_made", key, number=number, name=made.name)
    return made
