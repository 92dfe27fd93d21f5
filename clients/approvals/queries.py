"""What the brand said and wants: read by the gate at the moment of asking, and by the pages."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Model, Q, QuerySet

from clients.approvals.models import ApprovalPolicy, Hold, StandingApproval, Verdict, VetoWindow
from clients.approvals.rules import Template, template_digest
from clients.approvals.seal import STANDING, VERDICTS
from clients.approvals.words import StandingState, VerdictKind
from clients.autonomy.vocabulary import WindowState
from clients.people.rules import MAY, Verb
from tenants.models import BrandPerson
from tenants.vocabulary import Side

_M = TypeVar("_M", bound=Model)

# The gate asks all this at once and three times an act, so by hand; each row comes as JSON and becomes its model again.
_WORD = """
    SELECT (SELECT needs FROM approvals_approvalpolicy LIMIT 1),
           (SELECT jsonb_agg(verdict ORDER BY at, id) FROM approvals_verdict verdict WHERE item_id = %(item)s),
           (SELECT jsonb_agg(veto) FROM approvals_vetowindow veto WHERE item_id = %(item)s AND digest = %(digest)s),
           (SELECT jsonb_agg(hold ORDER BY placed_at, id) FROM approvals_hold hold
            WHERE lifted_at IS NULL OR %(since)s IS NULL OR lifted_at > %(since)s),
           (SELECT jsonb_agg(standing ORDER BY signed_at) FROM approvals_standingapproval standing
            WHERE state = %(signed)s AND kind = %(kind)s AND (until IS NULL OR until >= %(today)s))
"""


@dataclass(frozen=True, slots=True)
class Word:
    """What the brand said and wants about one content, as of one moment; only what counts."""

    needs: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    window: VetoWindow | None
    holds: tuple[Hold, ...]
    standing: tuple[Template, ...]


def word_of_brand(item_id: UUID, digest: str, *, since: datetime | None, standing_for: str | None, today: date) -> Word:
    """All that the gate needs of the brand's word, in one query.

    Brakes in force and those lifted after `since` (all, if None); standing approvals of the kind `standing_for`, or none.
    """
    values: dict[str, Any] = {"item": item_id, "digest": digest, "since": since, "kind": standing_for, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(_WORD, values | {"signed": str(StandingState.SIGNED)})
        needs, verdicts, windows, holds, standing = (orjson.loads(part or "[]") for part in cursor.fetchone())
    return Word(
        needs=tuple(sorted(needs)),
        verdicts=_that_count(_rows(Verdict, verdicts)),
        window=next(iter(_rows(VetoWindow, windows)), None),
        holds=tuple(_rows(Hold, holds)),
        standing=tuple(_as_signed_by_brand(_rows(StandingApproval, standing))),
    )


def _rows(model: type[_M], found: list[dict[str | None, Any]]) -> list[_M]:
    """Rows read as JSON, as the models that any other query gives."""
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    return [model.from_db(connection.alias, names, [f.to_python(row[f.column]) for f in fields]) for row in found]


def policy_in_force() -> ApprovalPolicy:
    """The brand's policy, or its defaults (unsaved) where it never set one."""
    return ApprovalPolicy.objects.first() or ApprovalPolicy()


def verdicts_on(item_id: UUID) -> QuerySet[Verdict]:
    """Every word of the brand on an item, oldest first, for people to read."""
    return Verdict.objects.filter(item_id=item_id).order_by("at", "id")


def _that_count(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Without a yes that nobody of the brand said. A no counts whoever wrote it: it only takes away."""
    found = list(verdicts)
    said = {v.pk for v in VERDICTS.genuine(v for v in found if v.kind == VerdictKind.YES)}
    return tuple(v for v in found if v.kind != VerdictKind.YES or v.pk in said)


def window_of(item_id: UUID, digest: str) -> VetoWindow | None:
    return VetoWindow.objects.filter(item_id=item_id, digest=digest).first()


def windows_of(digests: Mapping[UUID, str]) -> list[VetoWindow]:
    """The windows of several items (item id -> digest of its content) that are announced or open."""
    rows = VetoWindow.objects.filter(item_id__in=digests, state__in=(WindowState.UNDELIVERED, WindowState.OPEN))
    return [row for row in rows if row.digest == digests[row.item_id]]


def holds_in_force() -> QuerySet[Hold]:
    return Hold.objects.filter(lifted_at=None).order_by("-placed_at")


def standing_in_force(kind: str, today: date) -> list[Template]:
    """The signed standing approvals for one kind of act; one that is not what was signed counts for nothing."""
    rows = StandingApproval.objects.filter(state=StandingState.SIGNED, kind=kind)
    return _as_signed_by_brand(rows.filter(Q(until=None) | Q(until__gte=today)).order_by("signed_at"))


def _as_signed_by_brand(rows: Iterable[StandingApproval]) -> list[Template]:
    unchanged = [row for row in rows if template_digest(as_signed(row)) == row.digest]
    return [as_template(row) for row in STANDING.genuine(unchanged)]


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
