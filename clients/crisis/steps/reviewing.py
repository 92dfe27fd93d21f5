"""A review's beginning, drawn up by the house: what can be counted, and what only people can answer."""

from datetime import timedelta
from typing import Any

from clients.audit.actions import record
from clients.crisis.models import Crisis, CrisisReview
from clients.crisis.queries import counts_since
from clients.crisis.steps.counting import hour_of
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor
from tenants.vocabulary import Side


def draft_review(actor: Actor, crisis: Crisis) -> CrisisReview:
    """The figures as they are at the end, under both sides' eyes; the text is for people, and empty."""
    review: CrisisReview = CrisisReview.objects.create(
        crisis=crisis, figures=figures_of(crisis), info_class=InfoClass.SHARED, owner_side=str(Side.BRAND)
    )
    record(actor, "crisis.review_begun", review, crisis=str(crisis.pk))
    return review


def figures_of(crisis: Crisis) -> dict[str, Any]:
    """Whole numbers: minutes from step to step, mentions, alerts, calls, notes. None where a step was never taken."""
    assert crisis.over_at is not None
    begun, over = crisis.proposed_at, crisis.over_at
    counts = counts_since(hour_of(begun), hour_of(over))
    peak = max(counts, key=lambda hour: counts[hour].total, default=None)
    return {
        "to_declared": _minutes(begun, crisis.declared_at),
        "to_taken": _minutes(begun, crisis.taken_at),
        "lasted": _minutes(crisis.declared_at or begun, over),
        "mentions": sum(c.total for c in counts.values()),
        "negative": sum(c.negative for c in counts.values()),
        "peak": counts[peak].total if peak else 0,
        "peak_hour": peak.isoformat() if peak else "",
        "alerts": crisis.alerts.count(),
        "called": crisis.calls.exclude(called_at=None).count(),
        "notes": crisis.notes.count(),
    }


def _minutes(start: Any, end: Any) -> int | None:
    return round((end - start) / timedelta(minutes=1)) if end else None
