"""What the brand said and wants: read by the gate at the moment of asking, and by the pages."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from clients.approvals.models import ApprovalPolicy, Hold, StandingApproval, Verdict, VetoWindow
from clients.approvals.rules import Template, template_digest
from clients.approvals.seal import is_genuine
from clients.approvals.words import StandingState, VerdictKind
from clients.autonomy.vocabulary import WindowState
from clients.people.rules import MAY, Verb
from tenants.models import BrandPerson
from tenants.vocabulary import Side


def policy_in_force() -> ApprovalPolicy:
    """The brand's policy, or its defaults (unsaved) where it never set one."""
    return ApprovalPolicy.objects.first() or ApprovalPolicy()


def verdicts_on(item_id: UUID) -> QuerySet[Verdict]:
    """Every word of the brand on an item, oldest first, for people to read."""
    return Verdict.objects.filter(item_id=item_id).order_by("at", "id")


def verdicts_that_count(item_id: UUID) -> tuple[Verdict, ...]:
    """The same for the gate: without a yes that nobody of the brand said. A no counts whoever wrote it: it only takes away."""
    return tuple(v for v in verdicts_on(item_id) if v.kind != VerdictKind.YES or is_genuine(v))


def window_of(item_id: UUID, digest: str) -> VetoWindow | None:
    return VetoWindow.objects.filter(item_id=item_id, digest=digest).first()


def windows_of(digests: Mapping[UUID, str]) -> list[VetoWindow]:
    """The windows of several items (item id -> digest of its content) that are announced or open."""
    rows = VetoWindow.objects.filter(item_id__in=digests, state__in=(WindowState.UNDELIVERED, WindowState.OPEN))
    return [row for row in rows if row.digest == digests[row.item_id]]


def holds_in_force() -> QuerySet[Hold]:
    return Hold.objects.filter(lifted_at=None).order_by("-placed_at")


def holds_since(due: datetime) -> list[Hold]:
    """Brakes in force, and those lifted after `due`: what should have left while one held must not burst out after it."""
    return list(Hold.objects.filter(Q(lifted_at=None) | Q(lifted_at__gt=due)))


def standing_in_force(kind: str, today: date) -> list[Template]:
    """The signed standing approvals for one kind of act; one that is not what was signed counts for nothing."""
    rows = StandingApproval.objects.filter(state=StandingState.SIGNED, kind=kind)
    live = rows.filter(Q(until=None) | Q(until__gte=today)).order_by("signed_at")
    return [as_template(row) for row in live if template_digest(as_signed(row)) == row.digest and is_genuine(row)]


def as_signed(row: StandingApproval) -> Template:
    """What the brand puts its name to, whatever is used of it later."""
    return replace(as_template(row), uses_left=row.uses)


def as_template(row: StandingApproval) -> Template:
    """What of it can be used now."""
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
