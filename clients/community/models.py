"""Members and their handles, what became of an erasure, and how long kinds of data are kept.

An erasure outlives its member and says nothing about them: an id that no longer leads anywhere, counts, and a certificate.
"""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from clients.community.rules import PREFERRED, Basis, Consent, Stored
from clients.disclosure.models import Classified, ClassifiedQuerySet
from tenants.walls.stamps import BrandModel


class Member(Classified):
    """A person of the community. `also`: other spellings of them; `held_because` keeps them from erasure.

    `consent` is to being written to; `naming_consent` is to their name in reports, and says nothing of the other.
    """

    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    preferred = models.CharField(max_length=12, blank=True, choices=[(p, p) for p in PREFERRED])
    consent = models.CharField(max_length=10, choices=[(c, c) for c in Consent], default=Consent.NONE)
    consent_at = models.DateTimeField(null=True)
    naming_consent = models.CharField(max_length=10, choices=[(c, c) for c in Consent], default=Consent.NONE)
    naming_at = models.DateTimeField(null=True)
    naming_by = models.UUIDField(null=True)
    naming_by_name = models.CharField(max_length=200, blank=True)
    naming_how = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    also = models.JSONField(default=list)
    held_because = models.CharField(max_length=300, blank=True)
    held_since = models.DateTimeField(null=True)
    created_by = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = ClassifiedQuerySet.as_manager()

    class Meta(Classified.Meta):
        # The list, by name.
        indexes = (models.Index(fields=("name", "id"), name="member_by_name"),)

    def __str__(self) -> str:
        return self.name


class MemberHandle(BrandModel):
    """What a member is called on one network."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="handles")
    network = models.CharField(max_length=40)
    handle = models.CharField(max_length=200)

    class Meta(BrandModel.Meta):
        ordering = ("network", "handle")
        # Not once for the brand: who may not see a member must not learn from a refusal that there is one.
        constraints = (models.UniqueConstraint(fields=("member", "network", "handle"), name="member_handle_once"),)

    def __str__(self) -> str:
        return f"{self.handle} ({self.network})"


class Erasure(BrandModel):
    """One erasure, from the moment it is asked for to its certificate, which has the line of the log once it is begun.

    `sealed` are the values sought, encrypted, and `files` the names of files: both only until the files are gone and everything
    has been searched again. `rows` says which rows words were taken out of, so that their pages can say so.
    """

    sealed_columns: ClassVar[tuple[str, ...]] = ("sealed",)

    member_id = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    by_person = models.UUIDField()
    by_name = models.CharField(max_length=200)
    basis = models.CharField(max_length=10, choices=[(b, b) for b in Basis])
    counts = models.JSONField(default=dict)
    rows = models.JSONField(default=list)
    files = models.JSONField(default=list)
    sealed = models.BinaryField(default=b"")
    finished_at = models.DateTimeField(null=True)
    certificate = models.JSONField(default=dict)

    class Meta(BrandModel.Meta):
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"erasure {self.at:%Y-%m-%d}"

    @property
    def is_begun(self) -> bool:
        """Whether the words are gone. Before that the member is still here, and closed to everybody."""
        return bool(self.certificate)


class RetentionRule(BrandModel):
    """How long the brand keeps one kind of data, where it differs from the default."""

    kind = models.CharField(max_length=20, unique=True, choices=[(s, s) for s in Stored])
    days = models.PositiveIntegerField()
    on = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.kind}: {self.days}"
