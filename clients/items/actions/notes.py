"""Remarks beside an item: for people here, each with a class, and never for the outside."""

from collections.abc import Collection
from uuid import UUID

from clients.audit.actions import record
from clients.disclosure.rules import InfoClass, default_class
from clients.disclosure.steps import people_named, reclassify
from clients.items.access import access_item, access_note
from clients.items.models import ItemNote
from clients.items.rules import storable
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid
from tenants.walls.scope import durable

LONGEST_NOTE = 4_000


def write_note(actor: Actor, *, item_id: UUID, text: str, info_class: InfoClass | None = None) -> ItemNote:
    """Remark on an item. Without `info_class` it has that of its side: what the brand writes stays with the brand.

    Raises Missing('item'), Invalid('text_empty' | 'too_long' | 'control_characters', 'text').
    """
    require(actor, Verb.ITEM_EDIT)
    words = _words(text)
    with durable(actor.brand):
        item = access_item(actor, item_id)
        note = ItemNote.objects.create(
            item=item,
            text=words,
            author_id=actor.somebody,
            author_name=actor.name,
            owner_side=str(actor.side),
            info_class=info_class or default_class(actor.side),
        )
        record(actor, "item.noted", item, note=str(note.pk), info_class=str(note.info_class))
    return note


def classify_note(
    actor: Actor, *, note_id: UUID, info_class: InfoClass, named: Collection[UUID] = (), reason: str = ""
) -> ItemNote:
    """Change who may read a remark.

    Raises Missing('note' | 'person'), Refused('not_allowed' | 'wrong_side'), Invalid('reason_missing', 'reason').
    """
    with durable(actor.brand):
        note = access_note(actor, note_id, lock=True)
        reclassify(actor, note, to=info_class, named=people_named(named), reason=reason)
    return note


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise Invalid("text_empty", "text")
    if len(words) > LONGEST_NOTE:
        raise Invalid("too_long", "text", most=LONGEST_NOTE)
    if not storable(words):
        raise Invalid("control_characters", "text")
    return words
