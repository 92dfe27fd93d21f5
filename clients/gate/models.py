"""What the gate answered, what it is sending, and what it sent."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from clients.autonomy.vocabulary import Basis, Outcome
from clients.gate.words import DispatchState, Stage
from clients.items.models import Item, ItemVersion
from tenants.walls.stamps import BrandModel


class DecisionRecord(BrandModel):
    """One answer with everything it depended on, so that it can be asked again for ever (promise 7).

    `question` is the whole question; the charter is found again by `charter_id`. `digest` binds all three. No foreign
    keys: an answer outlives the item it was about.
    """

    append_only = True

    at = models.DateTimeField(default=timezone.now)
    item_id = models.UUIDField()
    channel_id = models.UUIDField()
    version_number = models.PositiveIntegerField()
    stage = models.CharField(max_length=8, choices=[(s, s) for s in Stage])
    question = models.JSONField()
    charter_id = models.UUIDField(null=True)
    charter_version = models.PositiveIntegerField(default=0)
    charter_digest = models.CharField(max_length=64, blank=True)
    briefing_version = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=14, choices=[(o, o) for o in Outcome])
    basis = models.CharField(max_length=10, choices=[(b, b) for b in Basis], blank=True)
    level = models.PositiveSmallIntegerField()
    grant = models.CharField(max_length=80, blank=True)
    reasons = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = (
            # 'Why': the answers about one item, newest last.
            models.Index(fields=("item_id", "at"), name="decision_of_item"),
            # What would have happened in the last 30 days under another charter.
            models.Index(fields=("stage", "at"), name="decision_by_stage"),
        )

    def __str__(self) -> str:
        return f"{self.outcome} at level {self.level}"


class Dispatch(BrandModel):
    """One item on its way to one channel. Its id is the key that makes a repeat harmless; it lives until it is sent.

    INVARIANT: `sending` is committed before the outward call begins, so a crash never hides that something may have left.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="dispatches")
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    channel_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in DispatchState], default=DispatchState.PENDING)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Its turn in the channel's pace, once it has one: see `sending`.
    turn_at = models.DateTimeField(null=True)
    # Class B: the draft there, stored before it is made public, so that a repeat continues instead of beginning anew.
    remote_draft = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    decision = models.ForeignKey(DecisionRecord, on_delete=models.PROTECT, related_name="+", null=True)
    grant = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField(null=True)
    # When the first of the calls began whose end nobody knows; `started_at` is that of the last.
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    remote_id = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    remote_state = models.CharField(max_length=12, blank=True)
    error = models.CharField(max_length=80, blank=True)
    # What the person who performed the act, or looked whether it had left, wants to be remembered of it.
    note = models.TextField(blank=True)

    class Meta:
        constraints = (
            # An item goes to a channel once, whatever is pressed, retried or edited (promise 6).
            models.UniqueConstraint(
                fields=("item", "channel_id"),
                condition=~Q(state=DispatchState.CANCELLED),
                name="dispatch_once",
            ),
        )
        indexes = (
            # Daily caps: what went out today under one grant.
            models.Index(fields=("grant", "ended_at"), condition=~Q(grant=""), name="dispatch_under_grant"),
            # A mail that comes back names the act it was.
            models.Index(fields=("remote_id",), condition=~Q(remote_id=""), name="dispatch_by_remote_id"),
        )

    def __str__(self) -> str:
        return f"{self.item_id} to {self.channel_id}: {self.state}"


class Sighting(BrandModel):
    """What became of a post of ours, as its network showed it at one moment. The newest one is the state now."""

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("url",)

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="sightings")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=12)
    url = models.CharField(max_length=1000, blank=True)
    replies = models.PositiveIntegerField(null=True)
    reactions = models.PositiveIntegerField(null=True)
    shares = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = (
            # The newest sighting of each post.
            models.Index(fields=("dispatch", "-at"), name="sighting_newest"),
        )

    def __str__(self) -> str:
        return f"{self.state} at {self.at}"


class Receipt(BrandModel):
    """Proof of one act in the brand's name: what exactly, by what right, under which rule. One for each act, never altered."""

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("title", "url", "remote_id", "not_taken")

    dispatch_id = models.UUIDField(unique=True)
    decision = models.ForeignKey(DecisionRecord, on_delete=models.PROTECT, related_name="+")
    item_id = models.UUIDField()
    title = models.CharField(max_length=200, blank=True)
    channel_id = models.UUIDField()
    channel_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    content_digest = models.CharField(max_length=64)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10)
    basis = models.CharField(max_length=10, choices=[(b, b) for b in Basis])
    level = models.PositiveSmallIntegerField()
    grant = models.CharField(max_length=80, blank=True)
    charter_version = models.PositiveIntegerField()
    briefing_version = models.PositiveIntegerField()
    approved_by = models.JSONField(default=list)
    sent_at = models.DateTimeField(default=timezone.now)
    remote_id = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    remote_state = models.CharField(max_length=12, blank=True)
    # Recipients the network did not take while it took the others, by their digest: [[sha256, status, permanent], ...]
    not_taken = models.JSONField(default=list)

    class Meta:
        indexes = (
            models.Index(fields=("-sent_at",), name="receipt_newest"),
            models.Index(fields=("item_id",), name="receipt_of_item"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.sent_at:%Y-%m-%d %H:%M}"
