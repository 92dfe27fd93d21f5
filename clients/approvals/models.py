"""Verdicts, veto windows, holds, standing approvals, and the policy by which the brand wants to be asked."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from clients.approvals.words import BatchState, HoldScope, NoticeKind, NoticeState, OnLapse, StandingState, VerdictKind
from clients.autonomy.vocabulary import ActionKind, Sensitivity, WindowState
from tenants.walls.stamps import BrandModel


class ApprovalPolicy(BrandModel):
    """How the brand wants to be asked. One row a brand; without it the defaults below hold.

    `needs` lists the people who must all say yes; empty means that any one approver is enough.
    `veto_minutes` counts the brand's working time.
    """

    one = models.BooleanField(default=True, unique=True)
    needs = models.JSONField(default=list, blank=True)
    decide_minutes = models.PositiveIntegerField(null=True)
    on_lapse = models.CharField(max_length=5, choices=[(o, o) for o in OnLapse], default=OnLapse.HOLD)
    veto_minutes = models.PositiveIntegerField(default=240)
    undo_seconds = models.PositiveSmallIntegerField(default=10)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(one=True), name="policy_one_row"),)

    def __str__(self) -> str:
        return "approval policy"


class Verdict(BrandModel):
    """One word of one person of the brand on one exact content. Never changed; a later word is another row.

    Bound by `digest`, not by item: any other content of the same item is simply another digest.
    """

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("comment",)

    item_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=[(k, k) for k in VerdictKind])
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10)
    role = models.CharField(max_length=30)
    comment = models.TextField(blank=True)
    # How often this person had said this of this content before: a yes from before a brake has to be said again after it.
    again = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
    # A MAC that a yes needs in order to count: see `clients.approvals.seal`.
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            # One yes of one person to one content: of a thousand presses, one counts.
            models.UniqueConstraint(fields=("item_id", "digest", "person_id", "kind", "again"), name="verdict_once"),
        )
        indexes = (models.Index(fields=("item_id", "at"), name="verdict_of_item"),)

    def __str__(self) -> str:
        return f"{self.kind} by {self.person_name}"


class VetoWindow(BrandModel):
    """Time for a no. Opens when a notice was delivered and closes after working time of the brand."""

    item_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=[(s, s) for s in WindowState], default=WindowState.UNDELIVERED)
    minutes = models.PositiveIntegerField()
    asked_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item_id", "digest"), name="one_window_a_content"),)

    def __str__(self) -> str:
        return f"{self.state} {self.closes_at}"


class Notice(BrandModel):
    """A mail to one person of the brand about one content: needed for a window, told for the rest."""

    item_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in NoticeKind])
    person_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in NoticeState], default=NoticeState.QUEUED)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item_id", "digest", "kind", "person_id"), name="notice_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Hold(BrandModel):
    """The brand's brake. While it is not lifted, nothing in its scope leaves; only the brand lifts it (hole P3)."""

    scope = models.CharField(max_length=8, choices=[(s, s) for s in HoldScope])
    value = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    placed_by = models.UUIDField()
    placed_by_name = models.CharField(max_length=200)
    placed_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.UUIDField(null=True)
    lifted_by_name = models.CharField(max_length=200, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # Pressing stop twice is one stop.
            models.UniqueConstraint(fields=("scope", "value"), condition=Q(lifted_at__isnull=True), name="hold_once"),
        )

    def __str__(self) -> str:
        return f"{self.scope} {self.value}"


class StandingApproval(BrandModel):
    """The brand's yes in advance to what matches a template. Its content is fixed when signed; a change is a new one."""

    title = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=[(s, s) for s in StandingState], default=StandingState.PROPOSED)
    kind = models.CharField(max_length=20, choices=[(k, k) for k in ActionKind])
    sensitivity = models.CharField(max_length=10, choices=[(s, s) for s in Sensitivity], default=Sensitivity.ROUTINE)
    channels = models.JSONField(default=list)
    template = models.TextField()
    subject = models.CharField(max_length=200, blank=True)
    link_hosts = models.JSONField(default=list)
    media_allowed = models.BooleanField(default=False)
    until = models.DateField(null=True)
    uses = models.PositiveIntegerField(null=True)  # as signed
    uses_left = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64)
    seal = models.CharField(max_length=64, blank=True)
    proposed_by = models.UUIDField()
    proposed_by_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField(default=timezone.now)
    signed_by = models.UUIDField(null=True)
    signed_by_name = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("state", "kind"), name="standing_in_force"),)

    def __str__(self) -> str:
        return self.title


class Batch(BrandModel):
    """Several approvals pressed at once. The server holds them until `effective_at`; until then one press takes all back."""

    items = models.JSONField()  # [[item id, digest], ...]
    person_id = models.UUIDField()
    effective_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(s, s) for s in BatchState], default=BatchState.PENDING)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"batch of {len(self.items)}, {self.state}"
