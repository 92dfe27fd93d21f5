"""What the brand said and wants: read by the gate at the moment of asking, and by the pages."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from clients.approvals.models import ApprovalPolicy, Hold, StandingApproval, Verdict, VetoWindow
from clients.approvals.rules import Template
from clients.approvals.words import StandingState, VerdictKind
from clients.people.rules import MAY, Verb
from tenants.models import BrandPerson
from tenants.vocabulary import Side


def policy_in_force() -> ApprovalPolicy:
    """The brand's policy, or its defaults (unsaved) where it never set one."""
    return ApprovalPolicy.objects.first() or ApprovalPolicy()


def verdicts_on(item_id: UUID) -> QuerySet[Verdict]:
    return Verdict.objects.filter(item_id=item_id).order_by("at", "id")


def window_of(item_id: UUID, digest: str) -> VetoWindow | None:
    return VetoWindow.objects.filter(item_id=item_id, digest=digest).first()


def holds_in_force() -> QuerySet[Hold]:
    return Hold.objects.filter(lifted_at=None).order_by("-placed_at")


def holds_since(due: datetime) -> list[Hold]:
    """Brakes in force, and those lifted after `due`: what should have left while one held must not burst out after it."""
    return list(Hold.objects.filter(Q(lifted_at=None) | Q(lifted_at__gt=due)))


def standing_in_force(kind: str, today: date) -> list[Template]:
    """The signed standing approvals for one kind of act."""
    rows = StandingApproval.objects.filter(state=StandingState.SIGNED, kind=kind)
    return [as_template(row) for row in rows.filter(Q(until=None) | Q(until__gte=today)).order_by("signed_at")]


def as_template(row: StandingApproval) -> Template:
    return Template(
        id=str(row.id),
        kind=row.kind,
        sensitivity=row.sensitivity,
        channels=tuple(row.channels),
        text=row.template,
        link_hosts=tuple(row.link_hosts),
        media_allowed=row.media_allowed,
        until=row.until,
        uses_left=row.uses_left,
        subject=row.subject,
    )


def last_yes(verdicts: Collection[Verdict], digest: str) -> datetime | None:
    return max((v.at for v in verdicts if v.kind == VerdictKind.YES and v.digest == digest), default=None)


def needed_who_cannot_answer() -> list[UUID]:
    """People whose yes the policy needs and who may say none any more. Until it is set anew, nothing is approved."""
    may_approve = {str(person.person_id) for person in people_who_approve()}
    return [UUID(person) for person in policy_in_force().needs if person not in may_approve]


def people_who_approve() -> list[BrandPerson]:
    """The brand's own people who may say yes: whom a notice goes to."""
    roles = [str(role) for role in MAY[Verb.ITEM_APPROVE]]
    return list(BrandPerson.objects.filter(live=True, side=Side.BRAND, role__in=roles).order_by("name"))
