"""The hub's tables (public schema): who there is, which brands, who stands where, and the two content-free indexes.

No brand content is ever stored here, and nothing here is joined to a brand's schema: brand tables hold plain ids.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, ClassVar, NoReturn

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django_tenants.models import TenantMixin

from tenants.brandref import BrandRef
from tenants.ids import uuid7
from tenants.vocabulary import ROLES_OF, BrandState, Role, SecondFactor, Side
from tenants.walls.stamps import Stamped


def _words(words: type[Side] | type[Role] | type[BrandState]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


def _values(words: Iterable[StrEnum]) -> list[str]:
    return sorted(word.value for word in words)


class LowerEmailField(models.EmailField):  # type: ignore[type-arg]
    """An address kept and looked up in lower case, so that two spellings are one person."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return prepared.lower() if isinstance(prepared, str) else prepared


class Agency(models.Model):
    """A firm that works for brands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=50, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.name


class Brand(TenantMixin):
    """A brand and its space. The row is made with its schema, as a blank, and keeps id and schema name for ever.

    From django-tenants come the schema name and its rules. What its `with brand:` does (a stack shared by all threads)
    is refused; `tenants.walls.scope` does it instead. Rows are never deleted: `gone` is a tombstone.
    """

    auto_create_schema = False
    auto_drop_schema = False

    objects: ClassVar[models.Manager["Brand"]] = models.Manager()

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120, blank=True)
    slug = models.CharField(max_length=63, unique=True)
    state = models.CharField(max_length=12, choices=_words(BrandState), default=BrandState.PROVISIONING.value)
    time_zone = models.CharField(max_length=60, default="Europe/Paris")
    language = models.CharField(max_length=5, default="fr")
    shard = models.CharField(max_length=30, default="default")
    fingerprint = models.CharField(max_length=64, blank=True)
    role_name = models.CharField(max_length=63, unique=True)
    # An operator's word for this brand alone (`tenants.limits`); only the owner of the database may write it.
    storage_limit = models.PositiveBigIntegerField(null=True, blank=True)
    statement_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    # The brand's own word, beside the installation's; the stricter of the two holds.
    second_factor = models.CharField(
        max_length=10, default=SecondFactor.NOBODY.value, db_default=SecondFactor.NOBODY.value
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(second_factor__in=_values(SecondFactor)), name="brand_second_factor_known"
            ),
            models.CheckConstraint(condition=Q(schema_name__regex=r"^b_[a-z0-9]{12}$"), name="brand_schema_name_shape"),
            models.CheckConstraint(condition=Q(state__in=_values(BrandState)), name="brand_state_known"),
        )
        indexes = (
            # A sign-up takes the oldest blank.
            models.Index(fields=("created_at",), condition=Q(state=BrandState.BLANK.value), name="brand_blanks"),
        )

    def __str__(self) -> str:
        return self.name or self.schema_name

    def ref(self) -> BrandRef:
        """The frozen facts that the rest of the house passes around."""
        return BrandRef(
            id=self.id,
            schema_name=self.schema_name,
            role_name=self.role_name,
            name=self.name,
            slug=self.slug,
            state=self.state,
            time_zone=self.time_zone,
            language=self.language,
            storage_limit=self.storage_limit,
            statement_limit=self.statement_limit,
            second_factor=self.second_factor,
        )

    def __enter__(self) -> NoReturn:
        raise TypeError("use brand_scope(brand.ref())")

    def activate(self) -> NoReturn:
        """Refused: it would outlive the transaction."""
        raise TypeError("use brand_scope(brand.ref())")


class Domain(models.Model):
    """A host name we answer to. `brand` empty is the hub. A host that changes hands rests until `quarantined_until`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    host = models.CharField(max_length=253, unique=True)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, null=True, blank=True, related_name="domains")
    is_primary = models.BooleanField(default=False)
    quarantined_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(host__regex=r"^[a-z0-9.-]+$"), name="domain_host_lower"),)

    def __str__(self) -> str:
        return self.host


class PersonManager(BaseUserManager["Person"]):
    """Makes people. There is no superuser to make."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """A person with this address; without a password they cannot sign in until they set one."""
        if not email:
            raise ValueError("a person needs an e-mail address")
        person = self.model(email=email.lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """By address, in any spelling."""
        return self.get(email=(username or "").lower())


class Person(AbstractBaseUser):
    """Somebody who can sign in: one account across all brands. Rights come from memberships alone.

    `is_operator` marks the installation's own staff. It grants nothing inside a brand, and there is no superuser.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = LowerEmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=5, default="fr")
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[PersonManager] = PersonManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """The name they are shown by."""
        return self.name

    def get_short_name(self) -> str:
        """The first word of their name."""
        return self.name.split(" ")[0]


