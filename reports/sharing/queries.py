"""Readers and links of one report, who saw it when, and whether a copy still holds, by the ledger. Inside the brand's scope."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from clients.disclosure.models import Disclosure
from reports.making.models import Report
from reports.making.rules import ReportState
from reports.sharing.models import Reader, Share
from reports.sharing.rules import KIND

SOON = timedelta(hours=1)
"""A copy leaves when it is signed: its line is looked for around that moment, and the ledger is never read through."""


def readers_of(report: Report) -> QuerySet[Reader]:
    return Reader.objects.filter(report=report).order_by("added_at", "id")


def shares_of(report: Report) -> QuerySet[Share]:
    """Its links with what they may still do, in the order in which they were made."""
    return Share.objects.filter(report=report).select_related("link__disclosure__end").order_by("made_at", "id")


def share_of_link(link_id: UUID) -> Share | None:
    """What a link of the house leads to here, with its report and edition and their file."""
    found = Share.objects.select_related("link", "report", "edition__paper", "edition__report")
    return found.filter(link=link_id).first()


def seen_of(report: Report, before: Disclosure | None = None) -> QuerySet[Disclosure]:
    """Every line of the ledger about this report: letters, links, looks, files; newest first, from `before` on."""
    found: QuerySet[Disclosure] = Disclosure.objects.filter(object_ids__contains=[str(report.pk)], object_kind=KIND)
    if before is not None:
        found = found.filter(Q(at__lt=before.at) | Q(at=before.at, pk__lt=before.pk))
    return found.select_related("words").order_by("-at", "-id")


def standing_of(digest: str, signed_at: datetime) -> ReportState | None:
    """What became of the report of which these bytes left: released, or withdrawn since. None where they never left, and for
    a copy from before the report was let out."""
    near = Disclosure.objects.filter(object_kind=KIND, digest=digest, at__range=(signed_at - SOON, signed_at + SOON))
    line = near.order_by("-at", "-id").first()
    report = Report.objects.filter(pk=line.object_ids[0]).first() if line else None
    if line is None or report is None or report.released_at is None or report.released_at > line.at:
        return None
    return ReportState(report.state)
