"""What happened, who did it, for which side, on which path. Rows are added and never touched again."""

from django.db import models
from django.utils import timezone

from tenants.walls.stamps import BrandModel


class Entry(BrandModel):
    """One line of the log.

    No foreign keys: a line outlives what it speaks of, so that deleting an item never erases its trail (hole P6).
    `facts` holds codes, ids and digests, never a text that the brand might later have to erase.
    """

    append_only = True

    at = models.DateTimeField(default=timezone.now)
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=200, blank=True)
    side = models.CharField(max_length=10, blank=True)
    role = models.CharField(max_length=30, blank=True)
    via = models.CharField(max_length=12)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("at", "id")
        indexes = (
            # The trail of one item, person or channel, in order.
            models.Index(fields=("subject_kind", "subject_id", "at"), name="audit_of_subject"),
            # What one person did.
            models.Index(fields=("person_id", "at"), name="audit_of_person"),
            # The log page, newest first.
            models.Index(fields=("-at",), name="audit_newest"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.verb} {self.subject_kind}"
