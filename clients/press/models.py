"""The press review: what is picked, in which order, with whose words; when it is drawn up; and the agency's watch notes."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from clients.disclosure.models import Classified, ClassifiedQuerySet
from clients.mentions.models import Mention
from clients.press.rules import ReviewState, Rhythm
from tenants.walls.stamps import BrandModel


class Review(Classified):
    """The press of some days. It holds nothing stricter than its own class; once out, neither it nor its entries change."""

    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in ReviewState], default=ReviewState.DRAFT)
    intro = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.UUIDField(null=True)  # None: by its rhythm
    out_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        indexes = (models.Index(fields=("-until", "-id"), name="review_newest"),)

    def __str__(self) -> str:
        return f"press {self.since:%Y-%m-%d} - {self.until:%Y-%m-%d}"


class ReviewEntry(BrandModel):
    """One piece of a review, as it may be quoted: the excerpt was cut by the licence in force when it was picked."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="entries")
    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    topic = models.CharField(max_length=200, blank=True)  # what the watch list calls what it was found for
    headline = models.CharField(max_length=500)
    excerpt = models.CharField(max_length=2000, blank=True)
    source_name = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=2000, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)
    comment = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(fields=("review", "mention"), name="review_entry_once"),)

    def __str__(self) -> str:
        return self.headline


class PressRule(BrandModel):
    """When a review is drawn up by itself, to whom it goes, and whether somebody has to look at it first. One row or none."""

    rhythm = models.CharField(max_length=10, choices=[(r, r) for r in Rhythm], default=Rhythm.NEVER)
    at = models.TimeField()
    weekday = models.PositiveSmallIntegerField(default=0)
    readers = models.JSONField(default=list)  # ids of people, as text
    held = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.rhythm} {self.at:%H:%M}"


class WatchNote(Classified):
    """What comes up: a day, a subject, a few words. It stands beside the briefing and in the review."""

    day = models.DateField()
    subject = models.CharField(max_length=200)
    text = models.CharField(max_length=1000, blank=True)
    author_id = models.UUIDField()
    author_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    dropped_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        indexes = (models.Index(fields=("day", "id"), name="watch_note_by_day"),)

    def __str__(self) -> str:
        return f"{self.day} {self.subject}"
