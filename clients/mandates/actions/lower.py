"""Lowering: at once, without the agency and without a signature, by any manager of the brand.

INVARIANT: what comes into force here was compared with the version it replaces, and permits nothing that one did not
(`clients.mandates.lowering`). So it needs no proof of who the person is: the worst that can be done here is too little.
"""

from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.grant import Charter, Grant
from clients.autonomy.levels import Level
from clients.mandates.access import access_mandate
from clients.mandates.actions.charter import valid_grants
from clients.mandates.drafting import Draft, draft_of
from clients.mandates.lowering import closing, first_raise
from clients.mandates.models import CharterVersion, Mandate
from clients.mandates.queries import charter_version, version_in_force
from clients.mandates.rules import SignatureKind
from clients.mandates.steps import put_in_force, require_live, write_version
from clients.outbox.brake import press
from clients.people.access import require, require_side
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Missing
from tenants.vocabulary import Side
from tenants.walls.scope import durable


def lower_grant(*, actor: Actor, mandate_id: UUID, grant: Draft) -> CharterVersion:
    """Put `grant` in the place of the one with the same coordinates, or add it as a nearer one, if that only lowers.

    Raises Refused('not_allowed'|'wrong_side'|'charter_altered'), Missing('mandate'|'charter'), Invalid(code, field),
    Invalid('nothing_changes') and Conflict('raises_level', channel=..., kind=..., sensitivity=...).
    """

    def lowered(mandate: Mandate, old: Charter) -> tuple[Grant, ...]:
        (wanted,) = valid_grants([grant], mandate.starts_on)
        return (*(g for g in old.grants if g.key != wanted.key), wanted)

    return _lower(actor, mandate_id, lowered)


def close_cell(*, actor: Actor, mandate_id: UUID, channel: str, kind: str, sensitivity: str) -> CharterVersion:
    """Close a cell, or with '' for channel or kind a whole row or column, nearer grants included. Raises as `lower_grant`."""

    def lowered(mandate: Mandate, old: Charter) -> tuple[Grant, ...]:
        cell = {"channel": channel, "kind": kind, "sensitivity": sensitivity, "level": int(Level.CLOSED)}
        (closed,) = valid_grants([cell], mandate.starts_on)
        return closing(old, closed)

    return _lower(actor, mandate_id, lowered)


def _lower(actor: Actor, mandate_id: UUID, lowered: Callable[[Mandate, Charter], tuple[Grant, ...]]) -> CharterVersion:
    require(actor, Verb.CHARTER_LOWER)
    require_side(actor, Side.BRAND)
    now = timezone.now()
    with durable(actor.brand):
        press(actor.brand)
        mandate = access_mandate(actor, mandate_id, lock=True)
        require_live(mandate)
        former = version_in_force(mandate)
        if former is None:
            raise Missing("charter")
        old = charter_version(former.pk)
        grants = lowered(mandate, old)
        _require_lower(old, grants)
        version = write_version(actor, mandate, grants, base=former, note="", now=now)
        put_in_force(actor, version, SignatureKind.LOWERED, now)
        record(actor, "charter.lowered", version, number=version.number, base=former.number, digest=version.digest)
    return version


def _require_lower(old: Charter, grants: tuple[Grant, ...]) -> None:
    if {g.key: draft_of(g) for g in old.grants} == {g.key: draft_of(g) for g in grants}:
        raise Invalid("nothing_changes", "grant")
    raised = first_raise(old, Charter(old.version + 1, grants))
    if raised is not None:
        channel, kind, sensitivity = raised
        raise Conflict("raises_level", "level", channel=channel, kind=str(kind), sensitivity=str(sensitivity))
