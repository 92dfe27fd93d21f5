"""The review that people write on what the house has drawn up. Finished, it is fixed."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.crisis.access import access_review
from clients.crisis.models import CrisisReview
from clients.crisis.rules import checked_text
from clients.disclosure.rules import InfoClass
from clients.disclosure.steps import people_named, reclassify
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.walls.scope import durable


def write_review(actor: Actor, *, crisis_id: UUID, text: str, seen: str = "") -> CrisisReview:
    """Keep the text of a review. `seen` is the moment of the version its writer started from, as ISO 8601.

    Raises Refused('not_allowed'), Missing('review'), Invalid as `checked_text` does, Conflict('stale_version' |
    'review_finished').
    """
    require(actor, Verb.CRISIS_REVIEW)
    words = checked_text(text)
    with durable(actor.brand):
        crisis_review = access_review(actor, crisis_id, lock=True)
        _require_unfinished(crisis_review)
        if seen != (crisis_review.written_at.isoformat() if crisis_review.written_at else ""):
            raise Conflict("stale_version", field="text")
        crisis_review.text, crisis_review.written_at = words, timezone.now()
        crisis_review.written_by, crisis_review.written_by_name = actor.somebody, actor.name
        crisis_review.save(update_fields=("text", "written_at", "written_by", "written_by_name"))
        record(actor, "crisis.review_written", crisis_review, crisis=str(crisis_id))
    return crisis_review


def finish_review(actor: Actor, *, crisis_id: UUID) -> CrisisReview:
    """Say that nothing more is to be learnt: the brand's to say. Raises Refused('not_allowed'), Missing('review'),
    Invalid('text_empty', 'text'), Conflict('review_finished')."""
    require(actor, Verb.CRISIS_END)
    with durable(actor.brand):
        crisis_review = access_review(actor, crisis_id, lock=True)
        _require_unfinished(crisis_review)
        checked_text(crisis_review.text)
        crisis_review.finished_at = timezone.now()
        crisis_review.save(update_fields=("finished_at",))
        record(actor, "crisis.review_finished", crisis_review, crisis=str(crisis_id))
    return crisis_review


def classify_review(
    actor: Actor, *, crisis_id: UUID, info_class: InfoClass, named: Collection[UUID] = (), reason: str = ""
) -> CrisisReview:
    """Change who may read a review.

    Raises Missing('review' | 'person'), Refused('not_allowed' | 'wrong_side'), Invalid('reason_missing', 'reason').
    """
    with durable(actor.brand):
        crisis_review = access_review(actor, crisis_id, lock=True)
        reclassify(actor, crisis_review, to=info_class, named=people_named(named), reason=reason)
    return crisis_review


def _require_unfinished(crisis_review: CrisisReview) -> None:
    if crisis_review.finished_at is not None:
        raise Conflict("review_finished")
