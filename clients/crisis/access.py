"""The door to one crisis, to a note and to a review: refused equals absent."""

from uuid import UUID

from clients.crisis.models import Crisis, CrisisCall, CrisisNote, CrisisReview
from clients.disclosure.access import require_readable
from clients.disclosure.steps import Reading, note_reads
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing


def access_crisis(actor: Actor, crisis_id: UUID, *, lock: bool = False) -> Crisis:
    """One crisis: both sides know of it, for it changes what both may do. Missing('crisis') otherwise."""
    require(actor, Verb.CRISIS_READ)
    found: Crisis | None = (Crisis.objects.select_for_update() if lock else Crisis.objects).filter(pk=crisis_id).first()
    if found is None:
        raise Missing("crisis")
    return found


def access_call(actor: Actor, call_id: UUID) -> CrisisCall:
    """One contact of the chain. Missing('crisis') otherwise."""
    require(actor, Verb.CRISIS_READ)
    found: CrisisCall | None = CrisisCall.objects.select_related("crisis").filter(pk=call_id).first()
    if found is None:
        raise Missing("crisis")
    return found


def access_note(actor: Actor, note_id: UUID, *, lock: bool = False) -> CrisisNote:
    """One note that `actor` may read. Missing('note') otherwise."""
    require(actor, Verb.CRISIS_READ)
    rows = CrisisNote.objects.select_for_update(of=("self",)) if lock else CrisisNote.objects
    return require_readable(actor, rows.filter(pk=note_id).first(), "note")


def open_notes(actor: Actor, crisis: Crisis) -> list[CrisisNote]:
    """What was written during a crisis and `actor` may read; from `named` upward that is written down first."""
    require(actor, Verb.CRISIS_READ)
    notes = list(CrisisNote.objects.filter(crisis=crisis).readable_by(actor).order_by("at", "id"))
    kind = CrisisNote._meta.label_lower
    note_reads(actor, [Reading(kind, note.pk, "", note.info_class) for note in notes], crisis)
    return notes


def access_review(actor: Actor, crisis_id: UUID, *, lock: bool = False) -> CrisisReview:
    """The review of a crisis that is over. Missing('review') otherwise."""
    require(actor, Verb.CRISIS_READ)
    rows = CrisisReview.objects.select_for_update(of=("self",)) if lock else CrisisReview.objects
    review = require_readable(actor, rows.select_related("crisis").filter(crisis_id=crisis_id).first(), "review")
    if not lock:
        revision = review.written_at.isoformat() if review.written_at else ""
        note_reads(actor, [Reading(review._meta.label_lower, review.pk, revision, review.info_class)], review)
    return review
