"""Insights and their steps, what said the same, whom a department's word was asked of, its answers, and what members were told.

What the brand let out for 'you said, we did' is a row of its own, with words of its own: whatever class the insight has.
"""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from clients.custody.models import Conversation
from clients.disclosure.models import Classified, ClassifiedQuerySet, ShareLink
from clients.insights.rules import (
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_SAID,
    LONGEST_TITLE,
    Decision,
    DepartmentCode,
    State,
    Step,
)
from clients.items.models import Item
from clients.mentions.models import Mention
from tenants.walls.stamps import BrandModel

STATES = [(s, s) for s in State]


class Department(BrandModel):
    """Whom the brand asks: one of those that every brand has, by its code, or one that the brand named."""

    code = models.CharField(max_length=10, choices=[(c, c) for c in DepartmentCode], blank=True)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    key = models.CharField(max_length=160, unique=True)  # the code, or the name as it is compared
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name or self.code


class Theme(BrandModel):
    """What several insights are about. A merged one says into which, and gives its name back."""

    name = models.CharField(max_length=LONGEST_NAME)
    key = models.CharField(max_length=160)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("key",)
        constraints = (
            models.UniqueConstraint(fields=("key",), condition=models.Q(merged_into=None), name="theme_name_once"),
        )

    def __str__(self) -> str:
        return self.name


class Insight(Classified):
    """What the community taught, in the words of whoever noted it.

    INVARIANT: its class is never less strict than that of anything under it, and its state is what its steps add up to.
    """

    title = models.CharField(max_length=LONGEST_TITLE)
    text = models.TextField(blank=True)
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT, related_name="insights")
    theme = models.ForeignKey(Theme, null=True, on_delete=models.PROTECT, related_name="insights")
    state = models.CharField(max_length=10, choices=STATES, default=State.NOTED)
    due_at = models.DateTimeField(null=True)  # of the word that is owed; none once it was given
    decision = models.CharField(max_length=10, choices=[(d, d) for d in Decision], blank=True)
    why = models.CharField(max_length=LONGEST_NOTE, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_name = models.CharField(max_length=200, blank=True)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state=State.CLOSED, closed_at__isnull=False)
                | (~models.Q(state=State.CLOSED) & models.Q(closed_at=None)),
                name="insight_closed_with_its_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at=None) | models.Q(decision__gt="", decided_at__isnull=False),
                name="insight_decided_with_its_moment",
            ),
        )
        indexes = (
            # The list, newest first: whole, of one state, of one theme, of one department.
            models.Index(fields=("-created_at", "-id"), name="insight_newest"),
            models.Index(fields=("state", "-created_at", "-id"), name="insight_of_state"),
            models.Index(fields=("theme", "-created_at", "-id"), name="insight_of_theme"),
            models.Index(fields=("department", "-created_at", "-id"), name="insight_of_department"),
        )

    def __str__(self) -> str:
        return self.title


class InsightSource(BrandModel):
    """A conversation or a mention that an insight comes from. `wants_word`: its author asked to hear what comes of it."""

    insight = models.ForeignKey(Insight, on_delete=models.PROTECT, related_name="sources")
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.PROTECT, related_name="insight_sources")
    mention = models.ForeignKey(Mention, null=True, on_delete=models.PROTECT, related_name="insight_sources")
    wants_word = models.BooleanField(default=False)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(conversation=None, mention__isnull=False)
                | models.Q(conversation__isnull=False, mention=None),
                name="insight_source_is_one",
            ),
            models.UniqueConstraint(
                fields=("insight", "conversation"),
                condition=models.Q(conversation__isnull=False),
                name="insight_source_conversation_once",
            ),
            models.UniqueConstraint(
                fields=("insight", "mention"),
                condition=models.Q(mention__isnull=False),
                name="insight_source_mention_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.conversation_id or self.mention_id} under {self.insight_id}"


class InsightStep(BrandModel):
    """One step of one insight: who took it, when, and from where to where. Never changed."""

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("note",)

    insight = models.ForeignKey(Insight, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=10, choices=[(s, s) for s in Step])
    was = models.CharField(max_length=10, choices=STATES, blank=True)
    now = models.CharField(max_length=10, choices=STATES)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    by_person = models.UUIDField(null=True)  # None: the house itself, or who came by a link
    by_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("insight", "number"), name="insight_step_number"),)

    def __str__(self) -> str:
        return f"{self.insight_id} {self.was} -{self.step}-> {self.now}"


class Asking(BrandModel):
    """A department's word that is asked for: of one person with an account, or of whoever holds a link.

    `quoted`: whose words go along, as ids of `InsightSource`. `once`: the first answer ends it. While it is owed it stands on
    the work of whom it is asked of: a trigger keeps the pointer.
    """

    insight = models.ForeignKey(Insight, on_delete=models.PROTECT, related_name="askings")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="askings")
    to_person = models.UUIDField(null=True)
    to_name = models.CharField(max_length=200)
    link = models.OneToOneField(ShareLink, null=True, on_delete=models.PROTECT, related_name="asking")
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    quoted = models.JSONField(default=list)
    once = models.BooleanField(default=False)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # INVARIANT: an insight waits for one department at a time.
            models.UniqueConstraint(fields=("insight",), condition=models.Q(closed_at=None), name="insight_asked_once"),
            models.CheckConstraint(
                condition=models.Q(to_person__isnull=False, link=None) | models.Q(to_person=None, link__isnull=False),
                name="asking_by_person_or_link",
            ),
        )
        indexes = (models.Index(fields=("to_person",), condition=models.Q(closed_at=None), name="asking_of_person"),)

    def __str__(self) -> str:
        return f"{self.insight_id} asked of {self.to_person or self.link_id}"


class InsightAnswer(BrandModel):
    """A department's word. `by_person` is None for whoever came by the link; `name` is what they called themselves."""

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("text", "name")

    asking = models.ForeignKey(Asking, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField()
    name = models.CharField(max_length=200, blank=True)
    by_person = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.name} on {self.asking_id}"


class Closing(BrandModel):
    """An item that tells one member what came of it. What became of the item is its own state, asked of it each time."""

    append_only = True

    insight = models.ForeignKey(Insight, on_delete=models.PROTECT, related_name="closings")
    source = models.ForeignKey(InsightSource, on_delete=models.PROTECT, related_name="closings")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="closings")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="closes")
    by_person = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=("insight", "at"), name="closing_of_insight"),)

    def __str__(self) -> str:
        return f"{self.item_id} closes {self.insight_id}"


class Released(BrandModel):
    """One line of 'you said, we did': the brand's own words for this list, until it takes them off again."""

    insight = models.OneToOneField(Insight, on_delete=models.PROTECT, related_name="released")
    said = models.CharField(max_length=LONGEST_SAID)
    did = models.CharField(max_length=LONGEST_SAID)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("-at", "-id"), name="released_newest"),)

    def __str__(self) -> str:
        return self.said
