"""Items, and the contents they had.

An item is a pointer to one version; a version is a content that nobody can change, the database included. So 'edited after it
was approved' (holes P4 and P5) is not a case to be caught: another text is another version with another digest.
"""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.disclosure.models import Classified, ClassifiedQuerySet
from clients.items.content import Content, digest_of
from clients.items.life import ItemState
from tenants.walls.stamps import BrandModel


class Authored(BrandModel):
    """Abstract: who brought it here, by the name they had then, and when."""

    author_id = models.UUIDField()
    author_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        abstract = True


class AuthoredNote(Classified, Authored):
    """Abstract: words beside something, for people here, with a class of their own."""

    text = models.TextField()

    class Meta(Classified.Meta):
        abstract = True


class Item(BrandModel):
    """Something meant to go out in the brand's name, on one or several channels.

    `title`, `kind`, `sensitivity` and `not_before` repeat the version's content for lists; the gate reads the version.
    """

    state = models.CharField(max_length=12, choices=[(s, s) for s in ItemState], default=ItemState.DRAFT)
    state_since = models.DateTimeField(default=timezone.now)
    # Whose move it is ('brand', 'agency' or ''): derived from the state, kept for the pointers of 'my work'.
    move_of = models.CharField(max_length=10, blank=True, default="agency")
    version = models.ForeignKey("items.ItemVersion", on_delete=models.PROTECT, related_name="+", null=True)
    title = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, choices=[(k, k) for k in ActionKind])
    sensitivity = models.CharField(max_length=10, choices=[(s, s) for s in Sensitivity])
    not_before = models.DateTimeField(null=True)
    author_id = models.UUIDField()
    author_name = models.CharField(max_length=200)
    author_side = models.CharField(max_length=10)
    submitter_id = models.UUIDField(null=True)
    # By whose right it goes out: the submitter, or the person of the brand who performs what the agency prepared.
    doer_id = models.UUIDField(null=True)
    doer_side = models.CharField(max_length=10, blank=True)
    submitted_at = models.DateTimeField(null=True)
    decide_by = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(state__in=list(ItemState)), name="item_state_known"),)
        indexes = (
            # Queues: what waits, what is due next, in one state.
            models.Index(fields=("state", "not_before", "id"), name="item_by_state"),
            # The calendar: what has its moment between two moments, whatever its state.
            models.Index(fields=("not_before", "id"), name="item_by_moment"),
            # The brand's list of items, newest first.
            models.Index(fields=("-created_at",), name="item_newest"),
        )

    def __str__(self) -> str:
        return self.title or str(self.pk)


class ItemVersion(BrandModel):
    """One content of an item. `digest` is recomputed whenever it matters, not believed."""

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("content", "note")

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    author_id = models.UUIDField()
    author_name = models.CharField(max_length=200)
    author_side = models.CharField(max_length=10)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("item", "number"), name="item_version_number"),)

    def __str__(self) -> str:
        return f"{self.item_id} v{self.number}"

    def exact_content(self) -> Content:
        """The content, if it still is what its digest says. ValueError('content_altered') otherwise."""
        if digest_of(self.content) != self.digest:
            raise ValueError("content_altered")
        return Content.from_data(self.content)


def media_path(media: "Media", filename: str) -> str:
    """Below the brand's own folder, under a random name: nothing of what the person's file was called."""
    from tenants.walls.scope import required_brand

    return f"{required_brand().id}/{media.id}"


class Media(BrandModel):
    """A picture, film or document, by the digest of its bytes. Stored once, served only through a view that asks who reads."""

    append_only = True
    class_at: ClassVar[str] = "classing__"

    digest = models.CharField(max_length=64, unique=True)
    mime = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    file = models.FileField(upload_to=media_path, max_length=200)
    uploaded_by = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.mime} {self.digest[:12]}"


class MediaClass(Classified):
    """Who may see a picture and its words. Beside the picture, which never changes; a picture without one is seen by nobody."""

    media = models.OneToOneField(Media, on_delete=models.PROTECT, related_name="classing")

    def __str__(self) -> str:
        return f"{self.media_id} {self.info_class}"


class ItemNote(AuthoredNote):
    """A remark beside an item, for people here and never for the outside. The brand's stay with it unless it shares them."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="remarks")

    class Meta(AuthoredNote.Meta):
        # What was remarked on one item, in order.
        indexes = (models.Index(fields=("item", "created_at"), name="item_note_of_item"),)

    def __str__(self) -> str:
        return f"{self.author_name} on {self.item_id}"


class MediaNote(Authored):
    """Words for a picture, for people who cannot see it, and who gave them. The newest are offered when it is used again.

    Only offered: what goes out are the words of the item's own content, which is what the brand approved.
    """

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("alt",)

    media = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="notes")
    alt = models.TextField(blank=True)

    class Meta:
        # The newest words of a picture.
        indexes = (models.Index(fields=("media", "-created_at"), name="media_note_newest"),)

    def __str__(self) -> str:
        return self.alt


class ItemImport(Authored):
    """A table somebody brought, read and shown, and perhaps confirmed: only then does it become drafts.

    `digest` is that of the file, so that the same file is recognised when it comes again. `rows` are its cells as text.
    """

    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    rows = models.JSONField(default=list)
    confirmed_at = models.DateTimeField(null=True)
    items_made = models.PositiveIntegerField(default=0)

    class Meta:
        # Whether this file was here before.
        indexes = (models.Index(fields=("digest", "-created_at"), name="item_import_again"),)

    def __str__(self) -> str:
        return self.name


class Series(Authored):
    """A content that comes again by a rule. Each issue of it is an item of its own, asked for at the gate like any other.

    The rule is a wall clock's: `first_day` and `clock` are what the brand's clocks show, so nine o'clock stays nine o'clock
    over both nights of the year. The content never changes: another one from a day on is another series.
    """

    title = models.CharField(max_length=200)
    content = models.JSONField()  # of a `Content` without moments; `series` is filled in for each issue
    rule = models.CharField(max_length=200)  # an RRULE without start and end
    first_day = models.DateField()
    clock = models.TimeField()
    last_day = models.DateField(null=True)
    most = models.PositiveIntegerField(null=True)
    skipped = models.JSONField(default=list)  # days (ISO) on which there is none
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        # The brand's series, newest first.
        indexes = (models.Index(fields=("-created_at",), name="series_newest"),)

    def __str__(self) -> str:
        return self.title


class SeriesIssue(BrandModel):
    """One day of a series that has become an item. Written once, in the transaction that makes the item."""

    append_only = True

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="issues")
    day = models.DateField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")

    class Meta:
        # INVARIANT: a day of a series becomes an item once, however often the job runs.
        constraints = (models.UniqueConstraint(fields=("series", "day"), name="series_issue_once"),)

    def __str__(self) -> str:
        return f"{self.series_id} {self.day}"
