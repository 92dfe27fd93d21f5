"""Whoever has drafted a report puts it before the brand, with a note; those who may let it out are told by letter."""

from uuid import UUID

from django.utils import timezone

from clients.outbox.actions import cancel, enqueue
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.queries import people_of_side
from clients.people.rules import Verb, may
from reports.making.access import access_report
from reports.making.models import Report
from reports.making.rules import LONGEST_WORDS, Step, checked_words
from reports.making.steps import PROPOSED, move
from tenants.vocabulary import Role, Side
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
        for person in people_of_side(Side.BRAND):
            if may(Role(person.role), Verb.REPORT_RELEASE) and person.person_id != actor.person_id:
                key = f"{report.pk}:{person.person_id}"
                cancel(PROPOSED, key=key)  # of an earlier proposal, which nobody has to read any more
                enqueue(PROPOSED, {"report": str(report.pk), "person": str(person.person_id)}, key=key)
        return report
