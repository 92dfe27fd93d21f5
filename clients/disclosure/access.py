"""The one rule at the doors: what somebody may not read is not there."""

from typing import TypeVar

from clients.disclosure.models import Classified
from clients.disclosure.rules import may_read
from clients.people.actor import Actor
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
