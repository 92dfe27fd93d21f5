"""A letter to somebody of the brand about a report that waits for them: whether it still goes, that it leaves, that it arrived.

Silence counts from the first that arrived and said so (promise 5), as an item's veto window does: `clients.gate.actions.notices`.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from clients.audit.actions import record
from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.people.access import require_process
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from reports.making.models import Report, ReportNotice
from reports.making.rules import NOTICED_IN, WAITING, NoticeKind, NoticeState
from reports.making.steps import date_release, mark_notice
from reports.sharing.rules import KIND
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side
from tenants.walls.scope import durable

POLICY = "report"
"""By whose leave: the brand is told what waits for its word."""


@dataclass(frozen=True, slots=True)
class ReadyNotice:
    """What is told, of which report, and to whom."""

    notice: ReportNotice
    report: Report
    person: BrandPerson


def ready_notice(actor: Actor, *, notice_id: UUID) -> ReadyNotice | None:
    """For a worker, before it mails; None for what waits no more, or for whoever decides no more. Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        return _ready(ReportNotice.objects.filter(pk=notice_id))


def note_notice(actor: Actor, *, ready: ReadyNotice) -> bool:
    """Asked once more when a mail server takes it, and written down as leaving; False where nothing is to leave any more."""
    require_process(actor)
    with durable(actor.brand):
        if _ready(ReportNotice.objects.filter(pk=ready.notice.pk, at=ready.notice.at)) is None:
            return False
        what = Matter(KIND, (ready.report.pk,), InfoClass.SHARED)
        to = Recipient.member(ready.person.person_id)
        disclose(actor, way=Way.MAIL, to=to, what=what, why="told", policy_name=POLICY)
        return True


def settle_notice(actor: Actor, *, ready: ReadyNotice, delivered: bool) -> None:
    """What the mail server said. The first that arrives dates the release where it said that silence releases."""
    require_process(actor)
    with durable(actor.brand):
        report = Report.objects.select_for_update().get(pk=ready.report.pk)
        notice = ReportNotice.objects.select_for_update().filter(pk=ready.notice.pk, at=ready.notice.at).first()
        if notice is None:  # it was announced anew meanwhile: this was a letter about something else
            return
        mark_notice(notice, NoticeState.DELIVERED if delivered else NoticeState.BOUNCED)
        record(actor, f"report.notice_{notice.state}", report, kind=str(notice.kind), to=str(notice.person_id))
        of_now = report.state in WAITING and report.number == notice.number and report.release_at is None
        if delivered and notice.window is not None and of_now:
            date_release(report, notice.window)


def _ready(found: QuerySet[ReportNotice]) -> ReadyNotice | None:
    notice = found.filter(state=NoticeState.QUEUED).select_related("report").first()
    if notice is None or notice.report.state not in NOTICED_IN[NoticeKind(notice.kind)]:
        return None
    report = notice.report
    if notice.number != (report.making if notice.kind == NoticeKind.FAILED else report.number):
        return None
    person = BrandPerson.objects.filter(live=True, side=Side.BRAND, person_id=notice.person_id).first()
    if person is None or not may(Role(person.role), Verb.REPORT_RELEASE):
        return None
    return ReadyNotice(notice, report, person)
