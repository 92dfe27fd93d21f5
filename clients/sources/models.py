"""Where a brand watches, and how each of these places fares."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from clients.disclosure.models import Classified, ClassifiedQuerySet
from clients.sources.rules import Signs, SourceState, Trouble
from tenants.walls.stamps import BrandModel


class Source(Classified):
    """One place outside from which mentions come. Rows are never deleted, because mentions name them.

    `kind` is one of `registry`. `channel` is the connected channel whose account reads there, where the kind needs one: the
    credential stays the channel's. `secret` is an envelope of the vault, sealed for this very source. `invited`: the brand lets
    the agency give the secret.
    """

    sealed_columns: ClassVar[tuple[str, ...]] = ("secret",)

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=[(s, s) for s in SourceState])
    settings = models.JSONField(default=dict)
    secret = models.BinaryField(default=b"")
    invited = models.BooleanField(default=False)
    channel = models.UUIDField(null=True)
    every = models.PositiveSmallIntegerField()  # minutes from one look to the next
    added_by = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        ordering = ("name", "id")
        constraints = (
            # People tell sources apart by their names.
            models.UniqueConstraint(fields=("name",), condition=~Q(state="removed"), name="source_name_once"),
            # INVARIANT: a source that is removed holds no secret any more.
            models.CheckConstraint(
                condition=~Q(state="removed") | Q(secret=b"", removed_at__isnull=False), name="source_removed_empty"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_on(self) -> bool:
        return self.state == SourceState.ON


class SourceHealth(BrandModel):
    """How one source fares, and where the last look ended. `moments`, `shape`: see `rules.Signs`. `cursor` is its kind's own.

    `code` is the last look's failure, or what was wrong although it could be read; '' when nothing was. `trouble` is what people
    were told of, since when.
    """

    unwatched = "bookkeeping of every look at a source; what people are told of it is a line of the log"

    source = models.OneToOneField(Source, on_delete=models.PROTECT, related_name="health")
    cursor = models.JSONField(default=dict)
    looked_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=60, blank=True)
    found = models.PositiveIntegerField(default=0)
    moments = models.JSONField(default=list)
    shape = models.JSONField(default=list)
    shape_now = models.JSONField(default=list)
    trouble = models.CharField(max_length=10, blank=True, choices=[(t, t) for t in Trouble])
    trouble_since = models.DateTimeField(null=True)
    watched_from = models.DateTimeField(default=timezone.now)  # a pause is no silence

    class Meta(BrandModel.Meta):
        ordering = ("source",)

    def __str__(self) -> str:
        return f"health of {self.source_id}"

    @property
    def signs(self) -> Signs:
        """What the rules judge it by."""
        return Signs(
            began=self.watched_from,
            moments=self.moments,
            failures=self.failures,
            code=self.code,
            shape=self.shape,
            shape_now=self.shape_now,
        )
