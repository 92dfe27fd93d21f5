"""Making a report, for a worker: freeze the facts, draw each edition, keep the files, and say that it is there. Or why not.

Each step is committed before the next, so a worker that dies leaves what was done, and the next one goes on from there with the
same frozen facts: the same bytes. Nothing is read by anybody before the last step, so there is no half report.
"""

import errno
from collections.abc import Callable
from hashlib import sha256
from time import monotonic
from uuid import UUID

import structlog
from django.core.files.base import ContentFile
from django.db import InterfaceError, OperationalError

from clients.audit.actions import record
from clients.disclosure.rules import InfoClass, strictest
from clients.items.files import require_room
from clients.people.access import require_process
from clients.people.actor import Actor
from reports.facts.canonical import data_of, digest_of
from reports.looks.queries import look_in_force
from reports.making.access import facts_of
from reports.making.composing import document_of
from reports.making.cutting import Cut, cuts_of
from reports.making.models import Edition, Paper, Report
from reports.making.queries import frozen, undrawn
from reports.making.rules import Phase, ReportState, Step
from reports.making.steps import await_release, ensure_key, forget_failures, move, note_failure, show_phase
from reports.rendering.blocks import Document
from reports.rendering.errors import Fault, NotDrawn
from reports.rendering.printer import Drawn, Progress, printer
from tenants.errors import Conflict, RelaisError
from tenants.ids import uuid7
from tenants.walls.scope import BrandRef, brand_scope, durable

log = structlog.get_logger(__name__)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CODE_LENGTH = 16
TELLS_EVERY = 0.5
"""Seconds between two words about how many pages are laid out."""


class Stopped(Exception):
    """Somebody has cancelled it meanwhile."""


def make_report(actor: Actor, *, report_id: UUID) -> None:
    """From a report that is asked for to one that can be read; or `failed`, with the code of what is the matter.

    A database that is away is no failure: the outbox comes back. Raises Refused('not_allowed').
    """
    require_process(actor)
    try:
        _freeze(actor, report_id)
        for edition in _undrawn(actor.brand, report_id):
            _draw(actor, report_id, edition)
        _finish(actor, report_id)
    except Stopped:
        return
    except (OperationalError, InterfaceError):
        raise
    except RelaisError as error:
        _fail(actor, report_id, error.code)
    except OSError as error:
        log.exception("report_not_kept", errno=error.errno)
        _fail(actor, report_id, "disk_full" if error.errno in FULL else "making_failed")
    except Exception:
        log.exception("report_not_made")
        _fail(actor, report_id, "making_failed")


def _freeze(actor: Actor, report_id: UUID) -> None:
    """The editions of `cuts_of`, once for each making."""
    with durable(actor.brand):
        show_phase(report_id, Phase.FACTS)
    with durable(actor.brand):
        report = _wanted(report_id)
        if frozen(report):
            return
        for cut in cuts_of(actor.brand, report):
            _edition(actor, report, cut)


def _edition(actor: Actor, report: Report, cut: Cut) -> None:
    facts, digest = cut.facts, digest_of(cut.facts)
    code = sha256(f"{report.pk}:{report.making}:{facts.ceiling}:{digest}".encode()).hexdigest()[:CODE_LENGTH].upper()
    edition = Edition.objects.create(
        report=report,
        number=report.making,
        ceiling=facts.ceiling,
        facts=data_of(facts),
        digest=digest,
        info_class=facts.info_class,
        withheld=facts.withheld,
        readers=list(cut.readers),
        code=code,
        look=look_in_force(),
    )
    record(
        actor,
        "report.frozen",
        report,
        number=edition.number,
        ceiling=str(edition.ceiling),
        digest=digest,
        withheld=edition.withheld,
    )


def _undrawn(brand: BrandRef, report_id: UUID) -> list[Edition]:
    with durable(brand):
        show_phase(report_id, Phase.DRAWING)
        return undrawn(_wanted(report_id))


