"""Charter versions: either side proposes, the brand's owner signs, and a version is never edited."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.grant import Grant
from clients.channels.queries import channels_of_brand
from clients.mandates.access import access_charter, access_mandate
from clients.mandates.digest import charter_digest
from clients.mandates.drafting import Draft, read_grants
from clients.mandates.models import CharterVersion, Mandate
from clients.mandates.queries import charter_as_written, version_in_force
from clients.mandates.rules import CharterState, CharterStep, SignatureKind, charter_after
from clients.mandates.steps import move_charter, put_in_force, require_live, write_version
from clients.outbox.brake import press
from clients.people.access import require, require_side, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Refused
from tenants.models import AgencyMember
from tenants.vocabulary import Side
from tenants.walls.scope import durable, hub_scope

LONGEST_NOTE = 2000


def propose_charter(
    *, actor: Actor, mandate_id: UUID, base: int, grants: Sequence[Draft], note: str = ""
) -> CharterVersion:
    """Propose a whole new version. `base` is the number of the version it was written against, 0 where there was none.

    Raises Refused('not_allowed'), Missing('mandate'), Conflict('stale_charter', 'base', newer=...), and Invalid with the code
    and field of the first error in the draft and `errors`, the list of all.
    """
    require(actor, Verb.CHARTER_PROPOSE)
    if len(note) > LONGEST_NOTE:
        raise Invalid("too_long", "note", most=LONGEST_NOTE)
    with durable(actor.brand):
        mandate = access_mandate(actor, mandate_id, lock=True)
        require_live(mandate)
        former = version_in_force(mandate)
        if (former.number if former else 0) != base:
            raise _stale(former)
        written = valid_grants(grants, mandate.starts_on)
        version = write_version(actor, mandate, written, base=former, note=note, now=timezone.now())
        record(actor, "charter.proposed", version, number=version.number, base=base, digest=version.digest)
    return version


def sign_charter(*, actor: Actor, charter_id: UUID, digest: str) -> CharterVersion:
    """Put a proposed version into force. The brand's owner alone, after a step-up; `digest` is the one they were shown.

    Raises Refused('not_allowed'|'wrong_side'|'step_up_required'|'both_sides'|'charter_altered'), Missing('charter'),
    Conflict('already_decided'|'not_in_this_state'), and Conflict('stale_charter') when its base is no longer in force.
    """
    now = timezone.now()
    require(actor, Verb.CHARTER_SIGN)
    require_side(actor, Side.BRAND)
    require_step_up(actor, now)
    with durable(actor.brand):
        press(actor.brand)
        version = access_charter(actor, charter_id, lock=True)
        mandate = version.mandate
        require_live(mandate)
        _require_one_side(actor, mandate)
        _require_signable(version)
        _require_as_shown(actor, version, digest)
        signature = put_in_force(actor, version, SignatureKind.SIGNED, now)
        record(actor, "charter.signed", version, number=version.number, digest=digest, signature=str(signature.pk))
    return version


def decline_charter(*, actor: Actor, charter_id: UUID) -> CharterVersion:
    """The brand says no to a proposal. Raises Refused('not_allowed'), Missing('charter'), Conflict('already_decided')."""
    require(actor, Verb.CHARTER_LOWER)
    return _lay_aside(actor, charter_id, CharterStep.DECLINE)


def withdraw_charter(*, actor: Actor, charter_id: UUID) -> CharterVersion:
    """The side that proposed takes it back. Raises as `decline_charter` does, and Refused('wrong_side')."""
    require(actor, Verb.CHARTER_PROPOSE)
    return _lay_aside(actor, charter_id, CharterStep.WITHDRAW)


def valid_grants(drafts: Sequence[Draft], since: date) -> tuple[Grant, ...]:
    """The grants of a draft, in the light of the brand's channels. Raises Invalid, naming the first field that is wrong."""
    known = {str(pk) for pk in channels_of_brand().values_list("pk", flat=True)}
    grants, errors = read_grants(drafts, known, since)
    if errors:
        first = errors[0]
        raise Invalid(first.code, first.field, **first.facts, errors=errors)
    return grants


def _lay_aside(actor: Actor, charter_id: UUID, step: CharterStep) -> CharterVersion:
    with durable(actor.brand):
        version = access_charter(actor, charter_id, lock=True)
        if step is CharterStep.WITHDRAW and version.proposed_side != actor.side:
            raise Refused("wrong_side", side=version.proposed_side)
        move_charter(version, step, timezone.now())
        record(actor, f"charter.{version.state}", version, number=version.number)
    return version


def _require_one_side(actor: Actor, mandate: Mandate) -> None:
    """INVARIANT: nobody who works at the agency signs for the brand, whatever membership they hold in it."""
    with hub_scope():
        works_there = AgencyMember.objects.filter(agency=mandate.agency_id, person=actor.person_id).exists()
    if works_there:
        raise Refused("both_sides")


def _require_as_shown(actor: Actor, version: CharterVersion, digest: str) -> None:
    """What is signed is what was proposed, and what the owner had before their eyes."""
    grants = charter_as_written(version).grants
    if not version.digest == digest == charter_digest(actor.brand.id, version.mandate_id, version.number, grants):
        raise Refused("charter_altered", charter_id=str(version.pk))


def _require_signable(version: CharterVersion) -> None:
    """Somebody was faster, or lowered the base meanwhile: then the owner would sign something other than they compared."""
    if charter_after(CharterState(version.state), CharterStep.SIGN) is None:
        raise Conflict("already_decided", state=str(version.state))
    former = version_in_force(version.mandate)
    if version.base_id != (former.pk if former else None):
        raise _stale(former)


def _stale(former: CharterVersion | None) -> Conflict:
    newer = former.number if former else 0
    return Conflict("stale_charter", "base", newer=newer, newer_id=str(former.pk) if former else "")
