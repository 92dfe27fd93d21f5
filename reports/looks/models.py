"""The looks that a brand has had: the newest is in force, and each report keeps the one that it was made with.

A look has no information class: it stands on every paper that leaves, so whoever holds one knows it.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from tenants.walls.stamps import BrandModel


class BrandLook(BrandModel):
    """One version. The mark is kept as it was made anew when it was taken, never as it was uploaded; b'' for none."""

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("alternative",)

    colour = models.CharField(max_length=7)  # '#rrggbb'
    second = models.CharField(max_length=7)
    logo = models.BinaryField(default=b"")
    media_type = models.CharField(max_length=20, blank=True)
    alternative = models.CharField(max_length=150, blank=True)
    set_by = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        indexes = (models.Index(fields=("-at", "-id"), name="look_newest"),)

    def __str__(self) -> str:
        return f"{self.colour} {self.second}"
