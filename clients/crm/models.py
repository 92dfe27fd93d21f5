"""A brand's customer systems: who is who there and here, what they said, what a person must decide, tables, tickets."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils import timezone

from clients.community.models import Member
from clients.crm.rules import LONGEST, SystemKind, TicketKind, TicketState, Why
from clients.custody.models import Conversation
from clients.disclosure.models import CLASSES, Classified, ClassifiedQuerySet
from clients.disclosure.rules import InfoClass
from tenants.walls.stamps import BrandModel


class System(BrandModel):
    """One customer system of the brand: how people are recognised, and for each field what the brand has decided.

    `fields` is `rules.Policy` as JSON, `matching` says for 'email' and 'handle' what `rules.Same` knows, `key` is the key it
    comes with, and `brings` the class of the members that it brings.
    """

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=[(k, k) for k in SystemKind])
    key = models.UUIDField(null=True)
    matching = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    brings = models.CharField(max_length=10, choices=CLASSES, default=InfoClass.BRAND)
    made_by = models.UUIDField()
    made_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta(BrandModel.Meta):
        ordering = ("created_at", "id")
        constraints = (
            # A key is one system's: what comes with it is never two systems' word.
            models.UniqueConstraint(
                fields=("key",), condition=models.Q(key__isnull=False, ended_at=None), name="crm_system_of_key"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Organisation(Classified):
    """A firm or club that a system knows."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="organisations")
    external_id = models.CharField(max_length=LONGEST["external"])
    name = models.CharField(max_length=LONGEST["name"])
    website = models.CharField(max_length=LONGEST["website"], blank=True)
    seen_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        constraints = (models.UniqueConstraint(fields=("system", "external_id"), name="organisation_once"),)

    def __str__(self) -> str:
        return self.name


class Contact(BrandModel):
    """A member here is this contact there. Without an external id: offered to the system, which has not taken it in yet.

    Read by whoever reads the member, and gone with them. INVARIANT: a member is one contact of a system at most.
    """

    class_at: ClassVar[str] = "member__"

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="contacts")
    external_id = models.CharField(max_length=LONGEST["external"], blank=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="contacts")
    linked_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()
    facts: ClassVar[Any]

    class Meta(BrandModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=("system", "external_id"), condition=~models.Q(external_id=""), name="contact_once"
            ),
            models.UniqueConstraint(fields=("system", "member"), name="contact_of_member_once"),
        )

    def __str__(self) -> str:
        return self.external_id or str(self.pk)


ANYBODY = UUID(int=0)


class Trace(BrandModel):
    """This system has had a contact of this id: a keyed digest of it, and nothing else. It outlives the contact.

    A trace without its contact is somebody who was erased here: the system's next synchronisation does not bring them back.
    `unlinked` is the member from whom a person took the contact away: while that member is here, it may come again. `ANYBODY`
    there is a line of a table that was undone.
    """

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="traces")
    digest = models.CharField(max_length=64)
    contact = models.UUIDField()
    unlinked = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        constraints = (models.UniqueConstraint(fields=("system", "digest", "contact"), name="crm_trace_of_contact"),)

    def __str__(self) -> str:
        return self.digest[:12]


class Fact(Classified):
    """What a system said last in one field of a contact: by it the next value is known to be new; its class says who reads it."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="facts")
    field = models.CharField(max_length=60)
    value = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        constraints = (models.UniqueConstraint(fields=("contact", "field"), name="crm_fact_once"),)

    def __str__(self) -> str:
        return f"{self.field} of {self.contact_id}"


class PurposeConsent(BrandModel):
    """Whether a member has agreed to one purpose, and which system said so."""

    class_at: ClassVar[str] = "member__"

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=[("given", "given"), ("withdrawn", "withdrawn")])
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(BrandModel.Meta):
        constraints = (models.UniqueConstraint(fields=("member", "purpose"), name="purpose_once"),)

    def __str__(self) -> str:
        return f"{self.purpose}: {self.state}"


class Clash(Classified):
    """A row that a person decides: nothing of it is written before, or of the fields that differ.

    `row` is what the system said, by our names; `candidates` are ids of members; `differing` the fields both sides changed.
    """

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="clashes")
    external_id = models.CharField(max_length=LONGEST["external"])
    why = models.CharField(max_length=10, choices=[(w, w) for w in Why])
    row = models.JSONField(default=dict)
    candidates = models.JSONField(default=list)
    differing = models.JSONField(default=list)
    of_import = models.UUIDField(null=True)  # the table that asked it, whose undo takes it away
    at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_name = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=10, blank=True)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        constraints = (
            # However often the system says it again, a person is asked once.
            models.UniqueConstraint(
                fields=("system", "external_id"), condition=models.Q(decided_at=None), name="clash_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.why} {self.external_id}"


class ContactImport(BrandModel):
    """A table of contacts that somebody brought: read and shown, perhaps confirmed, perhaps undone.

    `rows` are its cells as text, emptied some months later (`actions.imports.KEPT_FOR`).
    """

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="imports")
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    rows = models.JSONField(default=list)
    author_id = models.UUIDField()
    author_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    class Meta(BrandModel.Meta):
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.name


class ImportedRow(BrandModel):
    """What one line of a table did: how everything stood before, and right after. By both an undo knows what to put back.

    `before` is empty where the member was made by it. `undone` says what an undo did, or why it did nothing.
    """

    of = models.ForeignKey(ContactImport, on_delete=models.CASCADE, related_name="written")
    number = models.PositiveIntegerField()
    contact = models.UUIDField()
    member = models.UUIDField()
    made = models.BooleanField(default=False)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone = models.CharField(max_length=20, blank=True)

    class Meta(BrandModel.Meta):
        constraints = (models.UniqueConstraint(fields=("of", "number"), name="imported_row_once"),)
        indexes = (models.Index(fields=("member",), name="imported_row_member"),)

    def __str__(self) -> str:
        return f"line {self.number}"


class Ticket(Classified):
    """What a conversation asks of the system: it waits there to be fetched, and what became of it is told back.

    It has the conversation's class. `said` is what the system answered; `version` counts the changes.
    """

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="tickets")
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="tickets")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="tickets")
    kind = models.CharField(max_length=10, choices=[(k, k) for k in TicketKind])
    title = models.CharField(max_length=LONGEST["title"])
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in TicketState], default=TicketState.WAITING)
    external_id = models.CharField(max_length=LONGEST["external"], blank=True)
    said = models.CharField(max_length=LONGEST["words"], blank=True)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10)
    at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        indexes = (
            # Beside a conversation; and what a system has still to fetch.
            models.Index(fields=("conversation", "-at"), name="ticket_of_conversation"),
            models.Index(fields=("system", "state", "at"), name="ticket_of_system"),
        )

    def __str__(self) -> str:
        return self.title


class TimelineEntry(Classified):
    """Something that happened with a contact: there, told by the system, or here, for the system to read.

    `ref` is the system's id of it, or ours of what it tells of; with it the same thing is told once.
    """

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="timeline")
    here = models.BooleanField(default=False)
    ref = models.CharField(max_length=LONGEST["external"])
    kind = models.CharField(max_length=LONGEST["kind"])
    title = models.CharField(max_length=LONGEST["title"])
    text = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        constraints = (models.UniqueConstraint(fields=("contact", "here", "ref"), name="timeline_once"),)
        indexes = (models.Index(fields=("contact", "-happened_at"), name="timeline_of_contact"),)

    def __str__(self) -> str:
        return self.title
