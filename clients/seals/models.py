"""Seals made anew, beside the rows they belong to: those rows are never changed, so a newer seal cannot be written into them."""

from django.db import models
from django.utils import timezone

from tenants.walls.stamps import BrandModel


class RenewedSeal(BrandModel):
    """One sealed row, sealed again under a newer key, after its former seal was seen to be genuine.

    It is a MAC over the same values as the one on the row, so it vouches for nothing by being here: a reader verifies it.
    No constraint says 'once': whoever can add rows could otherwise take the place of the renewal that counts.
    """

    append_only = True

    row_kind = models.CharField(max_length=60)
    row_id = models.UUIDField()
    was = models.CharField(max_length=64)  # SHA-256 of the seal it follows
    seal = models.CharField(max_length=64)
    key_id = models.CharField(max_length=12)
    at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        # The reader's question: what else vouches for these rows.
        indexes = (models.Index(fields=("row_kind", "row_id"), name="renewed_seal_of_row"),)

    def __str__(self) -> str:
        return f"{self.row_kind} {self.row_id} under {self.key_id}"
