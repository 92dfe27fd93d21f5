"""Keys and OAuth clients, and what was handed out to a client: codes, families of tokens, tokens. Of each secret only a digest.

A key and a client are one table, because everything that people decide about them is the same: who answers for it, how far, from
where, until when. What permits something carries a seal (`clients.keys.seal`): a row that was put there by SQL opens nothing.
"""

from datetime import datetime

from django.db import models
from django.utils import timezone

from clients.disclosure.models import IntegrationPolicy
from clients.keys.rules import Ended, Kind
from tenants.vocabulary import Side
from tenants.walls.stamps import BrandModel

ENDINGS = [(e, e) for e in Ended]


class Key(BrandModel):
    """One other system of the brand: what it may, and the person who answers for it and as whom it acts.

    `digest` is that of the key, or of the client's secret; '' for a client that can keep none (an app on a telephone).
    """

    kind = models.CharField(max_length=10, choices=[(k, k) for k in Kind])
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=8, unique=True)  # shown; of a client: its `client_id`
    digest = models.CharField(max_length=64, blank=True)
    redirect_uris = models.JSONField(default=list)
    scopes = models.JSONField(default=list)
    networks = models.JSONField(default=list)  # CIDR; none: from anywhere
    policy = models.ForeignKey(IntegrationPolicy, on_delete=models.PROTECT, related_name="keys")
    side = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Side])
    answered_by = models.UUIDField()
    answered_name = models.CharField(max_length=200)
    made_by = models.UUIDField()
    made_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=10, blank=True, choices=ENDINGS)
    told = models.JSONField(default=list)  # which letters were written ahead of its end: each once
    seal = models.CharField(max_length=64, blank=True)

    class Meta(BrandModel.Meta):
        ordering = ("-created_at", "-id")
        constraints = (
            # INVARIANT: one secret opens one door. Also what each request looks up.
            models.UniqueConstraint(fields=("digest",), condition=~models.Q(digest=""), name="key_digest_once"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @property
    def is_confidential(self) -> bool:
        """Whether it has a secret of its own."""
        return self.digest != ""

    def is_live(self, now: datetime) -> bool:
        """Whether anything opens at this moment, as far as its own row and its policy say."""
        return self.revoked_at is None and now < self.expires_at and self.policy.holds(now)


class Family(BrandModel):
    """What one consent led to: every token that follows from it. Ended as a whole."""

    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="families")
    person_id = models.UUIDField()  # who consented; of a service: who answered for it then
    person_name = models.CharField(max_length=200)
    scopes = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=10, blank=True, choices=ENDINGS)
    seal = models.CharField(max_length=64, blank=True)

    class Meta(BrandModel.Meta):
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("key", "-at"), name="family_of_key"),)

    def __str__(self) -> str:
        return f"{self.key_id} for {self.person_name}"


class Code(BrandModel):
    """An authorization code: sent through a browser, so it lives a minute and is good once, for whoever asked for it."""

    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    redirect_uri = models.CharField(max_length=500)
    challenge = models.CharField(max_length=43)
    scopes = models.JSONField(default=list)
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    family = models.OneToOneField(Family, null=True, on_delete=models.PROTECT, related_name="code")
    seal = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"code for {self.key_id}"


class Token(BrandModel):
    """An access token, or the refresh token that brings the next. A refresh token that was used stays, to know it again."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="tokens")
    refresh = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)  # of a refresh token: exchanged; of an access token: given back
    seal = models.CharField(max_length=64, blank=True)

    class Meta(BrandModel.Meta):
        # What is over goes.
        indexes = (models.Index(fields=("expires_at",), name="token_over"),)

    def __str__(self) -> str:
        return f"{'refresh' if self.refresh else 'access'} until {self.expires_at:%Y-%m-%d %H:%M}"


class KeyDay(BrandModel):
    """How many minutes of one day a key was in use, and when last. Written at most once a minute."""

    unwatched = "how much a key is used, a row a day: what it read and did stands in the ledger and the log"

    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    minutes = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta(BrandModel.Meta):
        ordering = ("-day",)
        constraints = (models.UniqueConstraint(fields=("key", "day"), name="key_day_once"),)

    def __str__(self) -> str:
        return f"{self.key_id} {self.day}"


class KeyNetwork(BrandModel):
    """A network that a key was used from, since when: what is new is told to whoever answers for it."""

    key = models.ForeignKey(Key, on_delete=models.PROTECT, related_name="seen")
    network = models.CharField(max_length=50)
    at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        ordering = ("-at",)
        constraints = (models.UniqueConstraint(fields=("key", "network"), name="key_network_once"),)

    def __str__(self) -> str:
        return self.network
