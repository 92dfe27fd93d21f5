"""The doors to what stands beside a conversation: refused equals absent."""

from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet

from clients.conversations.models import ConversationNote, ConversationView, KeptView, SavedReply
from clients.conversations.queries import saved_replies
from clients.custody.access import access_conversation
from clients.disclosure.steps import Reading
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing

View = TypeVar("View", bound=KeptView)


def access_note(actor: Actor, note_id: UUID, *, lock: bool = False) -> ConversationNote:
    """One note that `actor` may read, beside a conversation that they may. Missing('note') otherwise."""
    require(actor, Verb.CONVERSATION_READ)
    rows = ConversationNote.objects.select_for_update(of=("self",)) if lock else ConversationNote.objects
    found: ConversationNote | None = rows.readable_by(actor).filter(pk=note_id).first()
    if found is None:
        raise Missing("note")
    access_conversation(actor, found.conversation_id)
    return found


def note_reading(note: ConversationNote) -> Reading:
    """A note, as the log names what was read."""
    return Reading(ConversationNote._meta.label_lower, note.pk, "1", note.info_class)


def access_saved_reply(actor: Actor, reply_id: UUID) -> SavedReply:
    """Words kept ready, one's own or one's side's. Missing('saved_reply') otherwise."""
    require(actor, Verb.CONVERSATION_HOLD)
    found = saved_replies(actor).filter(pk=reply_id).first()
    if found is None:
        raise Missing("saved_reply")
    return found


def access_view(actor: Actor, view_id: UUID) -> ConversationView:
    """A saved view of one's own. Missing('view') otherwise."""
    require(actor, Verb.CONVERSATION_READ)
    return own_view(actor, ConversationView.objects.all(), view_id)


def own_view(actor: Actor, views: QuerySet[View], view_id: UUID) -> View:
    """One of one's own among these, locked. Missing('view') otherwise."""
    found = views.select_for_update().filter(pk=view_id, person_id=actor.somebody).first()
    if found is None:
        raise Missing("view")
    return found
