"""What is counted, what the numbers said, where a crisis stands, who was called, and what people wrote down meanwhile.

A crisis's state stands on its own row, for the gate's one question and for the banner; how it came there is added to
`CrisisChange` and never touched.
"""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from clients.crisis.rules import OPEN, AlertKind, CallState, CrisisState, OwnActs
from clients.disclosure.models import Classified, ClassifiedQuerySet
from tenants.walls.stamps import BrandModel

UNWATCHED_COUNTS = "figures of an hour, added up from mentions, which are told of one by one"


class HourCount(BrandModel):
    """Mentions found for one hour: all ('' as key), those of one key of the watch list, or those with one listed signal."""

    unwatched = UNWATCHED_COUNTS

    hour = models.DateTimeField()
    key = models.CharField(max_length=80, blank=True)
    total = models.PositiveIntegerField(default=0)
    negative = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "hour"), name="crisis_hour_once"),)

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.key} {self.total}"


class HourSeen(BrandModel):
    """That somebody was looking in this hour, and how many of the sources were silent. An hour without a row is unknown,
    which is not zero."""

    unwatched = "which hours were looked at: bookkeeping that no decision is taken by"

    hour = models.DateTimeField(unique=True)
    sources = models.PositiveIntegerField(default=0)
    silent = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} {self.silent}/{self.sources}"


class CrisisPolicy(BrandModel):
    """The brand's rule, newest number in force: which alerts put a crisis in force by themselves, how long a contact has."""

    append_only = True

    number = models.PositiveIntegerField(unique=True)
    by_itself = models.JSONField(default=list)  # rules.AlertKind
    call_minutes = models.PositiveSmallIntegerField()
    signed_by = models.UUIDField()
    signed_by_name = models.CharField(max_length=200)
    signed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"crisis policy {self.number}"


class Crisis(BrandModel):
    """One crisis. At most one is open in a brand: what comes meanwhile belongs to it.

    `topic` is one of the briefing's escalation. `proposed_by` and `declared_by` are empty where numbers or a rule did it.
    """

    state = models.CharField(max_length=10, choices=[(s, s) for s in CrisisState])
    is_open = models.BooleanField(default=True)
    topic = models.CharField(max_length=1000, blank=True)
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    declared_by = models.UUIDField(null=True)
    declared_at = models.DateTimeField(null=True)
    own_acts = models.CharField(max_length=5, blank=True, choices=[(s, s) for s in OwnActs])
    over_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)
    taken_by_name = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-proposed_at", "-id")
        constraints = (
            # One open at a time; also the index of the gate's question and of the banner.
            models.UniqueConstraint(fields=("is_open",), condition=models.Q(is_open=True), name="crisis_one_open"),
            models.CheckConstraint(
                condition=models.Q(is_open=True, state__in=OPEN)
                | (models.Q(is_open=False) & ~models.Q(state__in=OPEN)),
                name="crisis_open_by_state",
            ),
        )

    def __str__(self) -> str:
        return f"crisis {self.state} {self.proposed_at:%Y-%m-%d}"


class CrisisChange(BrandModel):
    """One step of a crisis's life: from what, to what, by whom; `because` is a code (person, numbers, rule)."""

    append_only = True

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="changes")
    was = models.CharField(max_length=10, blank=True)
    now = models.CharField(max_length=10)
    by_person = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200, blank=True)
    side = models.CharField(max_length=10, blank=True)
    because = models.CharField(max_length=10)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.was} -> {self.now}"


class CrisisAlert(BrandModel):
    """What the numbers told, with the numbers: never 'something is wrong', always what was seen and what was usual."""

    append_only = True

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=10, choices=[(k, k) for k in AlertKind])
    key = models.CharField(max_length=80, blank=True)
    hour = models.DateTimeField()
    figures = models.JSONField(default=dict)  # whole numbers: detecting.Alert.figures
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        constraints = (models.UniqueConstraint(fields=("crisis", "kind", "key", "hour"), name="crisis_alert_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.hour:%Y-%m-%d %H}"


class CrisisCall(Classified):
    """One contact of the briefing, in the order in which they are called, as they stood there when it began.

    Whom an agency may not read in the briefing, it does not read here. `round`: how often the whole line was called before.
    """

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="calls")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=1000)
    contact = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=[(s, s) for s in CallState], default=CallState.WAITING)
    round = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    lettered_at = models.DateTimeField(null=True)
    token_digest = models.CharField(max_length=64, blank=True)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        ordering = ("place",)
        constraints = (models.UniqueConstraint(fields=("crisis", "place"), name="crisis_call_once"),)

    def __str__(self) -> str:
        return f"{self.place} {self.state}"


class CrisisNote(Classified):
    """What somebody decided or noticed during a crisis. The words are never edited; who may read them may change."""

    crisis = models.ForeignKey(Crisis, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField()
    is_decision = models.BooleanField(default=False)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10)
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        ordering = ("at", "id")
        indexes = (models.Index(fields=("crisis", "at", "id"), name="crisis_note_of"),)

    def __str__(self) -> str:
        return f"{self.by_name} {self.at:%H:%M}"


class CrisisReview(Classified):
    """What is learnt afterwards: begun by the house with figures and open questions, finished by people."""

    crisis = models.OneToOneField(Crisis, on_delete=models.PROTECT, related_name="review")
    figures = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    written_by = models.UUIDField(null=True)
    written_by_name = models.CharField(max_length=200, blank=True)
    written_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"review of {self.crisis_id}"
