"""The doors to one conversation: refused equals absent."""

from uuid import UUID

from clients.custody.models import Conversation
from clients.disclosure.access import require_readable
from clients.disclosure.steps import Reading, note_reads
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb


def access_conversation(actor: Actor, conversation_id: UUID, *, lock: bool = False) -> Conversation:
    """One conversation that `actor` may read; from `named` upward that is written down. Missing('conversation') otherwise."""
    require(actor, Verb.CONVERSATION_READ)
    rows = Conversation.objects.select_for_update() if lock else Conversation.objects
    found: Conversation = require_readable(actor, rows.filter(pk=conversation_id).first(), "conversation")
    if not lock:
        note_reads(actor, [reading(found)], subject=found)
    return found


def reading(conversation: Conversation) -> Reading:
    """A conversation, as the log names what was read."""
    return Reading(Conversation._meta.label_lower, conversation.pk, "", conversation.info_class)
