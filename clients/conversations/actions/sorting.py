"""Labels on a conversation, words on their way, and views of the inbox kept under a name."""

from collections.abc import Mapping
from uuid import UUID

from clients.audit.actions import record
from clients.conversations.access import access_view
from clients.conversations.models import ConversationView, Label, Labelled, Sketch
from clients.conversations.rules import (
    LONGEST_LABEL,
    LONGEST_REPLY,
    MOST_LABELS,
    checked_filters,
    checked_name,
    checked_text,
)
from clients.conversations.steps import drop_filters, keep_filters, stick
from clients.custody.access import access_conversation
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.walls.scope import durable


def put_label(actor: Actor, *, conversation_id: UUID, name: str) -> Label:
    """Put a label on a conversation; a new word becomes a label. Raises Invalid('name_empty' | 'too_long', 'name'),
    Conflict('too_many_labels'), Missing('conversation').
    """
    require(actor, Verb.CONVERSATION_HOLD)
    clean = checked_name(name, LONGEST_LABEL)
    with durable(actor.brand):
        conversation = access_conversation(actor, conversation_id, lock=True)
        label = Label.objects.filter(key=clean.casefold()).first() or _new(clean)
        stick(actor, conversation, label)
        return label


def take_label_off(actor: Actor, *, conversation_id: UUID, label_id: UUID) -> None:
    """Nothing where it is not there. Raises Missing('conversation')."""
    require(actor, Verb.CONVERSATION_HOLD)
    with durable(actor.brand):
        conversation = access_conversation(actor, conversation_id, lock=True)
        if Labelled.objects.filter(conversation=conversation, label=label_id).delete()[0]:
            record(actor, "conversation.unlabelled", conversation, label=str(label_id))


def keep_sketch(actor: Actor, *, conversation_id: UUID, text: str, shared: bool) -> Sketch | None:
    """Keep words on their way, one's own a conversation; without any they are dropped. `shared`: the other side sees them.

    Raises Missing('conversation'), Invalid('too_long' | 'control_characters', 'text').
    """
    require(actor, Verb.CONVERSATION_HOLD)
    words = checked_text(text, LONGEST_REPLY) if text.strip() else ""
    with durable(actor.brand):
        conversation = access_conversation(actor, conversation_id, lock=True)
        mine = Sketch.objects.filter(conversation=conversation, person_id=actor.somebody)
        record(actor, "conversation.sketched", conversation, shared=shared and bool(words))
        if not words:
            mine.delete()
            return None
        facts = {"person_name": actor.name, "side": str(actor.side), "text": words, "shared": shared}
        sketch, _ = Sketch.objects.update_or_create(conversation=conversation, person_id=actor.somebody, defaults=facts)
        return sketch


def keep_view(actor: Actor, *, name: str, filters: Mapping[str, str], shared: bool = False) -> ConversationView:
    """Keep the filters; the same name again is the same view, changed.

    Raises Invalid('name_empty' | 'too_long', 'name'), Conflict('too_many_views').
    """
    require(actor, Verb.CONVERSATION_READ)
    known, views = checked_filters(filters), ConversationView.objects.all()
    with durable(actor.brand):
        return keep_filters(actor, views, name=name, filters=known, shared=shared, verb="conversation.view_saved")


def forget_view(actor: Actor, *, view_id: UUID) -> None:
    """Raises Missing('view') for one that is not one's own."""
    require(actor, Verb.CONVERSATION_READ)
    with durable(actor.brand):
        drop_filters(actor, access_view(actor, view_id), verb="conversation.view_dropped")


def _new(name: str) -> Label:
    if Label.objects.count() >= MOST_LABELS:
        raise Conflict("too_many_labels", most=MOST_LABELS)
    return Label.objects.create(name=name, key=name.casefold())
