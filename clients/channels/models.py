"""The channels a brand has connected, and what the network that stands in for one has been sent."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from clients.channels.port import Capabilities
from clients.channels.registry import connector_for
from clients.channels.rules import ChannelState
from tenants.walls.stamps import BrandModel, BrandQuerySet


class ChannelQuerySet(BrandQuerySet["Channel"]):
    """Filters of channels that compose."""

    def live(self) -> "ChannelQuerySet":
        """Those that still exist for people, broken ones included."""
        return self.exclude(state=ChannelState.REVOKED)

    def open(self) -> "ChannelQuerySet":
        """Those over which something may leave now."""
        return self.filter(state=ChannelState.CONNECTED)


class Channel(BrandModel):
    """One account of the brand on one medium. It belongs to the brand: no agency person can read or end it, or connect
    it but on the brand's invitation. Such an invitation is a channel that is unconfirmed and that nobody has connected yet.

    `secret` is an envelope of `vault`, opened only by `access.credentials_of`. What the channel can do is not stored:
    its connector declares it, so that a stricter network is a change of code and not of a thousand rows.
    Rows are never deleted, because receipts name them.
    """

    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    handle = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in ChannelState], default=ChannelState.CONNECTED.value
    )
    settings = models.JSONField(default=dict)
    secret = models.BinaryField(default=b"")
    secret_changed_at = models.DateTimeField(null=True)
    health = models.CharField(max_length=60, blank=True)  # the code of what is wrong, '' when nothing is
    health_since = models.DateTimeField(default=timezone.now)
    connected_by = models.UUIDField(null=True)
    # What the network said of the account when it was last asked (`port.Account`).
    url = models.CharField(max_length=500, blank=True)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    renews = models.BooleanField(default=False)  # holds a refresh token: its end is put off by itself
    renewing_until = models.DateTimeField(null=True)  # somebody is at it: a refresh token may work only once
    # Politeness: nothing leaves before the first, because the network said so; the next act takes its turn at the second.
    quiet_until = models.DateTimeField(null=True)
    next_turn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[ChannelQuerySet] = ChannelQuerySet.as_manager()  # type: ignore[assignment]

    class Meta(BrandModel.Meta):
        ordering = ("created_at", "id")
        constraints = (
            # People tell channels apart by their names, on screens and in a charter.
            models.UniqueConstraint(fields=("name",), condition=~Q(state="revoked"), name="channel_name_once"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ChannelState]), name="channel_state_known"),
            # INVARIANT: a revoked channel holds no credential any more.
            models.CheckConstraint(
                condition=~Q(state="revoked") | Q(secret=b"", revoked_at__isnull=False), name="channel_revoked_empty"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def capabilities(self) -> Capabilities:
        """What its network takes."""
        return connector_for(self.kind).declares

    @property
    def is_invitation(self) -> bool:
        """Whether it waits for the agency to connect it."""
        return self.state == ChannelState.UNCONFIRMED and self.connected_by is None

    @property
    def is_open(self) -> bool:
        """Whether something may leave over it now."""
        return self.state == ChannelState.CONNECTED


class MemoryPost(BrandModel):
    """What the network `memory` has received: a wall to look at, and in tests the truth about what went out.

    It plays a foreign system, so it knows channels by id only: a foreign key would lock our channel's row from the
    other transaction, and the two would wait for each other. Rows are added and never changed, as on a wall of paper.
    """

    unwatched = "the wall of the memory channel: it stands for the outside world"

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("title", "text", "link", "media", "recipient", "target")

    channel_id = models.UUIDField()
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    link = models.TextField(blank=True)
    media = models.JSONField(default=list)  # [{digest, mime, alt}]: the digest is the one of the item's medium
    recipient = models.TextField(blank=True)
    target = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        db_table = "memory_post"
        ordering = ("-at", "-id")
        constraints = (
            # INVARIANT: this is what makes the network class A. The same key again is the same post.
            models.UniqueConstraint(fields=("channel_id", "key"), name="memory_post_key"),
        )
        indexes = (
            # The wall, newest first.
            models.Index(fields=("-at", "-id"), name="memory_post_newest"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
