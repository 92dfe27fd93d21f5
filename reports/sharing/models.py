"""Readers of a report, and its share links with what a link of the house does not know: whose copy it is, and its password.

What a link may do (until when, how often, ended) stands on `disclosure.ShareLink` alone, and who saw it in the ledger alone.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from clients.disclosure.models import ShareLink
from reports.making.models import Edition, Report
from reports.making.rules import Delivery
from reports.sharing.rules import Told
from tenants.walls.stamps import BrandModel


class Reader(BrandModel):
    """Somebody who is told by letter when a report is released: a person of either side, or an address outside."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="readers")
    person_id = models.UUIDField(null=True)
    address = models.CharField(max_length=254, blank=True)
    delivery = models.CharField(max_length=10, choices=[(d, d) for d in Delivery])
    added_by = models.UUIDField()
    added_at = models.DateTimeField(default=timezone.now)
    told = models.CharField(max_length=10, choices=[(t, t) for t in Told], default=Told.WAITING)
    told_at = models.DateTimeField(null=True)

    class Meta(BrandModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("report", "person_id"), condition=Q(person_id__isnull=False), name="reader_once"
            ),
            models.CheckConstraint(condition=Q(person_id__isnull=False) ^ ~Q(address=""), name="reader_is_somebody"),
        )

    def __str__(self) -> str:
        return self.address or str(self.person_id)


class Share(BrandModel):
    """One recipient's link. `password` is a slow hash; `recipient` is what the mark on each page of their copy says."""

    link = models.OneToOneField(ShareLink, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="shares")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(Reader, on_delete=models.PROTECT, related_name="shares", null=True)
    recipient = models.CharField(max_length=200)
    password = models.CharField(max_length=200, blank=True)
    wrong = models.PositiveSmallIntegerField(default=0)
    made_by = models.UUIDField()
    made_name = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        # The links of one report, in order.
        indexes = (models.Index(fields=("report", "made_at"), name="share_of_report"),)

    def __str__(self) -> str:
        return self.recipient
