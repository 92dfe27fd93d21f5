"""What people add to a conversation: items that speak in it, notes, labels, drafts, signs of life, ready words, saved views.

The conversation itself, its turns and who holds it are `clients.custody`'s.
"""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from clients.conversations.rules import IN_MACROS
from clients.custody.models import SIDES, Conversation, Turn
from clients.custody.rules import LONGEST_NOTE, LONGEST_TEAM, TurnKind
from clients.disclosure.models import ClassifiedQuerySet
from clients.items.models import AuthoredNote, Item, Media
from clients.mentions.models import Mention
from clients.people.actor import Actor
from tenants.vocabulary import Side
from tenants.walls.stamps import BrandModel


class SignOfLife(BrandModel):
    """Who has something on their screen, by their last sign of life. It decides nothing; it warns. Mentions have theirs, too."""

    person_id = models.UUIDField()
    person_name = models.CharField(max_length=200)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class KeptForOneself(BrandModel):
    """What somebody keeps under a name: for themselves, or for their whole side once they share it."""

    name = models.CharField(max_length=80)
    person_id = models.UUIDField()
    side = models.CharField(max_length=10)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class KeptView(KeptForOneself):
    """Filters of an inbox under a name. Mentions have theirs, too."""

    filters = models.JSONField(default=dict)

    class Meta:
        abstract = True


class Reply(BrandModel):
    """An item that speaks in a conversation. What became of it is the item's own state; once sent, a turn of ours says so.

    `to` is the turn it answers; `promised_at` is what an acknowledgement promises the member.
    """

    append_only = True

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="replies")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="reply")
    to = models.ForeignKey(Turn, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=[(k, k) for k in TurnKind])
    promised_at = models.DateTimeField(null=True)
    by_person = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=("conversation", "-at"), name="reply_of_conversation"),)

    def __str__(self) -> str:
        return f"{self.kind} in {self.conversation_id}"


class ConversationNoteQuerySet(ClassifiedQuerySet["ConversationNote"]):
    """Notes are read by their class and, where one side wrote for itself alone, by that side only."""

    def readable_by(self, actor: Actor) -> Self:
        return super().readable_by(actor).filter(models.Q(aside="") | models.Q(aside=str(actor.side or "")))


class ConversationNote(AuthoredNote):
    """A note beside a conversation, for people here. Whatever it says, no clock stops for it.

    `aside` narrows the class: the words are for the people of that side alone. The other side sees that there is one.
    INVARIANT: it narrows and never widens. See docs/decisions/0018-conversations.md.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="notes")
    aside = models.CharField(max_length=10, blank=True)

    objects: ClassVar[Any] = ConversationNoteQuerySet.as_manager()

    class Meta(AuthoredNote.Meta):
        indexes = (models.Index(fields=("conversation", "created_at"), name="note_of_conversation"),)

    def __str__(self) -> str:
        return f"{self.author_name} on {self.conversation_id}"


class NoteFile(BrandModel):
    """A picture that came along with a note. Who may see it is the picture's own class."""

    append_only = True

    note = models.ForeignKey(ConversationNote, on_delete=models.PROTECT, related_name="files")
    media = models.ForeignKey(Media, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("note", "media"), name="note_file_once"),)

    def __str__(self) -> str:
        return f"{self.media_id} on {self.note_id}"


class Heard(BrandModel):
    """How something that was found hangs together with what was said before it: by remote ids, the first of its thread first.

    Kept from its finding on, because only its source knows; used when a conversation begins with it.
    """

    append_only = True
    redactable: ClassVar[tuple[str, ...]] = ("in_reply_to", "references")

    mention = models.OneToOneField(Mention, on_delete=models.PROTECT, related_name="heard")
    in_reply_to = models.CharField(max_length=500, blank=True)
    references = models.JSONField(default=list)
    direct = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.mention_id} after {self.in_reply_to}"


class BeginsItself(BrandModel):
    """Where a conversation begins by itself: with each message to the brand alone that arrives at this source.

    The brand said so, and which side holds it then. `source` lies above and is an id alone; without a row nothing begins.
    See docs/decisions/0018-conversations.md.
    """

    source = models.UUIDField(unique=True)
    side = models.CharField(max_length=10, choices=[(s, s) for s in Side])
    by_person = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.source} for {self.side}"


class Label(BrandModel):
    """A word that conversations are sorted by; `key` is the word as it is compared."""

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.name


class Labelled(BrandModel):
    """A label on a conversation, and who put it there."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="labelled")
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="labelled")
    by_person = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("conversation", "label"), name="label_once"),)

    def __str__(self) -> str:
        return f"{self.label_id} on {self.conversation_id}"


class Sketch(BrandModel):
    """Words that somebody is still looking for, one a person and conversation. The other side sees them once they are shared."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="sketches")
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10)
    text = models.TextField()
    shared = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("conversation", "person_id"), name="sketch_once"),)

    def __str__(self) -> str:
        return f"{self.person_name} in {self.conversation_id}"


class Looking(SignOfLife):
    """Who has a conversation on their screen."""

    unwatched = "a sign of life each minute of who looks at what: it decides nothing and would only add noise"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="looking")
    side = models.CharField(max_length=10)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("conversation", "person_id"), name="looking_once"),)

    def __str__(self) -> str:
        return f"{self.person_name} at {self.conversation_id}"


class SavedReply(KeptForOneself):
    """Words somebody keeps ready, for themselves or their side; with labels, or a step of custody and its note, it is a macro.

    A macro may do without words. It permits nothing: its step is asked about where it is used, as if pressed by hand.
    What the brand approved are the briefing's answers, and stands there.
    """

    text = models.TextField()
    language = models.CharField(max_length=8, blank=True)
    labels = models.JSONField(default=list)  # ids of labels
    step = models.CharField(max_length=10, choices=[(s, s) for s in IN_MACROS], blank=True)
    to_side = models.CharField(max_length=10, choices=SIDES, blank=True)
    to_person = models.UUIDField(null=True)
    to_team = models.CharField(max_length=LONGEST_TEAM, blank=True)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=("person_id", "name"), name="saved_reply_once"),
            models.CheckConstraint(
                condition=models.Q(step="pass", to_side__gt="") | ~models.Q(step="pass") & models.Q(to_side=""),
                name="saved_reply_passes_to_somebody",
            ),
        )


class ConversationView(KeptView):
    """Filters of the inbox of conversations."""

    class Meta:
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint(fields=("person_id", "name"), name="conversation_view_once"),)
