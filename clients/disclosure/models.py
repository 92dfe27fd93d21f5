"""The mark that gives a row its class, and the ledger: what left, to whom, by whose leave, and until when.

A disclosure is added and never touched. Words about a person (an address, a reason in a sentence) stand in a row of their own
that may be erased, and the end of a disclosure is a row of its own too.
"""

from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from clients.disclosure.rules import MOST_WRONG_CODES, InfoClass, Way, classes_open_to
from clients.people.actor import Actor
from tenants.walls.stamps import BrandModel, BrandQuerySet

_M_co = TypeVar("_M_co", bound=models.Model, covariant=True)
CLASSES = [(c, c) for c in InfoClass]


def readable_by(actor: Actor, at: str = "") -> models.Q:
    """The rule of `rules.may_read` as a condition; `at` leads to the row that carries the class, as in 'classing__'."""
    open_to = models.Q(**{f"{at}info_class__in": sorted(classes_open_to(actor.side, actor.role))})
    if actor.side is None:
        return open_to
    names = {f"{at}info_class": InfoClass.NAMED, f"{at}named__contains": [str(actor.somebody)]}
    return open_to | models.Q(**names)


class ClassifiedQuerySet(BrandQuerySet[_M_co]):
    """Rows with a class of their own, or of a row they point to (`class_at` on the model)."""

    def readable_by(self, actor: Actor) -> Self:
        """What `actor` may read. Every list, search and count of classified rows goes through here."""
        return self.filter(readable_by(actor, getattr(self.model, "class_at", "")))


class Classified(BrandModel):
    """Abstract: a row with an information class. See docs/recipes/give-a-class.md.

    INVARIANT: after its making, the class changes only through `clients.disclosure.steps.reclassify`.
    """

    class_at: ClassVar[str] = ""

    info_class = models.CharField(max_length=10, choices=CLASSES)
    # Who reads it besides the brand while it is `named`: ids of people, as text.
    named = models.JSONField(default=list)
    # Whose it is: any editor of this side may raise the class.
    owner_side = models.CharField(max_length=10)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(BrandModel.Meta):
        abstract = True


class Reclassified(BrandModel):
    """One change of a class: from what to what, by whom, and why. What a class is now stands on the row itself."""

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("reason",)

    object_kind = models.CharField(max_length=60)
    object_id = models.UUIDField()
    was = models.CharField(max_length=10)
    now = models.CharField(max_length=10)
    named = models.JSONField(default=list)
    by_person = models.UUIDField()
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=("object_kind", "object_id", "at"), name="reclassified_of"),)

    def __str__(self) -> str:
        return f"{self.object_kind} {self.was} -> {self.now}"


class Disclosure(BrandModel):
    """Something left the brand's space, or was given the right to leave until a moment (a link).

    Ids, codes and digests only. `leave_person` or `leave_policy` says by whose leave: never neither.
    """

    append_only = True

    at = models.DateTimeField(default=timezone.now)
    way = models.CharField(max_length=10, choices=[(w, w) for w in Way])
    recipient_kind = models.CharField(max_length=10)  # person, address, link, key, network, operator
    recipient_id = models.UUIDField(null=True)
    object_kind = models.CharField(max_length=60)
    object_ids = models.JSONField(default=list)  # the first of them; `count` says how many there were
    count = models.PositiveIntegerField(default=1)
    info_class = models.CharField(max_length=10, choices=CLASSES)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the bytes or of the content; '' for a stream
    why = models.CharField(max_length=40)
    leave_person = models.UUIDField(null=True)
    leave_policy = models.CharField(max_length=60, blank=True)
    side = models.CharField(max_length=10, blank=True)
    until = models.DateTimeField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(leave_person__isnull=False) | ~models.Q(leave_policy=""), name="disclosed_by_leave"
            ),
        )
        indexes = (
            # The ledger, newest first, whole or of one way.
            models.Index(fields=("-at", "-id"), name="disclosure_newest"),
            models.Index(fields=("way", "-at", "-id"), name="disclosure_by_way"),
            # Whether one thing is among what left.
            GinIndex(fields=("object_ids",), opclasses=("jsonb_path_ops",), name="disclosure_of_object"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.way} {self.object_kind}"


class DisclosureWords(BrandModel):
    """What a person wrote about a disclosure: to whom, and why. May be erased; the disclosure stays."""

    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="words")
    recipient = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.recipient


class DisclosureEnd(BrandModel):
    """From this moment on, what was disclosed may no longer be read by that way."""

    append_only = True

    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="end")
    at = models.DateTimeField(default=timezone.now)
    by_person = models.UUIDField(null=True)
    side = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return f"ended {self.disclosure_id}"


class ShareLink(BrandModel):
    """A link that somebody without an account opens. Of its token only the SHA-256 is here.

    Views are counted by one conditional UPDATE, so that any number of simultaneous readers cannot have one more than allowed.
    """

    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="link")
    token_digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64, blank=True)
    object_kind = models.CharField(max_length=60)
    object_id = models.UUIDField()
    digest = models.CharField(max_length=64)  # of the content it was made for: another content is another link
    info_class = models.CharField(max_length=10, choices=CLASSES)
    expires_at = models.DateTimeField()
    most_views = models.PositiveIntegerField()
    views = models.PositiveIntegerField(default=0)
    wrong_codes = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(views__lte=models.F("most_views")), name="link_views_bounded"),
        )

    def is_open(self, now: datetime) -> bool:
        """Whether it may be read at this moment. Only a look: a view is spent by `actions.links.open_link`."""
        return self._is_unclosed(now) and self.views < self.most_views

    def goes_on(self, now: datetime) -> bool:
        """Whether a reading that has spent its view may go on: its pictures come after its page."""
        return self._is_unclosed(now) and self.views > 0

    def _is_unclosed(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at and self.wrong_codes < MOST_WRONG_CODES

    def __str__(self) -> str:
        return f"link to {self.object_kind} until {self.expires_at:%Y-%m-%d}"


class IntegrationPolicy(BrandModel):
    """What one other system may read or be told: which fields of what, for which purpose, and until when.

    A list of fields, never 'everything but': what is added to a model later stays inside until the brand names it.
    """

    name = models.CharField(max_length=80)
    system = models.CharField(max_length=10)  # api, webhook, report
    purpose = models.CharField(max_length=300)
    fields = models.JSONField(default=dict)  # kind of object -> names of its fields
    most_class = models.CharField(max_length=10, choices=CLASSES)
    until = models.DateTimeField()
    made_by = models.UUIDField()
    made_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    def holds(self, now: datetime) -> bool:
        """Whether it is in force at this moment."""
        return self.ended_at is None and now < self.until


class Tally(BrandModel):
    """How often something of one kind happened within a stretch of time, where each time is worth no line of the log of its own.

    `about` is a keyed digest or an id. Every web process counts in the same row; what is over for a day is deleted.
    """

    unwatched = "counts of a minute or an hour; what comes of them is a line of the log"

    kind = models.CharField(max_length=20)
    about = models.CharField(max_length=80)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta(BrandModel.Meta):
        constraints = (models.UniqueConstraint(fields=("kind", "about", "since"), name="tally_once"),)
        # What is over goes.
        indexes = (models.Index(fields=("since",), name="tally_over"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.count}"
