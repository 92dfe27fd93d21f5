"""The writes that the actions of this feature share. They need an open transaction and the mandate's row locked.

INVARIANT: states of mandates and charters change nowhere else, and every version that comes into force does so through
`put_in_force`, with its signature.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from clients.autonomy.grant import Grant
from clients.autonomy.vocabulary import MandateState
from clients.mandates.digest import charter_digest
from clients.mandates.models import CharterSignature, CharterVersion, GrantRow, Mandate
from clients.mandates.queries import version_in_force
from clients.mandates.rules import LIVE, CharterState, CharterStep, MandateStep, SignatureKind, after, charter_after
from clients.mandates.seal import seal_of
from clients.people.actor import Actor
from tenants.errors import Conflict, Refused
from tenants.vocabulary import Role, Side


def move_mandate(mandate: Mandate, step: MandateStep, now: datetime, by: Side | None) -> None:
    """Take one step of the life table. Conflict('not_in_this_state') where the table does not know it."""
    state = after(MandateState(mandate.state), step)
    if state is None:
        raise Conflict("not_in_this_state", state=str(mandate.state), step=str(step))
    mandate.state, mandate.state_since = state, now
    mandate.ended_by_side = str(by) if by and state is MandateState.ENDED else ""
    mandate.save(update_fields=("state", "state_since", "ended_by_side"))


def require_live(mandate: Mandate) -> None:
    """Conflict('not_in_this_state') once the mandate has ended: nothing about its charter changes any more."""
    if mandate.state not in LIVE:
        raise Conflict("not_in_this_state", state=str(mandate.state))


def move_charter(version: CharterVersion, step: CharterStep, now: datetime) -> None:
    """Take one step. Conflict('already_decided') where somebody was faster."""
    state = charter_after(CharterState(version.state), step)
    if state is None:
        raise Conflict("already_decided", state=str(version.state))
    version.state, version.state_since = state, now
    version.save(update_fields=("state", "state_since"))


def write_version(
    actor: Actor, mandate: Mandate, grants: Iterable[Grant], *, base: CharterVersion | None, note: str, now: datetime
) -> CharterVersion:
    """The next version with its grants, proposed. Numbers only ever grow, whatever becomes of a version."""
    written = tuple(grants)
    person, side, _ = who(actor)
    newest = CharterVersion.objects.filter(mandate=mandate).order_by("-number").first()
    number = newest.number + 1 if newest else 1
    version = CharterVersion.objects.create(
        mandate=mandate,
        number=number,
        base=base,
        digest=charter_digest(actor.brand.id, mandate.pk, number, written),
        note=note,
        proposed_by=person,
        proposed_by_name=actor.name,
        proposed_side=side,
        proposed_at=now,
        state_since=now,
    )
    GrantRow.objects.bulk_create([_row(version, g) for g in written])
    return version


def put_in_force(actor: Actor, version: CharterVersion, kind: SignatureKind, now: datetime) -> CharterSignature:
    """Supersede what holds, and sign. Whether the actor may was decided by the caller."""
    person, side, role = who(actor)
    former = version_in_force(version.mandate)
    if former is not None:
        move_charter(former, CharterStep.SUPERSEDE, now)
    move_charter(version, CharterStep.SIGN, now)
    signature = CharterSignature(
        mandate=version.mandate,
        charter=version,
        number=version.number,
        digest=version.digest,
        kind=kind,
        person_id=person,
        person_name=actor.name,
        side=side,
        role=role,
        signed_at=now,
        step_up_at=actor.stepped_up_at if kind is SignatureKind.SIGNED else None,
    )
    signature.seal = seal_of(signature)
    signature.save(force_insert=True)
    return signature


def who(actor: Actor) -> tuple[UUID, Side, Role]:
    """The person behind a step of one side. Refused('not_allowed') for a process, which has none."""
    if actor.person_id is None or actor.side is None or actor.role is None:
        raise Refused("not_allowed")
    return actor.person_id, actor.side, actor.role


def _row(version: CharterVersion, grant: Grant) -> GrantRow:
    hours = grant.hours
    return GrantRow(
        charter=version,
        channel_id=UUID(grant.channel) if grant.channel else None,
        kind=grant.kind,
        sensitivity=grant.sensitivity,
        level=grant.level,
        hours_start=hours.start if hours else None,
        hours_end=hours.end if hours else None,
        weekdays="".join(str(day) for day in sorted(hours.weekdays)) if hours else "",
        daily_cap=grant.daily_cap,
        until=grant.until,
    )
