"""Words kept ready: for oneself or one's side; with labels they are a macro. What the brand approved stands in the briefing."""

from collections.abc import Sequence
from uuid import UUID

from clients.audit.actions import record
from clients.conversations.access import access_saved_reply
from clients.conversations.models import Label, SavedReply
from clients.conversations.rules import LONGEST_REPLY, MOST_REPLIES, checked_name, checked_text
from clients.conversations.steps import stick
from clients.custody.access import access_conversation
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Missing
from tenants.walls.scope import durable


def save_reply(
    actor: Actor, *, name: str, text: str, language: str = "", labels: Sequence[UUID] = (), shared: bool = False
) -> SavedReply:
    """Keep words ready; the same name again is the same ones, changed. `labels` are put on where they are used.

    Raises Invalid('name_empty' | 'too_long', 'name'), Invalid('text_empty' | 'too_long', 'text'), Conflict('too_many_replies').
    """
    require(actor, Verb.CONVERSATION_HOLD)
    clean, words = checked_name(name), checked_text(text, LONGEST_REPLY)
    with durable(actor.brand):
        mine = SavedReply.objects.filter(person_id=actor.somebody)
        if mine.exclude(name=clean).count() >= MOST_REPLIES:
            raise Conflict("too_many_replies", most=MOST_REPLIES)
        known = Label.objects.filter(pk__in=list(labels)).values_list("pk", flat=True)
        facts = {
            "text": words,
            "language": language[:8],
            "labels": sorted(str(pk) for pk in known),
            "side": str(actor.side),
            "shared": shared,
        }
        saved, _ = SavedReply.objects.update_or_create(person_id=actor.somebody, name=clean, defaults=facts)
        record(actor, "conversation.reply_saved", saved, shared=shared)
        return saved


def drop_reply(actor: Actor, *, reply_id: UUID) -> None:
    """Raises Missing('saved_reply') for words that are not one's own."""
    with durable(actor.brand):
        saved = access_saved_reply(actor, reply_id)
        if saved.person_id != actor.person_id:
            raise Missing("saved_reply")
        record(actor, "conversation.reply_dropped", saved)
        saved.delete()


def use_reply(actor: Actor, *, conversation_id: UUID, reply_id: UUID) -> SavedReply:
    """Take words kept ready for this conversation: their labels are put on it. Raises Missing('conversation' | 'saved_reply')."""
    require(actor, Verb.CONVERSATION_HOLD)
    with durable(actor.brand):
        conversation = access_conversation(actor, conversation_id, lock=True)
        saved = access_saved_reply(actor, reply_id)
        for label in Label.objects.filter(pk__in=saved.labels):
            stick(actor, conversation, label)
        return saved
