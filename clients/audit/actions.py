"""Writing the log: one function, called by every action inside its own transaction."""

from typing import Any, Protocol
from uuid import UUID

from clients.audit.models import Entry
from tenants.walls.stamps import BrandModel


class Acting(Protocol):
    """What the log needs to know of who acts; `clients.people.actor.Actor` is one."""

    @property
    def person_id(self) -> UUID | None: ...
    @property
    def name(self) -> str: ...
    @property
    def side(self) -> str | None: ...
    @property
    def role(self) -> str | None: ...
    @property
    def via(self) -> str: ...
    @property
    def request_id(self) -> str: ...


def record(actor: Acting, verb: str, subject: BrandModel | None, /, **facts: Any) -> Entry:
    """Add one line, in the transaction of the write that it tells. `facts` must be JSON: codes, ids, numbers, digests."""
    return Entry.objects.create(
        person_id=actor.person_id,
        person_name=actor.name,
        side=actor.side or "",
        role=actor.role or "",
        via=actor.via,
        verb=verb,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        facts=facts,
        request_id=actor.request_id,
    )
