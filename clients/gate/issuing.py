"""The daily look at a series: its days ahead become items of its author, and each is brought to the gate like any other.

INVARIANT: a series approves nothing. What its author may not bring today is refused or waits, item by item.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.gate.actions.submitting import submit_item
from clients.items.actions import end_orphan, make_issues
from clients.items.actions.series import SERIES
from clients.items.queries import issues_to_submit
from clients.items.series_days import author_of_running
from clients.outbox.registry import Later, handles
from clients.people.access import actor_of, require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing, Refused, RelaisError
from tenants.walls.scope import BrandRef, brand_scope

log = structlog.get_logger(__name__)
A_DAY = timedelta(days=1)


@handles(SERIES)
def look(brand: BrandRef, payload: dict[str, Any]) -> None:
    """Comes back every day until the series is stopped or over."""
    series_id = UUID(payload["series"])
    with brand_scope(brand):
        author_id = author_of_running(series_id)
    if author_id is None:
        return
    try:
        author = actor_of(author_id, brand, EntryPoint.WORKER)
        require(author, Verb.ITEM_SUBMIT)
    except (Missing, Refused):
        end_orphan(brand, series_id=series_id)
        return
    make_issues(author, series_id=series_id)
    with brand_scope(brand):
        waiting = issues_to_submit(series_id)
    for item_id, digest in waiting:
        _bring(author, item_id, digest)
    raise Later(timezone.now() + A_DAY)


def _bring(author: Actor, item_id: UUID, digest: str) -> None:
    """What the gate does not take stays a draft of the author, who sees why when they open it."""
    try:
        submit_item(author, item_id=item_id, seen_digest=digest)
    except RelaisError as error:
        log.warning("series_issue_not_submitted", item=str(item_id), code=error.code)
