"""The doors to one report, to what one may read of it, and to a rule: refused equals absent."""

from collections.abc import Collection
from hashlib import sha256
from uuid import UUID

from clients.disclosure.access import require_readable
from clients.disclosure.rules import InfoClass, strictness
from clients.disclosure.steps import Reading, note_reads
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from reports.facts.canonical import digest_of, facts_from
from reports.facts.sections import NEEDS, sections_of, shut
from reports.facts.shapes import Facts
from reports.making.models import Edition, Paper, Report, ReportRule
from reports.making.queries import edition_shared, editions_for, has_word
from reports.making.rules import LIFE, OURS, ReportState, Step, leave_for
from tenants.errors import Conflict, Missing, Refused


def access_report(actor: Actor, report_id: UUID, *, lock: bool = False) -> Report:
    """One report that `actor` may know of. Missing('report') otherwise."""
    require(actor, Verb.REPORT_READ)
    rows = Report.objects.select_for_update() if lock else Report.objects
    report: Report = require_readable(actor, rows.filter(pk=report_id).first(), "report")
    return report


def leave_of(report: Report, step: Step) -> Verb:
    """What somebody must be allowed to do in order to take this step with this report, as it stands."""
    state, by_rule = ReportState(report.state), report.rule_id is not None
    return leave_for(step, state, worded=has_word(report), by_rule=by_rule)


def steps_open_to(actor: Actor, report: Report) -> set[Step]:
    """What they may do with it now."""
    known = set(LIFE[ReportState(report.state)]) - OURS
    return {step for step in known if may(actor.role, leave_of(report, step))}


def reads_section(actor: Actor, code: str) -> bool:
    """Whether their role lets them read what a section tells of, in a report as anywhere."""
    return code not in NEEDS or may(actor.role, NEEDS[code])


def closed_sections(actor: Actor) -> list[str]:
    """The codes of those that are not for their role."""
    return [code for code in NEEDS if not reads_section(actor, code)]


def reads_sections(actor: Actor, kind: str, sections: Collection[str]) -> bool:
    """Whether some edition holds nothing that is not for their role. `sections`: codes, none for all that the kind has."""
    chosen = tuple(sections)
    return all(reads_section(actor, code) for code in sections_of(kind, chosen) if code not in shut(kind, chosen))


def require_sections(actor: Actor, kind: str, sections: Collection[str]) -> None:
    """For whoever asks for a report. Raises Refused('not_allowed') unless `reads_sections`, and for a chosen one not theirs."""
    if not reads_sections(actor, kind, sections) or not all(reads_section(actor, code) for code in sections):
        raise Refused("not_allowed")


def editions_open_to(actor: Actor, report: Report) -> list[Edition]:
    """Those of it that this person may read, the fullest first; none while there is nothing yet.

    Raises Refused('not_allowed') where each has a section that is not for their role: what is frozen is read whole or not at all.
    """
    if not reads_sections(actor, report.kind, report.sections):
        raise Refused("not_allowed")
    found = editions_for(actor, report)
    open_to = [one for one in found if all(reads_section(actor, code) for code in _sections_in(one))]
    if found and not open_to:
        raise Refused("not_allowed")
    return open_to


def access_edition(actor: Actor, report: Report, most: InfoClass = InfoClass.BRAND) -> Edition | None:
    """What of it this person reads; None while there is nothing yet. From `named` upward the reading is written down.

    `most`: nothing stricter, for whoever reads through a key. Raises as `editions_open_to`.
    """
    found = editions_open_to(actor, report)
    edition = next((one for one in found if strictness(one.info_class) <= strictness(most)), None)
    if edition is not None:
        label = Edition._meta.label_lower
        note_reads(actor, [Reading(label, edition.pk, edition.digest, edition.info_class)], subject=report)
    return edition


def _sections_in(edition: Edition) -> list[str]:
    """What is in it; nothing where its facts are kept no longer."""
    return [section["code"] for section in edition.facts.get("sections", ())]


def note_facts(actor: Actor, facts: Facts) -> None:
    """Before somebody sees facts of their own: what its listings tell of single rows, from the class on that is noted."""
    revision = digest_of(facts)[:12]
    rows = [row for section in facts.sections for listing in section.listings for row in listing.rows]
    note_reads(actor, [Reading(row.kind, row.id, revision, row.info_class) for row in rows if row.id is not None])


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
