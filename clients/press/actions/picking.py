"""People pick over a draft: what stands in it, in which order, with which sentence beside it."""

from datetime import datetime
from uuid import UUID

from clients.audit.actions import record
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.press.access import access_review
from clients.press.models import Review, ReviewEntry
from clients.press.queries import pieces_for
from clients.press.rules import LONGEST_COMMENT, checked_span, moved
from clients.press.steps import draw_up, pick, require_draft
from tenants.errors import Invalid, Missing
from tenants.walls.scope import durable


def begin_review(actor: Actor, *, since: datetime, until: datetime) -> Review:
    """A draft of these days. Raises Refused('not_allowed'), Invalid('end_before_start' | 'span_too_long', 'until')."""
    require(actor, Verb.PRESS_WRITE)
    checked_span(since, until)
    with durable(actor.brand):
        return draw_up(actor, since, until)


def pick_piece(actor: Actor, *, review_id: UUID, mention_id: UUID) -> ReviewEntry:
    """One more piece. Raises Missing('review' | 'mention'), Conflict('review_out' | 'review_full')."""
    with durable(actor.brand):
        review = _draft(actor, review_id)
        mention = pieces_for(review).filter(pk=mention_id).first()
        if mention is None:
            raise Missing("mention")
        piece = pick(review, mention)
        record(actor, "press.picked", review, mention=str(mention_id))
        return piece


def drop_piece(actor: Actor, *, review_id: UUID, entry_id: UUID) -> None:
    """One piece less. Raises Missing('review' | 'review_entry'), Conflict('review_out')."""
    with durable(actor.brand):
        review = _draft(actor, review_id)
        piece = _entry(review, entry_id)
        record(actor, "press.dropped", review, mention=str(piece.mention_id))
        piece.delete()


def move_piece(actor: Actor, *, review_id: UUID, entry_id: UUID, by: int) -> None:
    """So many places up (negative) or down. Raises as `drop_piece`."""
    with durable(actor.brand):
        review = _draft(actor, review_id)
        piece, order = _entry(review, entry_id), list(review.entries.all())
        for place, one in enumerate(moved(order, piece, by), 1):
            ReviewEntry.objects.filter(pk=one.pk).exclude(position=place).update(position=place)
        record(actor, "press.ordered", review, mention=str(piece.mention_id), by=by)


def comment_piece(actor: Actor, *, review_id: UUID, entry_id: UUID, comment: str) -> ReviewEntry:
    """A sentence of one's own beside a piece; '' for none. Raises as `drop_piece`, Invalid('too_long', 'comment')."""
    words = " ".join(comment.split())
    if len(words) > LONGEST_COMMENT:
        raise Invalid("too_long", "comment", most=LONGEST_COMMENT)
    with durable(actor.brand):
        review = _draft(actor, review_id)
        piece = _entry(review, entry_id)
        piece.comment = words
        piece.save(update_fields=("comment",))
        record(actor, "press.commented", review, mention=str(piece.mention_id))
        return piece


def _draft(actor: Actor, review_id: UUID) -> Review:
    require(actor, Verb.PRESS_WRITE)
    review = access_review(actor, review_id, lock=True)
    require_draft(review)
    return review


def _entry(review: Review, entry_id: UUID) -> ReviewEntry:
    piece = review.entries.filter(pk=entry_id).first()
    if piece is None:
        raise Missing("review_entry")
    return piece
