"""The agency's watch notes: what comes up, for the brand and for the next review."""

from datetime import date
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.rules import InfoClass
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.press.access import access_watch_note
from clients.press.models import WatchNote
from clients.press.rules import checked_note
from tenants.walls.scope import durable


def write_watch_note(actor: Actor, *, day: date, subject: str, text: str = "") -> WatchNote:
    """What comes up on a day; brand and agency read it.

    Raises Refused('not_allowed'), Invalid('time_past' | 'too_far', 'day'), Invalid('subject_empty' | 'too_long', field).
    """
    require(actor, Verb.WATCH_NOTE_WRITE)
    subject, text = checked_note(day, subject, text, timezone.localdate())
    with durable(actor.brand):
        note: WatchNote = WatchNote.objects.create(
            day=day,
            subject=subject,
            text=text,
            author_id=actor.somebody,
            author_name=actor.name,
            info_class=InfoClass.SHARED,
            owner_side=str(actor.side),
        )
        record(actor, "press.noted", note, day=day.isoformat())
        return note


def drop_watch_note(actor: Actor, *, note_id: UUID) -> None:
    """It comes up no longer. Raises Refused('not_allowed'), Missing('watch_note')."""
    require(actor, Verb.WATCH_NOTE_WRITE)
    with durable(actor.brand):
        note = access_watch_note(actor, note_id)
        note.dropped_at = timezone.now()
        note.save(update_fields=("dropped_at",))
        record(actor, "press.note_dropped", note)
