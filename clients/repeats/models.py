"""One answer that was given, under the words by which the asking program would know it again."""

from django.db import models
from django.utils import timezone

from tenants.walls.stamps import BrandModel


class Repeat(BrandModel):
    """The answer to one request of one key. `words` and `request` are digests: of the Idempotency-Key, and of what was asked.

    It is written with the effect and never without one: what was refused had none, and is simply asked again.
    """

    unwatched = "an answer kept for a day beside the effect that it tells of, which is noted where it happens"

    key_id = models.UUIDField()
    words = models.CharField(max_length=64)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    told = models.JSONField(
        default=list
    )  # [kind, class, ids]: what the answer tells, for the ledger when it is given again
    at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        # INVARIANT: the words of a key stand for one effect. Whoever loses the race is rolled back with all it did.
        constraints = (models.UniqueConstraint(fields=("key_id", "words"), name="repeat_once"),)
        # What is over goes.
        indexes = (models.Index(fields=("at",), name="repeat_over"),)

    def __str__(self) -> str:
        return f"{self.status} {self.words[:8]}"
