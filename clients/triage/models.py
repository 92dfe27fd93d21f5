"""What people did with mentions, row by row; who has one open; what was handed over; answers on their way; saved views."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from clients.conversations.models import KeptView, SignOfLife
from clients.custody.models import Offer
from clients.items.models import Item
from clients.mentions.models import Mention
from clients.triage.rules import Place, Step
from tenants.walls.stamps import BrandModel


class Ruling(BrandModel):
    """One step of one mention: who took it, on which side, when, why, and from where to where. Never changed.

    `of` is the ruling that an undo takes back; `together` the same for all that were ruled on in one press.
    """

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("words",)

    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="rulings")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=10, choices=[(s, s) for s in Step])
    was = models.CharField(max_length=10, choices=[(p, p) for p in Place])
    now = models.CharField(max_length=10, choices=[(p, p) for p in Place])
    reason = models.CharField(max_length=16, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    until = models.DateTimeField(null=True)
    into = models.ForeignKey(Mention, null=True, on_delete=models.PROTECT, related_name="+")
    along = models.JSONField(default=list)  # copies of its own that a merge took with it
    to_person = models.UUIDField(null=True)
    to_name = models.CharField(max_length=200, blank=True)
    offer = models.ForeignKey(Offer, null=True, on_delete=models.PROTECT, related_name="+")  # of its conversation
    of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    together = models.UUIDField(null=True)
    by_person = models.UUIDField(null=True)  # None: the house itself
    by_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("mention", "number"), name="ruling_number"),)
        indexes = (
            # What one press did, for its undoing.
            models.Index(fields=("together",), condition=models.Q(together__isnull=False), name="ruling_together"),
        )

    def __str__(self) -> str:
        return f"{self.mention_id} {self.was} -{self.step}-> {self.now}"


class Handing(BrandModel):
    """What was handed to somebody before mentions were handed over as conversations (`Ruling.offer`): none is made any more.

    It stands on their 'my work' (a trigger keeps the pointer) until it is closed: by them
    with words of what came of it, or by the mention being taken up again.
    """

    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="handings")
    to_person = models.UUIDField()
    to_side = models.CharField(max_length=10)
    note = models.CharField(max_length=1000, blank=True)
    from_person = models.UUIDField()
    from_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = (models.Index(fields=("mention", "-at"), name="handing_of_mention"),)
        # INVARIANT: a mention waits for one person at a time.
        constraints = (
            models.UniqueConstraint(fields=("mention",), condition=models.Q(closed_at=None), name="handing_open_once"),
        )

    def __str__(self) -> str:
        return f"{self.mention_id} for {self.to_person}"


class Answer(BrandModel):
    """An item that answers a mention. What became of the answer is the item's own state, asked of it each time."""

    append_only = True

    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="answers")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="answers_mention")
    by_person = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=("mention", "-at"), name="answer_of_mention"),)

    def __str__(self) -> str:
        return f"{self.item_id} answers {self.mention_id}"


class Presence(SignOfLife):
    """Who has a mention on their screen."""

    unwatched = "a sign of life each minute of who looks at what: it decides nothing and would only add noise"

    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="presences")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("mention", "person_id"), name="presence_once"),)

    def __str__(self) -> str:
        return f"{self.person_name} at {self.mention_id}"


class SavedView(KeptView):
    """Filters of the inbox of mentions."""

    class Meta:
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=("person_id", "name"), name="saved_view_once"),)
