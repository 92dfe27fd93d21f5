"""The brand lets a report out, or its rule does because nobody objected; takes it back; and somebody here takes it home."""

from uuid import UUID

from django.utils import timezone

from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.people.access import require, require_process
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.making.access import access_report
from reports.making.models import Report
from reports.making.queries import release_due, unprinted
from reports.making.rules import Delivery, ReportState, Step
from reports.making.steps import move, note_release
from reports.sharing.rules import KIND, is_signed
from reports.sharing.steps import add_readers, close_shares, write_letters
from tenants.errors import Conflict
from tenants.walls.scope import durable


def release_report(actor: Actor, *, report_id: UUID) -> Report:
    """Out, and to its readers by letter. From now on it changes no more.

    Raises Refused('not_allowed'), Missing('report'), Conflict('report_not_in_this_state' | 'report_words_unprinted').
    """
    require(actor, Verb.REPORT_RELEASE)
    with durable(actor.brand):
        report = access_report(actor, report_id, lock=True)
        _release(actor, report)
        return report


def release_due_report(actor: Actor, *, report_id: UUID) -> Report | None:
    """For a worker: by the brand's rule, when its window is over and nobody has held it. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        report = Report.objects.select_for_update().filter(pk=report_id).first()
        if report is None or not release_due(report, timezone.now()):
            return None
        _release(actor, report)
        return report


def withdraw_report(actor: Actor, *, report_id: UUID) -> int:
    """It holds no more: its links are closed, letters stay where they are. How many links were. Raises as `release_report`."""
    require(actor, Verb.REPORT_RELEASE)
    with durable(actor.brand):
        report = access_report(actor, report_id, lock=True)
        move(actor, report, Step.WITHDRAW)
        return close_shares(actor, report)


def take_home(actor: Actor, *, report_id: UUID, info_class: str, digest: str, signed: bool = False) -> None:
    """Write down that somebody here takes the file of what they read; a signed one only of a report that is out.

    Raises Missing('report'), Refused('class_forbids'), Conflict('report_not_in_this_state').
    """
    require(actor, Verb.REPORT_READ)
    with durable(actor.brand):
        report = access_report(actor, report_id, lock=True)
        if signed and not is_signed(ReportState(report.state)):
            raise Conflict("report_not_in_this_state", state=str(report.state))
        what = Matter(KIND, (report.pk,), InfoClass(info_class), digest)
        disclose(actor, way=Way.PDF, to=Recipient.person(actor), what=what, why="downloaded")


def _release(actor: Actor, report: Report) -> None:
    """Conflict('report_words_unprinted') until the brand's last word stands in the file: what is out changes no more."""
    if unprinted(report):
        raise Conflict("report_words_unprinted")
    note_release(actor, report)
    rule = report.rule
    if rule is not None:
        people = [UUID(one) for one in rule.readers]
        outside = rule.addresses if rule.outside_allowed else []
        add_readers(report, people, outside, way=Delivery(rule.delivery), by=rule.set_by)
    write_letters(report)
