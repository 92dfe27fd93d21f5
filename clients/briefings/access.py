"""The doors to a version of the briefing, and to the sections of it that somebody may read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, Func, JSONField, OuterRef, QuerySet, Value, When

from clients.briefings.goals import Goal, goals_of
from clients.briefings.models import BriefingProposal, BriefingSection, BriefingVersion
from clients.briefings.queries import briefing_in_force, open_proposals
from clients.briefings.rules import Section, normal, written
from clients.briefings.sides import BOTH_READ
from clients.disclosure.access import require_readable
from clients.disclosure.rules import InfoClass, may_read, strictness
from clients.disclosure.steps import Reading, note_reads
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from tenants.errors import Missing


@dataclass(frozen=True, slots=True)
class OpenSection:
    """One section that its reader may read: the words, and who else may."""

    id: UUID
    section: Section
    value: Any
    info_class: InfoClass


def access_briefing(actor: Actor, number: int) -> BriefingVersion:
    """One version by its number. Raises Missing('briefing')."""
    require(actor, Verb.BRIEFING_READ)
    version = BriefingVersion.objects.filter(number=number).first()
    if version is None:
        raise Missing("briefing")
    return version


def open_sections(actor: Actor, version: BriefingVersion) -> list[OpenSection]:
    """What `actor` may read of a version, in reading order; what is read from `named` upward is written down first.

    The only way to a section's words: page, form, comparison, export and letter alike. A section without a class is kept.
    """
    require(actor, Verb.BRIEFING_READ)
    found = _in_order(version, BriefingSection.objects.filter(version=version).readable_by(actor))
    kind, revision = BriefingSection._meta.label_lower, str(version.number)
    note_reads(actor, [Reading(kind, one.id, revision, one.info_class) for one in found], version)
    return found


def words_open_to(actor: Actor) -> dict[str, Any]:
    """What a page may show `actor` of the version in force, by section. Empty before the first, and for whom it is closed."""
    version = briefing_in_force() if may(actor.role, Verb.BRIEFING_READ) else None
    return {str(one.section): one.value for one in open_sections(actor, version)} if version else {}


def words_shared() -> dict[str, Any]:
    """The same for what both sides read and nobody in particular asked for."""
    version = briefing_in_force()
    return {str(one.section): one.value for one in sections_up_to(version, InfoClass.SHARED)} if version else {}


def goals_agreed_before(moment: datetime) -> list[list[Goal]]:
    """The goals of each version that was agreed before `moment`, the newest first. None of one whose goals one side keeps:
    the number would tell of them. One query.
    """
    marks = BriefingSection.objects.filter(version=OuterRef("pk"), section=Section.GOALS, info_class__in=BOTH_READ)
    versions = BriefingVersion.objects.filter(agreed_by_brand_at__lt=moment).order_by("-number")
    found = versions.annotate(is_open=Exists(marks)).values_list("is_open", "sections")
    return [goals_of(written(Section.GOALS, sections)) if is_open else [] for is_open, sections in found]


def access_version(actor: Actor, version_id: UUID) -> BriefingVersion:
    """One version by its id. Raises Missing('briefing')."""
    require(actor, Verb.BRIEFING_READ)
    version = BriefingVersion.objects.filter(pk=version_id).first()
    if version is None:
        raise Missing("briefing")
    return version


def sections_up_to(version: BriefingVersion, info_class: InfoClass) -> list[OpenSection]:
    """For what leaves without a reader of its own (a link): sections up to a class. Its opening is in the log already."""
    open_to = [one for one in InfoClass if strictness(one) <= strictness(info_class)]
    return _in_order(version, BriefingSection.objects.filter(version=version, info_class__in=open_to))


def _in_order(version: BriefingVersion, marks: Iterable[BriefingSection]) -> list[OpenSection]:
    rows = {row.section: row for row in marks}
    return [
        OpenSection(rows[section].pk, section, value, InfoClass(rows[section].info_class))
        for section in Section
        if section in rows and (value := written(section, version.sections))
    ]


def readable_sections(actor: Actor) -> frozenset[Section]:
    """Which sections of the version in force `actor` may read. No words of them, so nothing is noted."""
    newest = BriefingVersion.objects.order_by("-number").values("pk")[:1]
    marks = BriefingSection.objects.filter(version=newest).readable_by(actor)
    return frozenset(Section(name) for name in marks.values_list("section", flat=True))


def section_rows(actor: Actor) -> QuerySet[BriefingSection]:
    """Sections of every version that `actor` may read, each with its own `words`. Whoever tells them writes the reading down."""
    require(actor, Verb.BRIEFING_READ)
    found: QuerySet[BriefingSection] = BriefingSection.objects.readable_by(actor)
    return with_words(found)


def with_words(sections: QuerySet[BriefingSection]) -> QuerySet[BriefingSection]:
    """Each with its own `words`, out of its version; of goals also the objectives that they were lines of once (`former`)."""
    former = Case(When(section=Section.GOALS, then=_stored(Value(str(Section.OBJECTIVES)))), default=None)
    return sections.annotate(words=_stored(F("section")), former=former)


def words_in(section: str, words: Any, former: Any) -> Any:
    """What a section of `with_words` says, in today's shape."""
    return written(Section(section), {section: words, Section.OBJECTIVES: former} if former else {section: words})


