"""A recomputation of the log while it runs and after; and where the brand wants its checkpoints sent."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tenants.walls.stamps import BrandModel


class Check(BrandModel):
    """One recomputation of the sealed log: from the rows as they are now, against leaves and checkpoints.

    It goes on where it stopped: `done` lines hold so far, `good` of them are under a checkpoint that was compared, and
    `frontier` is the tree over them. What it says in the end is a line of the log, too.
    """

    unwatched = "the progress of a recomputation; its beginning and its end are lines of the log"

    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    size = models.BigIntegerField()
    done = models.BigIntegerField(default=0)
    good = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=b"")
    ended_at = models.DateTimeField(null=True)
    # What is wrong first, and where: empty when every line holds. `until`: somewhere up to there.
    fault = models.CharField(max_length=20, blank=True)
    position = models.BigIntegerField(null=True)
    until = models.BigIntegerField(null=True)

    class Meta(BrandModel.Meta):
        constraints = (
            # One at a time: it reads the whole log.
            models.UniqueConstraint(models.Value(1), condition=Q(ended_at__isnull=True), name="evidence_one_check"),
        )
        # The page shows the last.
        indexes = (models.Index(fields=("-asked_at",), name="evidence_last_check"),)

    def __str__(self) -> str:
        return f"{self.done} of {self.size} {self.fault}"


class CheckpointAddress(BrandModel):
    """An address that gets each day's checkpoint. Outside our reach is the point: nobody here can take back what was mailed."""

    email = models.EmailField(max_length=254, unique=True)
    language = models.CharField(max_length=5)
    added_by = models.UUIDField()
    added_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"checkpoint address {self.pk}"
