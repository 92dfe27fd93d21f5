"""The brand's word into the file, for a worker: a report that was annotated is drawn once more from the same frozen facts.

Until then it is not let out (`queries.unprinted`): what is released has every word of the brand, with its name and date.
"""

from functools import partial
from hashlib import sha256
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.items.files import require_room
from clients.people.access import require_process
from clients.people.actor import Actor
from reports.making.access import facts_of
from reports.making.actions.drawing import drawn_or_conflict
from reports.making.composing import document_of
from reports.making.models import Edition, Paper, Report
from reports.making.queries import annotations_of, unprinted
from reports.making.rules import OPEN
from reports.making.steps import ensure_key
from tenants.walls.scope import durable


def redraw_report(actor: Actor, *, report_id: UUID) -> None:
    """Raises Refused('not_allowed'), and Conflict with what stood in the way: then the file stays as it was."""
    require_process(actor)
    with durable(actor.brand):
        editions = unprinted(Report.objects.get(pk=report_id))
    for edition in editions:
        _redraw(actor, report_id, edition)


def _redraw(actor: Actor, report_id: UUID, edition: Edition) -> None:
    with durable(actor.brand):
        report = Report.objects.get(pk=report_id)
        words = annotations_of(report).count()  # first: one that comes now may be drawn, and is drawn once more
        document = document_of(facts_of(edition), edition, ensure_key(actor).name)
    drawn = drawn_or_conflict(document)
    with durable(actor.brand):
        report = Report.objects.select_for_update().get(pk=report_id)
        if report.state not in OPEN or report.number != edition.number:
            return
        require_room(actor.brand, len(drawn.content))
        paper = Paper.objects.get(edition=edition)
        transaction.on_commit(partial(paper.file.storage.delete, str(paper.file.name)))
        paper.file.save("report.pdf", ContentFile(drawn.content), save=False)
        paper.digest, paper.size = sha256(drawn.content).hexdigest(), len(drawn.content)
        paper.pages, paper.words, paper.drawn_at = drawn.pages, words, timezone.now()
        paper.save(update_fields=("file", "digest", "size", "pages", "words", "drawn_at"))
        record(
            actor,
            "report.drawn",
            report,
            number=edition.number,
            digest=paper.digest,
            pages=paper.pages,
            bytes=paper.size,
        )
