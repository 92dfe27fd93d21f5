"""Conversations, what was said in them, who held them step by step, what was offered to whom, and who stands in for whom."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from clients.autonomy.vocabulary import Sensitivity
from clients.custody.rules import LONGEST_NOTE, LONGEST_TEAM, Answer, LapseTo, Medium, State, Step, TurnKind, Voice
from clients.disclosure.models import Classified, ClassifiedQuerySet
from tenants.vocabulary import Side
from tenants.walls.stamps import BrandModel

TAIL = models.Func(
    models.F("remote_id"), models.Value("_"), models.Value(-1), function="split_part", output_field=models.CharField()
)
"""`channels.naming.tail_of`, as the database says it."""
SIDES = [(s, s) for s in Side]
STATES = [(s, s) for s in State]


class Conversation(Classified):
    """One conversation with one member, and who holds it now.

    `thread` is the SHA-256 of the channel and what the network calls the thread; empty for what has none (a call, a talk at
    a stand). `handle` is `rules.plain_handle` of what the member is called on the channel. What was merged says into which.
    INVARIANT: holder, state and lock are what the `Holding` rows add up to, and are written with them (`steps.move`).
    """

    channel = models.UUIDField(null=True)
    medium = models.CharField(max_length=10, choices=[(m, m) for m in Medium])
    thread = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=8, blank=True)
    topic = models.CharField(max_length=200, blank=True)
    sensitivity = models.CharField(max_length=10, choices=[(s, s) for s in Sensitivity], default=Sensitivity.ROUTINE)
    priority = models.PositiveSmallIntegerField(default=0)  # 0 to 100
    state = models.CharField(max_length=10, choices=STATES, default=State.OPEN)
    until = models.DateTimeField(null=True)  # of a snooze
    member = models.UUIDField(null=True)
    member_name = models.CharField(max_length=200, blank=True)
    handle = models.CharField(max_length=200, blank=True)
    holder_side = models.CharField(max_length=10, choices=SIDES)
    holder_person = models.UUIDField(null=True)
    holder_team = models.CharField(max_length=LONGEST_TEAM, blank=True, default="")
    held_since = models.DateTimeField(default=timezone.now)
    # The brand locked it: the agency may not take it back.
    locked = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    last_said_at = models.DateTimeField(default=timezone.now)

    merged: ClassVar[Any]

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        constraints = (
            # A thread is one conversation, however many workers bring it in.
            models.UniqueConstraint(fields=("thread",), condition=~models.Q(thread=""), name="conversation_of_thread"),
            models.CheckConstraint(condition=models.Q(holder_side__in=list(Side)), name="conversation_held_by_a_side"),
            models.CheckConstraint(
                condition=models.Q(state=State.CLOSED, closed_at__isnull=False)
                | (~models.Q(state=State.CLOSED) & models.Q(closed_at=None, merged_into=None)),
                name="conversation_closed_with_its_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(holder_person=None) | models.Q(holder_team=""), name="conversation_one_hand"
            ),
        )
        indexes = (
            # The inbox: what is open, the most urgent first; and the same of one side.
            models.Index(fields=("state", "-priority", "-last_said_at", "-id"), name="conversation_inbox"),
            models.Index(
                fields=("holder_side", "state", "-priority", "-last_said_at", "-id"), name="conversation_of_side"
            ),
            # What one person holds.
            models.Index(
                fields=("holder_person", "state"),
                condition=models.Q(holder_person__isnull=False),
                name="conversation_of_person",
            ),
            # The member's history across channels.
            models.Index(
                fields=("member", "-last_said_at"),
                condition=models.Q(member__isnull=False),
                name="conversation_of_member",
            ),
            # The gate: who holds what is going on with this handle.
            models.Index(fields=("channel", "handle"), condition=~models.Q(handle=""), name="conversation_of_handle"),
            # What stands in one's own right, and what was merged into it.
            models.Index(
                fields=("merged_into",), condition=models.Q(merged_into__isnull=False), name="conversation_merged"
            ),
        )

    def __str__(self) -> str:
        return self.title or str(self.pk)


class Turn(BrandModel):
    """One thing that was said, by the member or by us. `at` is when it was said, `seen_at` when it was known here.

    `mention` and `item` lie above and are ids alone. `of` is the turn that this one repeats where a conversation was split.
    """

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("text", "author", "author_handle", "remote_id", "in_reply_to")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="turns")
    number = models.PositiveIntegerField()
    voice = models.CharField(max_length=10, choices=[(v, v) for v in Voice])
    kind = models.CharField(max_length=16, choices=[(k, k) for k in TurnKind], default=TurnKind.MESSAGE)
    text = models.TextField(blank=True)
    author = models.CharField(max_length=200, blank=True)
    author_handle = models.CharField(max_length=200, blank=True)
    channel = models.UUIDField(null=True)
    remote_id = models.CharField(max_length=500, blank=True)
    in_reply_to = models.CharField(max_length=500, blank=True)
    mention = models.UUIDField(null=True)
    item = models.UUIDField(null=True)
    of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("conversation", "number"), name="turn_number"),
            # A mention or an item is one turn of a conversation, however often somebody looks.
            models.UniqueConstraint(
                fields=("conversation", "mention"), condition=models.Q(mention__isnull=False), name="turn_of_mention"
            ),
            models.UniqueConstraint(
                fields=("conversation", "item"), condition=models.Q(item__isnull=False), name="turn_of_item"
            ),
        )
        indexes = (
            # The gate: the conversation of what an answer is aimed at; and threading, by what a reply names.
            models.Index(fields=("channel", "remote_id"), condition=~models.Q(remote_id=""), name="turn_by_remote_id"),
            # The same on networks where a comment goes by its id with and without that of the post before it.
            models.Index(models.F("channel"), TAIL, condition=~models.Q(remote_id=""), name="turn_by_tail"),
            models.Index(fields=("mention",), condition=models.Q(mention__isnull=False), name="turn_by_mention"),
            models.Index(fields=("item",), condition=models.Q(item__isnull=False), name="turn_by_item"),
        )

    def __str__(self) -> str:
        return f"{self.voice} {self.number} of {self.conversation_id}"


class Holding(BrandModel):
    """One step of one conversation: who took it and on which side, when, why, and whose hands it left and came into.

    `of` is the step that this one answers: the pass that is accepted, declined or lapsed, the hand-over that is returned.
    """

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("note",)

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="holdings")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=10, choices=[(s, s) for s in Step])
    was_side = models.CharField(max_length=10, blank=True)  # empty at the opening alone
    was_person = models.UUIDField(null=True)
    was_team = models.CharField(max_length=LONGEST_TEAM, blank=True)
    was_state = models.CharField(max_length=10, choices=STATES, blank=True)
    now_side = models.CharField(max_length=10, choices=SIDES)
    now_person = models.UUIDField(null=True)
    now_team = models.CharField(max_length=LONGEST_TEAM, blank=True)
    now_state = models.CharField(max_length=10, choices=STATES)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    by_person = models.UUIDField(null=True)  # None: the house itself
    by_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField(default=timezone.now)
    of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("conversation", "number"), name="holding_number"),)

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.was_side} -{self.step}-> {self.now_side}"


class Offer(BrandModel):
    """A conversation offered to a side, a team or a person of it. Until it is answered whoever offered still holds.

    It stands on the work of whom it is offered to: a trigger keeps the pointer. `passed` is the step that made it.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="offers")
    passed = models.OneToOneField(Holding, on_delete=models.PROTECT, related_name="offer")
    to_side = models.CharField(max_length=10, choices=SIDES)
    to_person = models.UUIDField(null=True)
    to_team = models.CharField(max_length=LONGEST_TEAM, blank=True)
    note = models.CharField(max_length=LONGEST_NOTE)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    accept_by = models.DateTimeField()
    lapse_to = models.CharField(max_length=10, choices=[(t, t) for t in LapseTo], default=LapseTo.GIVER)
    answer = models.CharField(max_length=10, choices=[(a, a) for a in Answer], blank=True)
    reason = models.CharField(max_length=LONGEST_NOTE, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # INVARIANT: a conversation is offered to one place at a time.
            models.UniqueConstraint(
                fields=("conversation",), condition=models.Q(closed_at=None), name="offer_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, answer="") | models.Q(closed_at__isnull=False, answer__gt=""),
                name="offer_closed_with_its_answer",
            ),
        )
        indexes = (
            # What waits for one person.
            models.Index(fields=("to_person",), condition=models.Q(closed_at=None), name="offer_to_person"),
        )

    def __str__(self) -> str:
        return f"{self.conversation_id} for {self.to_person or self.to_team or self.to_side}"


class StandIn(BrandModel):
    """Who takes what comes to somebody who is away: `person` is away from `since` to `until`, and `deputy` stands in."""

    person = models.UUIDField()
    person_name = models.CharField(max_length=200)
    deputy = models.UUIDField()
    deputy_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10, choices=SIDES)
    since = models.DateTimeField()
    until = models.DateTimeField()
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="stand_in_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~models.Q(person=models.F("deputy")), name="stand_in_by_another"),
        )
        indexes = (
            # Who stands in for somebody at a moment.
            models.Index(fields=("person", "until"), condition=models.Q(ended_at=None), name="stand_in_of_person"),
        )

    def __str__(self) -> str:
        return f"{self.deputy} for {self.person}"
