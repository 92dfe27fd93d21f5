"""To whom a brand has its changes told, what waits to be told or was, and each try with its bytes.

A subscription follows the feed of changes by a cursor of its own: what is not yet a `Delivery` is still in the feed, so a pause
loses nothing. Deliveries of one object go out one after the other; whatever else waits is not held up by them.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from clients.webhooks.rules import DeliveryState, PausedWhy, SubscriptionState
from tenants.walls.stamps import BrandModel


class Subscription(BrandModel):
    """One receiver of the brand's. Its address and its secrets are sealed; `host` is all of the address that is shown."""

    sealed_columns: ClassVar[tuple[str, ...]] = ("sealed",)

    name = models.CharField(max_length=80)
    host = models.CharField(max_length=255)
    sealed = models.BinaryField(default=b"")
    resources = models.JSONField(default=list)
    policy_id = models.UUIDField(null=True)  # disclosure.IntegrationPolicy: what may be told beyond that it changed
    state = models.CharField(
        max_length=8, choices=[(s, s) for s in SubscriptionState], default=SubscriptionState.ACTIVE
    )
    paused_why = models.CharField(max_length=8, choices=[(w, w) for w in PausedWhy], blank=True)
    state_since = models.DateTimeField(default=timezone.now)
    old_secret_until = models.DateTimeField(null=True)
    made_by = models.UUIDField()
    made_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        ordering = ("created_at", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(state="ended") | Q(sealed=b""), name="webhook_ended_empty"),
            models.CheckConstraint(
                condition=Q(state="paused", paused_why__gt="") | (~Q(state="paused") & Q(paused_why="")),
                name="webhook_paused_why",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Progress(BrandModel):
    """How far a subscription is and how its receiver does: changes with each event, and so is no part of what people decided."""

    unwatched = "counters of a subscription: what people decide about it stands in the subscription itself"

    subscription = models.OneToOneField(Subscription, on_delete=models.PROTECT, related_name="progress")
    course = models.UUIDField(null=True)
    position = models.BigIntegerField(default=0)
    number = models.BigIntegerField(default=0)  # of the newest delivery
    fails = models.PositiveIntegerField(default=0)  # in a row, whatever the event
    failing_since = models.DateTimeField(null=True)
    quiet_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.subscription_id} at {self.position}"


class Delivery(BrandModel):
    """One event for one receiver. Its id is the `webhook-id`: the same for each try and each time it is sent again."""

    unwatched = "work of webhooks, as rows of the outbox are: what left stands in the ledger, each try in its own row"

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="deliveries")
    number = models.BigIntegerField()
    event = models.CharField(max_length=40)
    resource = models.CharField(max_length=30, blank=True)
    object_id = models.UUIDField(null=True)
    cursor = models.CharField(max_length=40, blank=True)  # of the feed: after this change
    at = models.DateTimeField()
    lane = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in DeliveryState], default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)  # over all times it was sent again
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta(BrandModel.Meta):
        constraints = (models.UniqueConstraint(fields=("subscription", "number"), name="delivery_number"),)
        indexes = (
            # What a lane does next.
            models.Index(
                fields=("subscription", "lane", "number"),
                condition=Q(state=DeliveryState.WAITING),
                name="delivery_next",
            ),
            # Whether it was ever told.
            models.Index(fields=("subscription", "object_id", "number"), name="delivery_of_object"),
            # Which event of an object goes first.
            models.Index(
                fields=("subscription", "object_id", "number"),
                condition=Q(state=DeliveryState.WAITING),
                name="delivery_first",
            ),
            # What is being told at this moment.
            models.Index(
                fields=("leased_until",),
                condition=Q(state=DeliveryState.WAITING, leased_until__isnull=False),
                name="delivery_under_way",
            ),
            # What is over goes.
            models.Index(fields=("ended_at",), condition=Q(ended_at__isnull=False), name="delivery_over"),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.number}"


class Attempt(BrandModel):
    """One try: the bytes that left, and the beginning of what came back."""

    never_updated = True
    unwatched = "the account of one try; kept for a month"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="log")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)
    body = models.TextField()
    answer = models.TextField(blank=True)

    class Meta(BrandModel.Meta):
        ordering = ("number", "id")

    def __str__(self) -> str:
        return f"try {self.number}: {self.status or self.error}"
