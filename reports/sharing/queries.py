"""Readers and links of one report, and who saw it when, by the ledger. Inside the brand's scope."""

from uuid import UUID

from django.db.models import QuerySet

from clients.disclosure.models import Disclosure
from reports.making.models import Report
from reports.sharing.models import Reader, Share
from reports.sharing.rules import KIND


def readers_of(report: Report) -> QuerySet[Reader]:
    return Reader.objects.filter(report=report).order_by("added_at", "id")


def shares_of(report: Report) -> QuerySet[Share]:
    """Its links with what they may still do, in the order in which they were made."""
    return Share.objects.filter(report=report).select_related("link__disclosure__end").order_by("made_at", "id")


def share_of_link(link_id: UUID) -> Share | None:
    """What a link of the house leads to here, with its report and edition and their file."""
    found = Share.objects.select_related("link", "report", "edition__paper", "edition__report")
    return found.filter(link=link_id).first()


def seen_of(report: Report) -> QuerySet[Disclosure]:
    """Every line of the ledger about this report: letters, links, looks, files; newest first."""
    found: QuerySet[Disclosure] = Disclosure.objects.filter(object_ids__contains=[str(report.pk)], object_kind=KIND)
    return found.select_related("words").order_by("-at", "-id")
