"""Openings as the brand's page shows them, and what was read under one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from clients.breakglass.models import Look, Opening
from clients.people.rules import MAY, Verb
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side


def openings() -> QuerySet[Opening]:
    """All of them, the newest first, with their ends."""
    return Opening.objects.select_related("end").order_by("-at", "-id")


def told_of_openings() -> list[BrandPerson]:
    """Whom the letters go to: the brand's owners; where it has none, its managers."""
    roles = [str(role) for role in MAY[Verb.OPENING_END]]
    people = list(BrandPerson.objects.filter(live=True, side=Side.BRAND, role__in=roles).order_by("name"))
    return [person for person in people if person.role == Role.BRAND_OWNER] or people


def read_under(ids: Iterable[UUID]) -> Mapping[UUID, list[tuple[str, int, int]]]:
    """By opening, what was read: (table, pages, rows), in the order of the alphabet. One query."""
    looks = Look.objects.filter(opening__in=list(ids)).order_by("opening", "table_name")
    found: dict[UUID, list[tuple[str, int, int]]] = defaultdict(list)
    for one in looks.values("opening", "table_name").annotate(pages=Count("pk"), read=Sum("rows")):
        found[one["opening"]].append((one["table_name"], one["pages"], one["read"]))
    return found
