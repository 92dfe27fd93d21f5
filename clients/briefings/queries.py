"""What the brand wrote down last, who has read it, and when the brand is at work. Inside a brand's scope."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils import timezone

from clients.audit.queries import unattributed
from clients.autonomy.vocabulary import MandateState
from clients.briefings.calendar import Calendar
from clients.briefings.entries import Contact, ServiceTarget, contacts_of, service_of
from clients.briefings.models import Acknowledgement, BriefingProposal, BriefingSection, BriefingVersion
from clients.briefings.office import DEFAULT, calendar_of
from clients.briefings.rules import Section, all_written, changed_sections, highest_number
from clients.briefings.sides import BOTH_READ, ENDS
from clients.disclosure.rules import InfoClass
from clients.mandates.models import Mandate
from clients.people.rules import MAY, Verb
from tenants.models import BrandPerson


def briefing_in_force() -> BriefingVersion | None:
    """The newest version, or None before the first."""
    return BriefingVersion.objects.order_by("-number").first()


def words_to_compare_with(version_id: UUID | None = None) -> Mapping[str, Any]:
    """All sections of one version, of the one in force without an id: for the machine alone, which compares and cuts.

    INVARIANT: nothing of it is shown to anybody. What a reader may see comes from `access.words_open_to`.
    """
    versions = BriefingVersion.objects.order_by("-number")
    found = versions.filter(pk=version_id) if version_id else versions
    return found.values_list("sections", flat=True).first() or {}


def service_targets(version: BriefingVersion | None) -> list[ServiceTarget]:
    """How soon members are to hear from the brand: for the clocks, which are told to both sides whatever the section's class."""
    return service_of(version.sections) if version else []


def number_in_force() -> int:
    """Its number; 0 before the first."""
    return BriefingVersion.objects.aggregate(newest=Max("number"))["newest"] or 0


def briefing_versions() -> QuerySet[BriefingVersion]:
    """All versions, newest first."""
    return BriefingVersion.objects.order_by("-number")


def office_in_force() -> Mapping[str, Any]:
    """The working hours as the brand wrote them; the default before the first briefing."""
    return BriefingVersion.objects.order_by("-number").values_list("calendar", flat=True).first() or DEFAULT


def calendar_in_force(near: datetime | None = None) -> Calendar:
    """The brand's working time, to reckon with around `near` (now, if not given)."""
    return calendar_of(office_in_force(), (near or timezone.now()).year)


def has_acknowledged(person_id: UUID) -> bool:
    """Whether this person has read the version in force. Before the first version nobody has."""
    newest = BriefingVersion.objects.order_by("-number").values("pk")[:1]
    return Acknowledgement.objects.filter(version=newest, person_id=person_id).exists()


def changed_untold(version: BriefingVersion) -> bool:
    """Whether anything wrote into a version of which no act of the log tells; an erasure does."""
    return unattributed().filter(table=version._meta.db_table, rows__contains=[version.pk]).exists()


def is_kept_whole(version: BriefingVersion) -> bool:
    """Whether nobody but the brand may read any section of a version."""
    return not version.parts.exclude(info_class=InfoClass.BRAND).exists()


def readers_of(version: BriefingVersion) -> QuerySet[Acknowledgement]:
    """Who has acknowledged a version, and when, in that order."""
    return Acknowledgement.objects.filter(version=version).order_by("at", "id")


def people_yet_to_read(version: BriefingVersion) -> QuerySet[BrandPerson]:
    """Members who may acknowledge and have not acknowledged this version."""
    roles = [str(role) for role in MAY[Verb.BRIEFING_ACKNOWLEDGE]]
    read = Acknowledgement.objects.filter(version=version).values("person_id")
    return BrandPerson.objects.filter(live=True, role__in=roles).exclude(person_id__in=read).order_by("name")


def classes_of(version: BriefingVersion | None) -> dict[str, str]:
    """The class of each written section of a version."""
    marks = BriefingSection.objects.filter(version=version) if version else BriefingSection.objects.none()
    return dict(marks.values_list("section", "info_class"))


def written_for_both(version: BriefingVersion | None) -> frozenset[str]:
    """The names of the sections that both sides can read; no word of them."""
    return frozenset(name for name, info_class in classes_of(version).items() if info_class in BOTH_READ)


def contacts_in_force() -> tuple[list[Contact], BriefingSection | None]:
    """Whom the newest version names to be called, in its order, and the mark that says who may read that.

    For whoever calls them. Who shows them keeps the mark.
    """
    version = briefing_in_force()
    if version is None:
        return [], None
    mark = BriefingSection.objects.filter(version=version, section=Section.ESCALATION).first()
    return contacts_of(version.sections), mark


def highest_of(section: Section) -> int:
    """The highest number that any version ever gave to a line of a section."""
    stored = BriefingVersion.objects.values_list(f"sections__{section}", flat=True)
    return max((highest_number(section, lines or ()) for lines in stored), default=0)


def has_agency() -> bool:
    """Whether there is an agency at work, so that what both share needs both."""
    return Mandate.objects.filter(state=MandateState.ACTIVE).exists()


def changed_since(base: int, now: BriefingVersion | None, sections: Collection[str]) -> list[Section]:
    """Those of the sections that have other words now than in version `base`."""
    if now is None or now.number == base:
        return []
    begun = BriefingVersion.objects.filter(number=base).values_list("sections", flat=True).first() or {}
    return [
        section for section in changed_sections(all_written(begun), all_written(now.sections)) if section in sections
    ]


def stale_sections(proposal: BriefingProposal) -> list[Section]:
    """What of a proposal was written upon words that have changed: it cannot be agreed to any more."""
    return changed_since(proposal.base, briefing_in_force(), proposal.changes)


def open_proposals() -> QuerySet[BriefingProposal]:
    """What is proposed and neither in force nor over, newest first, with what was said of it."""
    ended = BriefingProposal.objects.filter(words__said__in=sorted(ENDS)).values("pk")
    rows = BriefingProposal.objects.filter(version=None).exclude(pk__in=ended)
    return rows.select_related("version").prefetch_related("words")


def past_proposals(limit: int = 20) -> QuerySet[BriefingProposal]:
    """The newest that are in force or over, with what was said of them."""
    still = open_proposals().values("pk")
    rows = BriefingProposal.objects.exclude(pk__in=still).select_related("version").prefetch_related("words")
    return rows[:limit]
