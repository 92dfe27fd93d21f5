"""The doors to a version of the briefing, and to the sections of it that somebody may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clients.briefings.models import BriefingSection, BriefingVersion
from clients.briefings.rules import Section
from clients.disclosure.access import require_readable
from clients.disclosure.rules import InfoClass, strictness
from clients.disclosure.steps import Reading, note_reads
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
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
        OpenSection(rows[section].pk, section, version.sections[section], InfoClass(rows[section].info_class))
        for section in Section
        if section in rows and version.sections.get(section)
    ]


def access_section(actor: Actor, section_id: UUID, *, lock: bool = False) -> BriefingSection:
    """The mark of one section that `actor` may read. Missing('section') otherwise."""
    require(actor, Verb.BRIEFING_READ)
    rows = BriefingSection.objects.select_for_update(of=("self",)) if lock else BriefingSection.objects
    found: BriefingSection | None = rows.select_related("version").filter(pk=section_id).first()
    return require_readable(actor, found, "section")
