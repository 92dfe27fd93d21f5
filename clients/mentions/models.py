"""What was found outside, as it was when it was found. What people decide about it is written through `steps` alone."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from clients.autonomy.vocabulary import Sensitivity
from clients.disclosure.models import Classified, ClassifiedQuerySet
from clients.mentions.rules import MentionKind, MentionState, Outcome, SortedBy
from tenants.walls.stamps import BrandModel


class Mention(Classified):
    """One thing that somebody said. The words never change; an edit seen outside is a mention of its own.

    `source` is the id of a source (`clients.sources`, which lies above) and `medium` its kind. `key` is the SHA-256 of what
    the source calls it: a second poll adds nothing. `copy_of` is the first mention that told the same story.
    `channel` and `remote_id` say where an answer would go, where it can go anywhere. `marks` are numbers by which the same
    story is found again (`clients.mentions.alike`); a copy is settled as merged when it is taken in.
    """

    source = models.UUIDField()
    medium = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    copy_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="copies")
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    author = models.CharField(max_length=200, blank=True)
    author_handle = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=8, blank=True)
    marks = ArrayField(models.BigIntegerField(), default=list)
    published_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(default=timezone.now)
    channel = models.UUIDField(null=True)
    remote_id = models.CharField(max_length=500, blank=True)
    # Sorting: a proposal with its reason, until `sorted_by` is a person.
    kind = models.CharField(max_length=16, choices=[(k, k) for k in MentionKind], default=MentionKind.OTHER)
    kind_why = models.JSONField(default=list)
    sorted_by = models.CharField(max_length=10, choices=[(s, s) for s in SortedBy], default=SortedBy.RULES)
    matched = models.JSONField(default=list)  # keys of the watch list in force when it was found
    sensitivity = models.CharField(max_length=10, choices=[(s, s) for s in Sensitivity], default=Sensitivity.ROUTINE)
    priority = models.PositiveSmallIntegerField(default=0)  # 0 to 100
    priority_why = models.JSONField(default=list)  # the parts of the sum
    # Triage.
    state = models.CharField(max_length=10, choices=[(s, s) for s in MentionState], default=MentionState.OPEN)
    outcome = models.CharField(max_length=10, choices=[(o, o) for o in Outcome], blank=True)
    snoozed_until = models.DateTimeField(null=True)
    held_by = models.UUIDField(null=True)  # who has it open or was given it

    copies: ClassVar[Any]

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        constraints = (
            models.UniqueConstraint(fields=("source", "key"), name="mention_once"),
            models.CheckConstraint(
                condition=models.Q(state=MentionState.DONE, outcome__gt="")
                | (~models.Q(state=MentionState.DONE) & models.Q(outcome="")),
                name="mention_one_outcome",
            ),
        )
        indexes = (
            # The inbox: what is open, the most urgent and then the newest first.
            models.Index(fields=("state", "-priority", "-found_at", "-id"), name="mention_inbox"),
            models.Index(fields=("found_at", "id"), name="mention_by_moment"),
            # Whether a story was told before: asked once for each batch, with a look for each mark. Without `fastupdate`, whose
            # list of what is not yet in the index would be read from end to end by every one of these looks.
            GinIndex(fields=("marks",), name="mention_by_marks", condition=models.Q(copy_of=None), fastupdate=False),
        )

    def __str__(self) -> str:
        return self.title or self.text[:60]


class KindCorrection(BrandModel):
    """A person said what kind a mention is. The newest of a mention holds; what is learnt is learnt from these alone."""

    append_only = True

    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="corrections")
    was = models.CharField(max_length=16)
    kind = models.CharField(max_length=16, choices=[(k, k) for k in MentionKind])
    by_person = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=("mention", "-at"), name="correction_newest"),)

    def __str__(self) -> str:
        return f"{self.was} -> {self.kind}"


class LearntModel(BrandModel):
    """What was learnt from a brand's corrections, on this machine: one version, with how well it did on those kept aside.

    `weights` are of stems (their hashes) and kinds: no words, no names. The highest number is the one in use, once the brand
    has switched it on and only while it beats the rules (`learning.may_propose`). Earlier ones stay, to compare.
    """

    append_only = True

    number = models.PositiveIntegerField(unique=True)
    weights = models.JSONField()
    corrections = models.PositiveIntegerField()
    held_out = models.PositiveIntegerField()
    rules_f1 = models.FloatField()
    learnt_f1 = models.FloatField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"learnt {self.number}"


class LearningSwitch(BrandModel):
    """Whether the brand wants what was learnt to propose. The newest holds; without one it does not."""

    append_only = True

    on = models.BooleanField()
    by_person = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return "on" if self.on else "off"
