"""What is moderated and how it stands, what was asked for, the evidence, appeals, raids, and decisions to let things be."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind
from clients.custody.models import Conversation, Turn
from clients.disclosure.models import Classified, ClassifiedQuerySet
from clients.items.models import Item
from clients.mentions.models import Mention
from clients.moderation.rules import ACTS, LONGEST_APPEAL, LONGEST_WORDS, AppealState, CalmKind, CaseState
from tenants.walls.stamps import BrandModel

STATES = [(s, s) for s in CaseState]


class Case(Classified):
    """One thing that somebody else wrote and that we act upon: a mention, or a turn of a conversation. One case for each.

    It has the class of what it is about. `target` is what the network calls the thing, `handle` whom a ban is about. `rule` is
    the number of the house rule that the newest act cites, and `rule_words` what that rule said then.
    """

    mention = models.OneToOneField(Mention, null=True, on_delete=models.PROTECT, related_name="moderated")
    turn = models.OneToOneField(Turn, null=True, on_delete=models.PROTECT, related_name="moderated")
    channel = models.UUIDField()
    target = models.CharField(max_length=500, blank=True)
    author = models.CharField(max_length=200, blank=True)
    handle = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True)
    rule = models.CharField(max_length=10)
    rule_words = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default=CaseState.VISIBLE)
    banned_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(default=timezone.now)
    acted_at = models.DateTimeField(default=timezone.now)  # when the newest act was asked for

    evidence: ClassVar[Any]

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        constraints = (
            models.CheckConstraint(
                condition=models.Q(mention=None, turn__isnull=False) | models.Q(mention__isnull=False, turn=None),
                name="case_about_one_thing",
            ),
        )
        indexes = (
            # The list, newest first: all of them, or those in one state.
            models.Index(fields=("-acted_at", "-id"), name="case_newest"),
            models.Index(fields=("state", "-acted_at", "-id"), name="case_by_state"),
        )

    def __str__(self) -> str:
        return self.title or str(self.pk)


class Raid(BrandModel):
    """Many things hidden with one press. `undone_at`: it was taken back, and what had left is shown again."""

    rule = models.CharField(max_length=10)
    why = models.CharField(max_length=LONGEST_WORDS, blank=True)
    things = models.JSONField(default=list)  # ids of mentions, as text
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10)
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{len(self.things)} at {self.at:%Y-%m-%d %H:%M}"


class Act(BrandModel):
    """One act that was asked for, and the item by which it goes through the gate. What became of it is that item's own state."""

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("why",)

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="acts")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(str(k), str(k)) for k in ACTS])
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="moderates")
    rule = models.CharField(max_length=10, blank=True)
    why = models.CharField(max_length=LONGEST_WORDS, blank=True)
    raid = models.ForeignKey(Raid, null=True, on_delete=models.PROTECT, related_name="acts")
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "number"), name="moderation_act_number"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Told(BrandModel):
    """An item that tells the member which rule was cited."""

    append_only = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tellings")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="tells_of_case")
    kind = models.CharField(max_length=20, choices=[(str(k), str(k)) for k in ActionKind])
    by_person = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.item_id} tells of {self.case_id}"


class Evidence(Classified):
    """The thing as it was when the first act upon it was asked for: words, author, address, and a picture if somebody kept one.

    Encrypted, for the brand alone, and gone after a while (`retention`). `digest` is the SHA-256 of what is sealed, so that what
    is opened years later can be told to be the same.
    """

    sealed_columns: ClassVar[tuple[str, ...]] = ("sealed",)

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence")
    sealed = models.BinaryField()
    digest = models.CharField(max_length=64)
    picture = models.BooleanField(default=False)
    taken_at = models.DateTimeField(default=timezone.now)
    by_name = models.CharField(max_length=200)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        # What is over goes.
        indexes = (models.Index(fields=("taken_at",), name="evidence_over"),)

    def __str__(self) -> str:
        return f"evidence of {self.case_id}"


class Appeal(BrandModel):
    """The member says that it was wrong. Somebody who had no part in the act answers, and says why."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="appeals")
    words = models.CharField(max_length=LONGEST_APPEAL)
    to_person = models.UUIDField()
    to_name = models.CharField(max_length=200)
    by_person = models.UUIDField()  # who wrote it down
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=[(s, s) for s in AppealState], default=AppealState.OPEN)
    answer = models.CharField(max_length=LONGEST_WORDS, blank=True)
    decided_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        # INVARIANT: one appeal at a time, so that no two people answer the same member differently.
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=models.Q(state=AppealState.OPEN), name="appeal_open_once"
            ),
        )
        indexes = (
            # What waits for one person.
            models.Index(fields=("to_person",), condition=models.Q(state=AppealState.OPEN), name="appeal_of_person"),
        )

    def __str__(self) -> str:
        return f"appeal of {self.case_id}"


class Calm(BrandModel):
    """Going slow, or letting members talk: about one mention or one conversation, until a moment, with a reason."""

    kind = models.CharField(max_length=10, choices=[(k, k) for k in CalmKind])
    mention = models.ForeignKey(Mention, null=True, on_delete=models.PROTECT, related_name="calmed")
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.PROTECT, related_name="calmed")
    reason = models.CharField(max_length=LONGEST_WORDS)
    until = models.DateTimeField()
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(mention=None, conversation__isnull=False)
                | models.Q(mention__isnull=False, conversation=None),
                name="calm_about_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} until {self.until:%Y-%m-%d %H:%M}"
