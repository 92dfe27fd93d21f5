"""The doors to one report, to what one may read of it, and to a rule: refused equals absent."""

from collections.abc import Collection
from hashlib import sha256
from uuid import UUID

from clients.disclosure.access import require_readable
from clients.disclosure.steps import Reading, note_reads
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from reports.facts.canonical import digest_of, facts_from
from reports.facts.sections import NEEDS, sections_of
from reports.facts.shapes import Facts
from reports.making.models import Edition, Paper, Report, ReportRule
from reports.making.queries import edition_for, edition_shared
from tenants.errors import Conflict, Missing, Refused


def access_report(actor: Actor, report_id: UUID, *, lock: bool = False) -> Report:
    """One report that `actor` may know of. Missing('report') otherwise."""
    require(actor, Verb.REPORT_READ)
    rows = Report.objects.select_for_update() if lock else Report.objects
    report: Report = require_readable(actor, rows.filter(pk=report_id).first(), "report")
    return report


def reads_section(actor: Actor, code: str) -> bool:
    """Whether their role lets them read what a section tells of, in a report as anywhere."""
    return code not in NEEDS or may(actor.role, NEEDS[code])


def reads_sections(actor: Actor, kind: str, sections: Collection[str]) -> bool:
    """Whether their role reads each of them. `sections`: codes, none for all that the kind has."""
    return all(reads_section(actor, code) for code in sections_of(kind, tuple(sections)))


def require_sections(actor: Actor, kind: str, sections: Collection[str]) -> None:
    """Raises Refused('not_allowed') unless `reads_sections`."""
    if not reads_sections(actor, kind, sections):
        raise Refused("not_allowed")


def access_edition(actor: Actor, report: Report) -> Edition | None:
    """What of it this person reads; None while there is nothing yet. From `named` upward the reading is written down.

    Raises Refused('not_allowed') where a section is not for their role: what is frozen is read whole or not at all.
    """
    require_sections(actor, report.kind, report.sections)
    edition = edition_for(actor, report)
    if edition is not None:
        label = Edition._meta.label_lower
        note_reads(actor, [Reading(label, edition.pk, edition.digest, edition.info_class)], subject=report)
    return edition


def access_rule(actor: Actor, kind: str) -> ReportRule:
    """The rule of one kind, locked. Missing('report_rule') otherwise."""
    require(actor, Verb.REPORT_RULE)
    found = ReportRule.objects.select_for_update().filter(kind=kind).first()
    if found is None:
        raise Missing("report_rule")
    return found


def facts_of(edition: Edition) -> Facts:
    """The frozen facts. Conflict('content_altered') if they are not the ones that were frozen, be it by an erasure."""
    try:
        facts = facts_from(edition.facts)
    except (KeyError, TypeError, ValueError):
        raise Conflict("content_altered") from None
    if digest_of(facts) != edition.digest:
        raise Conflict("content_altered")
    return facts


def bytes_of_paper(edition: Edition) -> bytes:
    """The PDF as it was drawn. Missing('paper') where there is none (any more), Conflict('content_altered')."""
    paper: Paper | None = getattr(edition, "paper", None)
    if paper is None:
        raise Missing("paper")
    try:
        with paper.file.open("rb") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        raise Missing("paper") from None
    if sha256(content).hexdigest() != paper.digest:
        raise Conflict("content_altered")
    return content


def shareable(report: Report) -> Edition:
    """The edition that may leave by a link or a letter: what both sides read. Conflict('nothing_to_share')."""
    edition = edition_shared(report)
    if edition is None or getattr(edition, "paper", None) is None:
        raise Conflict("nothing_to_share")
    return edition
