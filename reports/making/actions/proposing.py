"""Whoever has drafted a report puts it before the brand, with a note; those who may let it out are told by letter."""

from uuid import UUID

from django.utils import timezone

from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.making.access import access_report
from reports.making.models import Report
from reports.making.rules import LONGEST_WORDS, NoticeKind, Step, checked_words
from reports.making.steps import announce, move
from tenants.walls.scope import durable


def propose_report(actor: Actor, *, report_id: UUID, note: str = "") -> Report:
    """`note`: for the brand alone; it stands in no copy.

    Raises Refused('not_allowed'), Missing('report'), Conflict('report_not_in_this_state'), Invalid('too_long', 'note').
    """
    require(actor, Verb.REPORT_DRAFT)
    words = checked_words(note, "note", LONGEST_WORDS)
    with durable(actor.brand):
        report = access_report(actor, report_id, lock=True)
        move(actor, report, Step.PROPOSE, number=report.number)
        report.note, report.proposed_name, report.proposed_at = words, actor.name, timezone.now()
        report.save(update_fields=("note", "proposed_name", "proposed_at"))
        announce(report, NoticeKind.PROPOSED, but=actor.person_id)
        return report
