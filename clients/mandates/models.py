"""Mandates, charter versions, their grants and the signatures that put them into force.

A charter version is proposed whole and never edited: its grants and signatures are rows nobody can change, the database's
owner included. What changes is only `state`, and the gate does not believe it alone: a version is in force when it is the
one with the latest signature, the signature is genuine, and its digest fits the grants (`clients.mandates.queries`).
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from clients.autonomy.levels import IRREVERSIBLE_CEILING, Level
from clients.autonomy.vocabulary import IRREVERSIBLE, MandateState, Sensitivity
from clients.mandates.rules import LIVE, CharterState, SignatureKind, state_on
from tenants.vocabulary import Role, Side
from tenants.walls.stamps import BrandModel

STATES = sorted(s.value for s in MandateState if s is not MandateState.NONE)


class Mandate(BrandModel):
    """The agreement by which the brand lets one agency act. The agency's name is kept as it was when offered."""

    agency_id = models.UUIDField()
    agency_name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default=MandateState.OFFERED.value)
    state_since = models.DateTimeField(default=timezone.now)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    notice_days = models.PositiveSmallIntegerField(default=30)
    offered_by = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)
    ended_by_side = models.CharField(max_length=10, blank=True)

    class Meta(BrandModel.Meta):
        ordering = ("-created_at", "-id")
        constraints = (
            # INVARIANT: at most one live mandate per agency. Its index also answers the gate's look-up.
            models.UniqueConstraint(
                fields=("agency_id",), condition=Q(state__in=sorted(LIVE)), name="mandate_one_live_per_agency"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="mandate_state_known"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="mandate_dates_fit"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency_name} ({self.state})"

    def amounts_to(self, day: date) -> MandateState:
        """The state on `day`, in the brand's time, with the dates agreed taken into account: what the gate goes by."""
        return state_on(MandateState(self.state), self.starts_on, self.ends_on, day)


class CharterVersion(BrandModel):
    """One version of the matrix. `base` is the version it was written against: signing needs that one still in force."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="charters")
    number = models.PositiveIntegerField()
    base = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=[(s, s) for s in CharterState], default=CharterState.PROPOSED.value)
    state_since = models.DateTimeField(default=timezone.now)
    digest = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    proposed_by = models.UUIDField()
    proposed_by_name = models.CharField(max_length=200)
    proposed_side = models.CharField(max_length=10, choices=[(s, s) for s in Side])
    proposed_at = models.DateTimeField(default=timezone.now)

    class Meta(BrandModel.Meta):
        ordering = ("-number",)
        constraints = (
            # Also the index of a mandate's history, newest first.
            models.UniqueConstraint(fields=("mandate", "number"), name="charter_number"),
            # INVARIANT: at most one charter in force per mandate.
            models.UniqueConstraint(
                fields=("mandate",), condition=Q(state=CharterState.IN_FORCE.value), name="charter_one_in_force"
            ),
            models.CheckConstraint(condition=Q(state__in=sorted(CharterState)), name="charter_state_known"),
        )

    def __str__(self) -> str:
        return f"charter {self.number} ({self.state})"


class GrantRow(BrandModel):
    """One grant of one version. `channel_id` empty is any channel, `kind` '' any kind; `weekdays` are digits, Monday 0."""

    append_only = True

    charter = models.ForeignKey(CharterVersion, on_delete=models.PROTECT, related_name="grants")
    channel_id = models.UUIDField(null=True)
    kind = models.CharField(max_length=20, blank=True)
    sensitivity = models.CharField(max_length=10)
    level = models.PositiveSmallIntegerField()
    hours_start = models.PositiveSmallIntegerField(null=True)
    hours_end = models.PositiveSmallIntegerField(null=True)
    weekdays = models.CharField(max_length=7, blank=True)
    daily_cap = models.PositiveIntegerField(null=True)
    until = models.DateField(null=True)

    class Meta(BrandModel.Meta):
        constraints = (
            # INVARIANT: no two grants of a version share their coordinates. Also the index by which a version is read.
            models.UniqueConstraint(
                fields=("charter", "channel_id", "kind", "sensitivity"), nulls_distinct=False, name="grant_once"
            ),
            models.CheckConstraint(condition=Q(level__lte=max(Level).value), name="grant_level_known"),
            models.CheckConstraint(condition=Q(sensitivity__in=sorted(Sensitivity)), name="grant_sensitivity_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(IRREVERSIBLE)) | Q(level__lte=IRREVERSIBLE_CEILING.value),
                name="grant_irreversible_ceiling",
            ),
            models.CheckConstraint(condition=Q(daily_cap=None) | Q(daily_cap__gte=1), name="grant_cap_one_or_more"),
            models.CheckConstraint(
                condition=Q(hours_start=None, hours_end=None, weekdays="")
                | (Q(hours_start__lt=F("hours_end"), hours_end__lte=24 * 60) & ~Q(weekdays="")),
                name="grant_hours_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel_id or '*'} {self.kind or '*'} {self.sensitivity}: {self.level}"


class CharterSignature(BrandModel):
    """Why a version may hold: the owner signed it, or a brand manager lowered what was signed.

    `mandate` and `number` are repeated from the version because these rows cannot be changed and that one can: the latest
    signature decides which version is in force. `seal` is a MAC over all of it with a key the database does not hold.
    """

    append_only = True

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="signatures")
    charter = models.OneToOneField(CharterVersion, on_delete=models.PROTECT, related_name="signature")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in SignatureKind])
    person_id = models.UUIDField()
    person_name = models.CharField(max_length=200)
    side = models.CharField(max_length=10)
    role = models.CharField(max_length=24)
    signed_at = models.DateTimeField()
    step_up_at = models.DateTimeField(null=True)
    seal = models.CharField(max_length=64)

    class Meta(BrandModel.Meta):
        ordering = ("-number",)
        constraints = (
            # Also the index by which the gate finds the latest signature of a mandate.
            models.UniqueConstraint(fields=("mandate", "number"), name="signature_number"),
            # INVARIANT: only the brand signs. The owner after a step-up; managers only what lowers.
            models.CheckConstraint(
                condition=Q(side=Side.BRAND.value)
                & (
                    Q(kind=SignatureKind.SIGNED.value, role=Role.BRAND_OWNER.value, step_up_at__isnull=False)
                    | Q(kind=SignatureKind.LOWERED.value, role__in=[Role.BRAND_OWNER.value, Role.BRAND_MANAGER.value])
                ),
                name="signature_of_brand",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number} by {self.person_name}"
