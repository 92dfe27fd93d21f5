"""The brand's word on a draft: hold it, let it go on, write beside it. Letting it out is `reports.sharing.actions`."""

from uuid import UUID

from clients.outbox.actions import enqueue
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.making.access import access_report
from reports.making.models import Annotation, Report
from reports.making.rules import LONGEST_WORDS, Step, checked_words
from reports.making.steps import REDRAW, await_release, move, undate_release
from tenants.errors import Invalid
from tenants.walls.scope import durable


def hold_report(actor: Actor, *, report_id: UUID) -> Report:
    """It does not go out by itself any more.

    Raises Refused('not_allowed'), Missing('report'), Conflict('report_not_in_this_state').
    """
    require(actor, Verb.REPORT_RELEASE)
    with durable(actor.brand):
        report = access_report(actor, report_id, lock=True)
        move(actor, report, Step.HOLD)
        undate_release(report)
        return report


def resume_report(actor: Actor, *, report_id: UUID) -> Report:
    """A draft again; what the brand's rule has made is announced anew. Raises as `hold_report`."""
    require(actor, Verb.REPORT_RELEASE)
    with durable(actor.brand):
        report = access_report(actor, report_id, lock=True)
        move(actor, report, Step.RESUME)
        await_release(report)
        return report


def annotate_report(actor: Actor, *, report_id: UUID, text: str) -> Annotation:
    """A word of the brand beside it, for all its readers. Raises as `hold_report`, Invalid('text_empty' | 'too_long', 'text')."""
    require(actor, Verb.REPORT_RELEASE)
    words = checked_words(text, "text", LONGEST_WORDS)
    if not words:
        raise Invalid("text_empty", "text")
    with durable(actor.brand):
        report = access_report(actor, report_id, lock=True)
        move(actor, report, Step.ANNOTATE)
        enqueue(REDRAW, {"report": str(report.pk)}, key=str(report.pk))
        return Annotation.objects.create(report=report, text=words, author_id=actor.somebody, author_name=actor.name)
