"""Both clocks of each round as they were last read, who was called about one, and what members were promised."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from clients.custody.clocks import ClockKind, ClockState
from clients.custody.models import Conversation, Turn
from clients.disclosure.models import Classified, ClassifiedQuerySet
from clients.service.rules import Band
from tenants.walls.stamps import BrandModel


class Clock(BrandModel):
    """One clock of one round, as `custody.clocks` read it last. Times in whole seconds, working and by the wall, of each side.

    INVARIANT: once stopped it changes only where what happened in the conversation says otherwise (it is taken up again), never
    because the briefing has other targets or hours since: figures of the past stay.
    """

    unwatched = (
        "read anew from turns and holdings, which are each told of; warnings and breaches have lines of their own"
    )

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in ClockKind])
    round = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    target = models.PositiveIntegerField()  # working minutes
    band = models.CharField(max_length=12, choices=[(b, b) for b in Band])
    state = models.CharField(max_length=8, choices=[(s, s) for s in ClockState])
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # of the breach
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.CharField(max_length=10, blank=True)  # a side; '' while it runs, and where it was let go
    working_brand = models.PositiveBigIntegerField(default=0)
    working_agency = models.PositiveBigIntegerField(default=0)
    elapsed_brand = models.PositiveBigIntegerField(default=0)
    elapsed_agency = models.PositiveBigIntegerField(default=0)
    asleep = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("conversation", "kind", "started_at"), name="clock_once"),
            models.CheckConstraint(
                condition=Q(state=ClockState.STOPPED, stopped_at__isnull=False)
                | (~Q(state=ClockState.STOPPED) & Q(stopped_at=None)),
                name="clock_stopped_with_its_moment",
            ),
        )
        indexes = (
            # What is due soonest; the page's list.
            models.Index(fields=("due_at", "id"), condition=Q(stopped_at=None), name="clock_running"),
            # Figures of a time.
            models.Index(fields=("started_at",), name="clock_by_start"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.round} of {self.conversation_id}"


class ServiceCall(Classified):
    """A contact of the briefing who was called because a clock ran out, in their order. Classed as the briefing's section is."""

    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="calls")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=1000)
    contact = models.CharField(max_length=1000)
    at = models.DateTimeField(default=timezone.now)
    lettered_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        constraints = (models.UniqueConstraint(fields=("clock", "place"), name="service_call_once"),)

    def __str__(self) -> str:
        return f"{self.place} of {self.clock_id}"


class Promise(BrandModel):
    """By when a member was told to have their answer. Kept once they have it in time; a broken one is tracked until then."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="promises")
    turn = models.OneToOneField(Turn, on_delete=models.PROTECT, related_name="promise")
    until = models.DateTimeField()
    at = models.DateTimeField()
    side = models.CharField(max_length=10)
    answered_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(until__gt=F("at")), name="promise_for_later"),)
        indexes = (
            # What we still owe, the soonest first.
            models.Index(fields=("until", "id"), condition=Q(answered_at=None), name="promise_open"),
            models.Index(fields=("conversation",), name="promise_of_conversation"),
        )

    def __str__(self) -> str:
        return f"{self.conversation_id} by {self.until:%Y-%m-%d %H:%M}"

    @property
    def state(self) -> str:
        """'open', 'kept', 'broken' (still owed), or 'late' (answered after all)."""
        if self.broken_at is None:
            return "kept" if self.answered_at else "open"
        return "late" if self.answered_at else "broken"
