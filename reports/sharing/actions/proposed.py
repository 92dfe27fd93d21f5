"""A letter to somebody of the brand about a report that was proposed to it: whether it still goes, and that it went."""

from dataclasses import dataclass
from uuid import UUID

from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from reports.making.models import Report
from reports.making.rules import ReportState
from reports.sharing.rules import KIND
from tenants.errors import Refused
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side
from tenants.walls.scope import durable

POLICY = "report"
"""By whose leave: the brand is told what waits for its word."""


@dataclass(frozen=True, slots=True)
class ReadyProposal:
    """What was proposed, and to whom it is told."""

    report: Report
    person: BrandPerson


def ready_proposal(actor: Actor, *, report_id: UUID, person_id: UUID) -> ReadyProposal | None:
    """For a worker, before it mails: written down as leaving; None for what waits no more, or for whoever decides no more.

    Raises Refused('not_allowed').
    """
    if actor.side is not None:
        raise Refused("not_allowed")
    with durable(actor.brand):
        report = Report.objects.filter(pk=report_id, state=ReportState.PROPOSED).first()
        person = BrandPerson.objects.filter(live=True, side=Side.BRAND, person_id=person_id).first()
        if report is None or person is None or not may(Role(person.role), Verb.REPORT_RELEASE):
            return None
        what = Matter(KIND, (report.pk,), InfoClass.SHARED)
        disclose(actor, way=Way.MAIL, to=Recipient.member(person_id), what=what, why="told", policy_name=POLICY)
        return ReadyProposal(report, person)
