"""The one rule at the doors: what somebody may not read is not there."""

from typing import TypeVar
from uuid import UUID

from clients.disclosure.models import Classified, Disclosure, IntegrationPolicy
from clients.disclosure.rules import may_read
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing

_C = TypeVar("_C", bound=Classified)


def can_read(actor: Actor, row: Classified) -> bool:
    """Whether `actor` may read this row: the same answer as `readable_by` in a list."""
    return may_read(actor.side, actor.role, actor.person_id, row.info_class, row.named)


def require_readable(actor: Actor, row: _C | None, code: str) -> _C:
    """The row, if there is one and `actor` may read it. Missing(code) otherwise: refused equals absent."""
    if row is None or not can_read(actor, row):
        raise Missing(code)
    return row


def access_disclosure(actor: Actor, disclosure_id: UUID) -> Disclosure:
    """One line of the ledger. Missing('disclosure') otherwise."""
    require(actor, Verb.DISCLOSURE_READ)
    found = Disclosure.objects.filter(pk=disclosure_id).first()
    if found is None:
        raise Missing("disclosure")
    return found


def access_policy(actor: Actor, policy_id: UUID, *, lock: bool = False) -> IntegrationPolicy:
    """What one other system may read. Missing('integration') otherwise."""
    require(actor, Verb.DISCLOSURE_READ)
    rows = IntegrationPolicy.objects.select_for_update() if lock else IntegrationPolicy.objects
    found: IntegrationPolicy | None = rows.filter(pk=policy_id).first()
    if found is None:
        raise Missing("integration")
    return found
