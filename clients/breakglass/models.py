"""An opening, each page that was read under it, and its end: three rows that are added and never changed.

That it holds is nowhere a state that could be set: it holds from its row on until its moment, or until there is an end. The views
that the operator reads ask these rows at each statement (tenants/sql/glass.sql).
"""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from clients.breakglass.rules import LONGEST, Ended
from tenants.walls.stamps import BrandModel

THE_CLOCK = models.Func(function="clock_timestamp", output_field=models.DateTimeField())


class Opening(BrandModel):
    """An operator may read these parts of the brand until this moment. `who` and `reason` are their words."""

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("reason", "ticket")

    who = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    ticket = models.CharField(max_length=60, blank=True)
    parts = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    class Meta(BrandModel.Meta):
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(until__gt=F("at"), until__lte=F("at") + LONGEST), name="opening_lasts_hours"
            ),
        )

    def __str__(self) -> str:
        return f"{self.who} until {self.until:%Y-%m-%d %H:%M}"

    def holds(self, now: datetime) -> bool:
        """Whether it is open at this moment."""
        return now < self.until and not hasattr(self, "end")


class Look(BrandModel):
    """One page of one table that is about to be read. Written first: the views show nothing without it."""

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("compared",)

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="looks")
    table_name = models.CharField(max_length=63)
    columns = models.JSONField(default=list)  # by which it was filtered
    compared = models.JSONField(default=list)  # with which words
    skipped = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    at = models.DateTimeField(db_default=THE_CLOCK)

    class Meta(BrandModel.Meta):
        ordering = ("at", "id")
        # What a view asks at each statement.
        indexes = (models.Index(fields=("opening", "table_name", "at"), name="look_of_opening"),)

    def __str__(self) -> str:
        return f"{self.table_name} {self.skipped}+{self.rows}"


class OpeningEnd(BrandModel):
    """From this moment on nothing is read any more."""

    append_only = True

    opening = models.OneToOneField(Opening, on_delete=models.PROTECT, related_name="end")
    how = models.CharField(max_length=10, choices=[(h, h) for h in Ended])
    by_person = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.how} {self.opening_id}"
