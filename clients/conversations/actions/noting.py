"""Notes beside a conversation: for people here, each with a class; what one side writes for itself stays with it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from clients.audit.actions import record
from clients.conversations.access import access_note
from clients.conversations.models import ConversationNote, NoteFile
from clients.conversations.rules import LONGEST_NOTE, MOST_FILES, checked_text
from clients.custody.access import access_conversation
from clients.disclosure.rules import InfoClass, default_class
from clients.disclosure.steps import people_named, reclassify
from clients.items.access import access_media
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable


def note_beside(
    actor: Actor,
    *,
    conversation_id: UUID,
    text: str,
    info_class: InfoClass | None = None,
    aside: bool = False,
    media: Sequence[str] = (),
) -> ConversationNote:
    """A note. `aside`: for one's own side alone. `media`: digests of pictures that come along, each with a class of its own.

    Raises Missing('conversation' | 'media'), Invalid('text_empty' | 'too_long' | 'control_characters', 'text'),
    Invalid('too_many_files', 'media'), Conflict('aside_without_files').
    """
    require(actor, Verb.CONVERSATION_HOLD)
    words = checked_text(text, LONGEST_NOTE)
    if len(media) > MOST_FILES:
        raise Invalid("too_many_files", "media", most=MOST_FILES)
    if aside and media and actor.is_agency:
        raise Conflict("aside_without_files")  # the brand sees every picture that is kept here
    with durable(actor.brand):
        conversation = access_conversation(actor, conversation_id)
        note = ConversationNote.objects.create(
            conversation=conversation,
            text=words,
            aside=str(actor.side) if aside and actor.is_agency else "",
            author_id=actor.somebody,
            author_name=actor.name,
            owner_side=str(actor.side),
            info_class=_class(actor, info_class, aside=aside),
        )
        for digest in dict.fromkeys(media):
            NoteFile.objects.create(note=note, media=access_media(actor, digest))
        record(actor, "conversation.noted", conversation, note=str(note.pk), info_class=str(note.info_class))
        return note


def classify_note_beside(
    actor: Actor, *, note_id: UUID, info_class: InfoClass, named: Collection[UUID] = (), reason: str = ""
) -> ConversationNote:
    """Change who may read a note.

    Raises Missing('note' | 'person'), Refused('not_allowed' | 'wrong_side'), Invalid('reason_missing', 'reason').
    """
    with durable(actor.brand):
        note = access_note(actor, note_id, lock=True)
        reclassify(actor, note, to=info_class, named=people_named(named), reason=reason)
        return note


def _class(actor: Actor, chosen: InfoClass | None, *, aside: bool) -> InfoClass:
    """What is for one's own side alone: of the brand's side its class says so, of the agency's the note itself."""
    if aside:
        return InfoClass.SHARED if actor.is_agency else InfoClass.BRAND
    return chosen or default_class(actor.side)
