"""What the brand wrote down last, who has read it, and when the brand is at work. Inside a brand's scope."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, QuerySet
from django.utils import timezone

from clients.briefings.calendar import Calendar
from clients.briefings.models import Acknowledgement, BriefingVersion
from clients.briefings.office import DEFAULT, calendar_of
from clients.disclosure.rules import InfoClass
from clients.people.rules import MAY, Verb
from tenants.models import BrandPerson

_READ_BY = """
    SELECT number, EXISTS (SELECT FROM briefings_acknowledgement WHERE version_id = newest.id AND person_id = %s)
    FROM briefings_briefingversion newest ORDER BY number DESC LIMIT 1
"""


def briefing_in_force() -> BriefingVersion | None:
    """The newest version, or None before the first."""
    return BriefingVersion.objects.order_by("-number").first()


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


def read_by(person_id: UUID) -> tuple[int, bool]:
    """The number in force (0 before the first), and whether this person has read it: both in one query, for the gate."""
    with connection.cursor() as cursor:
        cursor.execute(_READ_BY, [person_id])
        return cursor.fetchone() or (0, False)


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