class AgencyMember(models.Model):
    """A person who works at an agency. Inside a brand only a `Membership` counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="agencies")
    role = models.CharField(max_length=24, choices=_words(Role))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("agency", "person"), name="agency_member_once"),
            models.CheckConstraint(
                condition=Q(role__in=_values(ROLES_OF[Side.AGENCY])), name="agency_member_role_of_side"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.role}"


def _role_belongs_to_side() -> Q:
    fits = Q()
    for side, roles in ROLES_OF.items():
        fits |= Q(side=side.value, role__in=_values(roles), agency__isnull=side is not Side.AGENCY)
    return fits


class Membership(models.Model):
    """A person's place in one brand: one live row per person and brand, one side, one role. Ended rows stay as history."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="memberships")
    side = models.CharField(max_length=8, choices=_words(Side))
    role = models.CharField(max_length=24, choices=_words(Role))
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "brand"), condition=Q(ended_at__isnull=True), name="membership_one_live"
            ),
            models.CheckConstraint(condition=_role_belongs_to_side(), name="membership_role_of_side"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} of {self.brand_id}"


class Invitation(models.Model):
    """An open door for one address into one brand, with the role it leads to. The token itself is only in the mail."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = LowerEmailField(max_length=254)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="invitations")
    side = models.CharField(max_length=8, choices=_words(Side))
    role = models.CharField(max_length=24, choices=_words(Role))
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=_role_belongs_to_side(), name="invitation_role_of_side"),)

    def __str__(self) -> str:
        return f"{self.role} of {self.brand_id}"


class HubEntry(models.Model):
    """The hub's own log: sign-ins, factors, memberships. Append-only by grant and by trigger."""

    append_only = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(default=timezone.now)
    person_id = models.UUIDField(null=True)
    brand_id = models.UUIDField(null=True)
    verb = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = (models.Index(fields=("person_id", "-at"), name="hub_entry_of_person"),)

    def __str__(self) -> str:
        return self.verb


class Pending(models.Model):
    """What is due, over all brands, without content. Written by a trigger on each brand's outbox; the relay claims rows."""

    pk = models.CompositePrimaryKey("brand_id", "row_id")
    brand_id = models.UUIDField()
    row_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (
            # The relay's only question: what is due next. A leased row is ready when its lease is over, so a long queue in
            # the workers' hands is never walked over.
            models.Index(Greatest("due_at", "leased_until"), name="pending_ready"),
            # The same for one brand after another, when one of them has more due than all others.
            models.Index("brand_id", Greatest("due_at", "leased_until"), name="pending_of_brand"),
            models.Index(
                fields=("leased_until", "brand_id"), condition=Q(leased_until__isnull=False), name="pending_leased"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} at {self.due_at}"


class WorkPointer(models.Model):
    """'My work' over all brands, without content: whose move it is and until when. Written by a trigger on each brand's items."""

    pk = models.CompositePrimaryKey("brand_id", "kind", "object_id")
    brand_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    object_id = models.UUIDField()
    state = models.CharField(max_length=20)
    side = models.CharField(max_length=8, blank=True)
    assignee_id = models.UUIDField(null=True)
    due_at = models.DateTimeField(null=True)
    version = models.BigIntegerField(default=1)

    class Meta:
        indexes = (
            # A page of the work of somebody in few of many brands, and in most of them: the soonest fifty are read off.
            models.Index(fields=("brand_id", "side", "due_at"), condition=~Q(side=""), name="work_pointer_open"),
            models.Index(fields=("due_at", "object_id"), condition=~Q(side=""), name="work_pointer_soonest"),
            models.Index(fields=("assignee_id", "due_at"), condition=Q(side=""), name="work_pointer_of_person"),
            models.Index(fields=("brand_id", "side", "due_at"), condition=Q(kind="offered"), name="work_offered"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Unsealed(models.Model):
    """Lines of the brands' logs that the sealer has not taken yet: whose, which, since when. Nothing of what they say.

    INVARIANT: put here by triggers, in the transaction that writes the line; taken away by `tenants_seal` alone, in the one
    that seals it. So a line that is committed is found, however long its transaction was open.
    """

    pk = models.CompositePrimaryKey("brand_id", "seq")
    brand_id = models.UUIDField()
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=3)
    queued_at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))

    def __str__(self) -> str:
        return f"{self.kind} {self.seq}"


class LogHead(models.Model):
    """What the hub remembers of each brand's sealed log, so that a schema set back to an earlier day is noticed.

    `fault` is the code of what keeps the log from being sealed, or of what a recomputation found; empty while all is well.
    """

    brand_id = models.UUIDField(primary_key=True)
    size = models.BigIntegerField(default=0, db_default=0)
    root = models.BinaryField(default=b"", db_default=b"")
    sealed_at = models.DateTimeField(null=True)
    part_checked_at = models.DateTimeField(null=True)
    whole_checked_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True, default="", db_default="")
    fault_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.brand_id} {self.size}"


class SchemaText(models.Model):
    """The recorded SQL that makes one brand's schema, by the fingerprint of the migrations it was recorded from."""

    fingerprint = models.CharField(max_length=64, primary_key=True)
    sql = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.fingerprint[:12]


class BrandPerson(Stamped):
    """The people of the brand one is in, through a view that knows no other brand. Also those whose membership has ended."""

    person_id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    language = models.CharField(max_length=5)
    side = models.CharField(max_length=8)
    role = models.CharField(max_length=24)
    agency_id = models.UUIDField(null=True)
    agency_name = models.CharField(max_length=120, blank=True)
    live = models.BooleanField()

    class Meta(Stamped.Meta):
        managed = False
        db_table = "brand_people"

    def __str__(self) -> str:
        return self.name