def _draw(actor: Actor, report_id: UUID, edition: Edition) -> None:
    """Outside any transaction: it takes seconds, and a cancel must be seen meanwhile."""
    with durable(actor.brand):
        _wanted(report_id)
        document = document_of(facts_of(edition), edition, ensure_key(actor).name)
    drawn = drawn_or_conflict(
        document, lambda: not _is_wanted(actor.brand, report_id), _Telling(actor.brand, report_id)
    )
    with durable(actor.brand):
        show_phase(report_id, Phase.KEEPING)
    with durable(actor.brand):
        report = _wanted(report_id)
        if not Paper.objects.filter(edition=edition).exists():
            _keep(actor, report, edition, drawn)


class _Telling:
    """Shows how many pages are laid out: now and then, since each time is a transaction while the drawing waits."""

    def __init__(self, brand: BrandRef, report_id: UUID) -> None:
        self._brand, self._report_id = brand, report_id
        self._pages, self._next = 0, 0.0

    def __call__(self, progress: Progress) -> None:
        if progress.page > self._pages and monotonic() >= self._next:
            self._pages, self._next = progress.page, monotonic() + TELLS_EVERY
            with durable(self._brand):
                show_phase(self._report_id, Phase.DRAWING, pages=progress.page)


def drawn_or_conflict(
    document: Document, stopped: Callable[[], bool] | None = None, tell: Callable[[Progress], None] | None = None
) -> Drawn:
    """Raises Stopped, and Conflict with the code of what stood in the way: then there is no half of a file."""
    try:
        return printer().draw(document, tell=tell, cancelled=stopped)
    except NotDrawn as error:
        if error.fault is Fault.CANCELLED:
            raise Stopped from None
        raise Conflict(str(error.fault)) from None


def _keep(actor: Actor, report: Report, edition: Edition, drawn: Drawn) -> None:
    require_room(actor.brand, len(drawn.content))
    digest = sha256(drawn.content).hexdigest()
    paper = Paper(id=uuid7(), edition=edition, digest=digest, size=len(drawn.content), pages=drawn.pages)
    try:
        paper.file.save("report.pdf", ContentFile(drawn.content), save=False)
        paper.save(force_insert=True)
    except BaseException:
        if paper.file.name:  # what a full disk took of it is of no use to anybody
            paper.file.delete(save=False)
        raise
    record(actor, "report.drawn", report, number=edition.number, digest=digest, pages=drawn.pages, bytes=paper.size)


def _finish(actor: Actor, report_id: UUID) -> None:
    with durable(actor.brand):
        report = _wanted(report_id)
        editions = frozen(report)
        report.number = report.making
        report.content_class = strictest(edition.info_class for edition in editions)
        report.withheld = sum(edition.withheld for edition in editions if edition.ceiling == InfoClass.SHARED)
        report.save(update_fields=("number", "content_class", "withheld"))
        forget_failures(report)
        move(actor, report, Step.FINISH, number=report.number)
        show_phase(report_id, Phase.DONE)
        await_release(report)


def _fail(actor: Actor, report_id: UUID, code: str) -> None:
    with durable(actor.brand):
        report = Report.objects.select_for_update().get(pk=report_id)
        if report.state != ReportState.MAKING:
            return
        move(actor, report, Step.FAIL, error=code)
        note_failure(report, code)


def _wanted(report_id: UUID) -> Report:
    """The report, locked, while it is still being made. Raises Stopped."""
    report = Report.objects.select_for_update(of=("self",)).select_related("rule").filter(pk=report_id).first()
    if report is None or report.state != ReportState.MAKING:
        raise Stopped
    return report


def _is_wanted(brand: BrandRef, report_id: UUID) -> bool:
    with brand_scope(brand):
        return Report.objects.filter(pk=report_id, state=ReportState.MAKING).exists()
