"""The doors to one review and one watch note: refused equals absent."""

from uuid import UUID

from clients.disclosure.access import require_readable
from clients.disclosure.steps import Reading, note_reads
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.press.models import Review, WatchNote


def access_review(actor: Actor, review_id: UUID, *, lock: bool = False) -> Review:
    """One review that `actor` may read; from `named` upward that is written down. Missing('review') otherwise."""
    require(actor, Verb.MENTION_READ)
    rows = Review.objects.select_for_update() if lock else Review.objects
    review: Review = require_readable(actor, rows.filter(pk=review_id).first(), "review")
    if not lock:
        note_reads(actor, [Reading(Review._meta.label_lower, review.pk, "", review.info_class)], subject=review)
    return review


def access_watch_note(actor: Actor, note_id: UUID) -> WatchNote:
    """One note, locked. Missing('watch_note') otherwise."""
    require(actor, Verb.MENTION_READ)
    found = WatchNote.objects.select_for_update().filter(pk=note_id, dropped_at=None).first()
    note: WatchNote = require_readable(actor, found, "watch_note")
    return note