def _stored(section: Any) -> Func:
    return Func(F("version__sections"), section, function="jsonb_extract_path", output_field=JSONField())


def access_section(actor: Actor, section_id: UUID, *, lock: bool = False) -> BriefingSection:
    """The mark of one section that `actor` may read. Missing('section') otherwise."""
    require(actor, Verb.BRIEFING_READ)
    rows = BriefingSection.objects.select_for_update(of=("self",)) if lock else BriefingSection.objects
    found: BriefingSection | None = rows.select_related("version").filter(pk=section_id).first()
    return require_readable(actor, found, "section")


@dataclass(frozen=True, slots=True)
class OpenChange:
    """One section of a proposal beside what stands in force, as far as its reader may see that."""

    section: Section
    before: Any
    after: Any


def access_proposal(actor: Actor, proposal_id: UUID) -> BriefingProposal:
    """One proposal of which `actor` may read at least one section. Missing('proposal') otherwise."""
    require(actor, Verb.BRIEFING_READ)
    proposal = BriefingProposal.objects.filter(pk=proposal_id).first()
    if proposal is None or not _readable(actor, proposal, _marks_in_force()):
        raise Missing("proposal")
    return proposal


def proposals_open_to(actor: Actor) -> list[BriefingProposal]:
    """What is proposed and neither in force nor over, as far as `actor` may read some of it. Three queries, however many."""
    require(actor, Verb.BRIEFING_READ)
    marks = _marks_in_force()
    return [one for one in open_proposals() if _readable(actor, one, marks)]


def open_changes(actor: Actor, proposal: BriefingProposal) -> list[OpenChange]:
    """What `actor` may read of a proposal, in reading order. What stands in force is read as any section is, and noted."""
    former = briefing_in_force()
    before = {one.section: one.value for one in open_sections(actor, former)} if former else {}
    return [
        OpenChange(section, before.get(section), normal(section, proposal.changes[section]))
        for section in _readable(actor, proposal, _marks_in_force())
    ]


def _marks_in_force() -> dict[str, BriefingSection]:
    newest = BriefingVersion.objects.order_by("-number").values("pk")[:1]
    return {mark.section: mark for mark in BriefingSection.objects.filter(version=newest)}


def _readable(actor: Actor, proposal: BriefingProposal, marks: Mapping[str, BriefingSection]) -> list[Section]:
    """An agency reads what it wrote itself; all else goes by the class that a section has in force."""
    own = actor.is_agency and proposal.side == actor.side

    def may_see(section: Section) -> bool:
        mark = marks.get(section)
        kept = (mark.info_class, mark.named) if mark else (InfoClass.SHARED, [])
        return own or may_read(actor.side, actor.role, actor.person_id, *kept)

    return [section for section in Section if section in proposal.changes and may_see(section)]
