"""Keeping things no longer than wanted: what the brand says, and the daily run that does it."""

from datetime import timedelta

from django.utils import timezone

from clients.audit.actions import erase_private, record
from clients.audit.erasing.steps import empty_columns, remove_rows
from clients.community.models import RetentionRule
from clients.community.retention import KEPT, Rule, over, rules
from clients.community.rules import DEFAULTS, LONGEST_KEPT, SHORTEST_KEPT, Stored
from clients.community.steps import LINES_AT_ONCE
from clients.outbox.actions import enqueue
from clients.outbox.models import OutboxRow
from clients.people.access import require, require_process, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid
from tenants.walls.scope import durable

RUN = "community.retention"
"""Kind of the outbox row of the daily run; no payload."""
A_DAY, SOON = timedelta(days=1), timedelta(minutes=1)
MOST_A_RUN = 5_000


def set_retention(actor: Actor, *, kind: str, days: int | None, on: bool) -> RetentionRule:
    """How long one kind of data is kept, or that it is kept for ever. The owner proves who they are.

    Raises Refused('not_allowed' | 'step_up_required'), Invalid('unknown_retention' | 'days_out_of_range').
    """
    require(actor, Verb.RETENTION_SET)
    require_step_up(actor, timezone.now())
    if kind not in DEFAULTS:
        raise Invalid("unknown_retention", "kind")
    if days is None or not SHORTEST_KEPT <= days <= LONGEST_KEPT:
        raise Invalid("days_out_of_range", "days", least=SHORTEST_KEPT, most=LONGEST_KEPT)
    with durable(actor.brand):
        rule, _ = RetentionRule.objects.update_or_create(kind=kind, defaults={"days": days, "on": on})
        record(actor, "retention.set", rule, kind=kind, days=days, on=on)
    return rule


def run_retention(actor: Actor) -> dict[str, int]:
    """What is over goes, each kind as its rule says; for a worker, once a day. Every run is a line, also an empty one."""
    require_process(actor)
    with durable(actor.brand):
        current = rules()
        counts = {str(rule.kind): _apply(actor, rule) for rule in current}
        record(actor, "retention.run", None, counts=counts, days={str(r.kind): r.days for r in current if r.on})
        more = any(count >= MOST_A_RUN for count in counts.values())
        enqueue(RUN, {}, key="daily", due_at=timezone.now() + (SOON if more else A_DAY))
    return counts


def date_retention(actor: Actor) -> None:
    """Write the next run down where there is none. For a worker, once a day."""
    require_process(actor)
    with durable(actor.brand):
        if not OutboxRow.objects.filter(kind=RUN, done_at=None).exists():
            enqueue(RUN, {}, key="daily")


def _apply(actor: Actor, rule: Rule) -> int:
    kept, ids = KEPT[rule.kind], over(rule, timezone.now(), MOST_A_RUN)
    if not ids:
        return 0
    if rule.kind is Stored.ORIGINS:
        for start in range(0, len(ids), LINES_AT_ONCE):
            erase_private(actor, ids[start : start + LINES_AT_ONCE], basis="retention", kind=str(rule.kind))
        return len(ids)
    if not kept.empty:
        return remove_rows(kept.model, ids)
    if kept.model.append_only:  # words leave fixed rows with the line of an erasure alone
        erase_private(actor, [], basis="retention", kind=str(rule.kind), rows=len(ids))
    return empty_columns(kept.model, ids, kept.empty)
