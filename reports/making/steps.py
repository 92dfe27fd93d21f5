"""What several actions do to a report in their open transaction, with its row locked."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.briefings.queries import calendar_in_force
from clients.channels.vault import seal
from clients.outbox.actions import cancel, enqueue
from clients.people.actor import Actor
from clients.people.queries import people_of_side
from clients.people.rules import Verb, may
from reports.facts.periods import Period
from reports.making.models import Edition, Report, ReportNotice, ReportProgress, ReportRule, SealKey
from reports.making.queries import promises_of, rule_of
from reports.making.rules import (
    WAITING,
    NoticeKind,
    NoticeState,
    Phase,
    ReportState,
    Rhythm,
    Step,
    after,
    due_after,
    next_try,
)
from reports.making.sealing import SECRET, good_until, newest_key, opened
from reports.rendering.sealing_keys import SigningKey, made_key
from tenants.errors import Conflict
from tenants.ids import uuid7
from tenants.vocabulary import Role, Side

MAKE, REDRAW, RELEASE, RUN = "reports.make", "reports.redraw", "reports.release", "reports.run"
"""Kinds of outbox rows: draw one report; put the brand's word into its file; release it, since nobody objected; run a rule."""
RETRY = "reports.retry"
"""Make it once more, since what stood in the way may be gone."""
NOTICE = "reports.notice"
"""One who may let it out is told; payload {"notice": "<id>"}. The portal mails it, `sharing.actions` says what became of it."""


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
    report.making = (last or 0) + 1
    report.note, report.proposed_name, report.proposed_at = "", "", None
    report.save(update_fields=("making", "note", "proposed_name", "proposed_at"))
    forget_failures(report)


def forget_failures(report: Report) -> None:
    """It was made, or somebody tries anew: failures are counted from here."""
    cancel(RETRY, key=str(report.pk))
    report.error, report.tries, report.retry_at = "", 0, None
    report.save(update_fields=("error", "tries", "retry_at"))


def note_failure(report: Report, code: str) -> None:
    """Tried again by itself where the cause may pass; where not, or not any more, those are told whose rule wanted it."""
    report.error, report.tries = code[:40], report.tries + 1
    report.retry_at = next_try(timezone.now(), code, report.tries)
    report.save(update_fields=("error", "tries", "retry_at"))
    if report.retry_at is not None:
        enqueue(RETRY, {"report": str(report.pk)}, key=str(report.pk), due_at=report.retry_at)
    elif report.rule_id is not None:
        announce(report, NoticeKind.FAILED)


def announce(report: Report, kind: NoticeKind, *, window: int | None = None, but: UUID | None = None) -> None:
    """Each of the brand who may release it is written to, `but` for one. `window`: after which silence lets it out.

    An earlier letter of the same kind is not written any more, and what became of it counts for nothing.
    """
    number = report.making if kind is NoticeKind.FAILED else report.number
    values: dict[str, Any] = {"window": window, "state": NoticeState.QUEUED, "at": timezone.now()}
    for person in people_of_side(Side.BRAND):
        if not may(Role(person.role), Verb.REPORT_RELEASE) or person.person_id == but:
            continue
        which: dict[str, Any] = {"report": report, "number": number, "kind": kind, "person_id": person.person_id}
        notice, _ = ReportNotice.objects.update_or_create(**which, defaults=values)
        cancel(NOTICE, key=str(notice.pk))
        enqueue(NOTICE, {"notice": str(notice.pk)}, key=str(notice.pk))


def show_phase(report_id: UUID, phase: Phase, *, pages: int = 0) -> None:
    values = {"phase": phase, "pages": pages, "at": timezone.now()}
    ReportProgress.objects.update_or_create(report_id=report_id, defaults=values)


def mark_notice(report_notice: ReportNotice, state: NoticeState) -> None:
    report_notice.state = state
    report_notice.save(update_fields=("state",))


def await_release(report: Report) -> None:
    """What the brand's rule has made waits for its word; those who may give it are told, and whether silence lets it out."""
    undate_release(report)
    if report.rule_id is not None and report.state in WAITING:
        rule = rule_of(report.kind)  # asked again: it may have changed since the row was read
        announce(report, NoticeKind.READY, window=rule.window if rule and rule.silence_releases else None)


def date_release(report: Report, window: int) -> None:
    """A notice has arrived: it goes out when so many hours are over in which the brand is at work."""
    now = timezone.now()
    report.release_at = calendar_in_force(now).after(now, timedelta(hours=window))
    report.save(update_fields=("release_at",))
    enqueue(RELEASE, {"report": str(report.pk)}, key=str(report.pk), due_at=report.release_at)


def undate_release(report: Report) -> None:
    """It does not go out by itself any more: not by a letter that is still on its way either."""
    cancel(RELEASE, key=str(report.pk))
    promises_of(report).update(window=None)
    report.release_at = None
    report.save(update_fields=("release_at",))


def follow_rule(rule: ReportRule, *, anew: bool) -> None:
    """What waits by this rule obeys it as it is now: it stays, or where `anew` its window is announced again.

    One that is just being made is waited for: it is announced by the rule that it read.
    """
    reports = Report.objects.select_for_update().filter(rule=rule, state__in=WAITING | {ReportState.MAKING})
    for report in reports.order_by("id"):
        if not promises_of(report).exists():
            continue
        if not rule.silence_releases:
            undate_release(report)
        elif anew:
            await_release(report)


def note_release(actor: Actor, report: Report) -> None:
    """It is out, by this person's word or by the brand's rule."""
    move(actor, report, Step.RELEASE, number=report.number)
    cancel(RELEASE, key=str(report.pk))
    report.released_at, report.released_by, report.release_at = timezone.now(), actor.person_id, None
    report.save(update_fields=("released_at", "released_by", "release_at"))


def date_run(rule: ReportRule, zone: str) -> None:
    """The next run of a rule on the clocks of `zone`, in the one table of what is due."""
    due = due_after(timezone.now(), Rhythm(rule.rhythm), rule.at, rule.weekday, rule.day, zone)
    rule.next_at = due
    rule.save(update_fields=("next_at",))
    if due is None:
        cancel(RUN, key=str(rule.pk))
    else:
        enqueue(RUN, {"rule": str(rule.pk)}, key=str(rule.pk), due_at=due)


def ensure_key(actor: Actor, *, anew: bool = False) -> SigningKey:
    """The key that signs now; a new one where there is none, where the last does not open any more or has run out, or where
    `anew`."""
    last = newest_key()
    if last is not None and not anew and good_until(last) > timezone.now():
        with suppress(Conflict):
            return opened(last)
    made = made_key(actor.brand.name, timezone.now())
    keep_key(actor, made, brought=False)
    return made


def keep_key(actor: Actor, made: SigningKey, *, brought: bool) -> SealKey:
    """It signs from now on; its secret is encrypted, bound to its row and brand."""
    last, key_id = newest_key(), uuid7()
    key: SealKey = SealKey.objects.create(
        pk=key_id,
        number=last.number + 1 if last is not None else 1,
        name=made.name,
        certificate=made.certificate.decode(),
        chain=b"".join(made.chain).decode(),
        brought=brought,
        secret=seal({SECRET: made.key.decode()}, brand_id=actor.brand.id, channel_id=key_id),
    )
    record(actor, "report.key_brought" if brought else "report.key_made", key, number=key.number, name=key.name)
    return key
