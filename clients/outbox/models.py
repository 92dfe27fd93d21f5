"""Rows of work to be done once, now or at a moment: acts to send, notices to mail, deadlines to look at."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tenants.walls.stamps import BrandModel


class OutboxRow(BrandModel):
    """One piece of work. `kind` names its handler; `payload` holds ids, never content.

    A trigger keeps `tenants.Pending` (brand, row, kind, due) in step, so one indexed scan over all brands finds what is
    due. That index has no `done_at`: a row that is done or given up has simply left it.
    """

    unwatched = "bookkeeping of work: what it does is noted where it is done, each attempt would only add noise"

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    payload = models.JSONField(default=dict)
    due_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # Asking twice for the same work is asking once.
            models.UniqueConstraint(
                fields=("kind", "key"), condition=Q(done_at__isnull=True), name="outbox_one_undone"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
