"""Notes and decisions during a crisis and in its aftermath: who decided what, in their own words."""

from collections.abc import Collection
from uuid import UUID

from clients.audit.actions import record
from clients.crisis.access import access_crisis, access_note
from clients.crisis.models import CrisisNote
from clients.crisis.rules import checked_text
from clients.crisis.steps.moving import write
from clients.disclosure.rules import InfoClass
from clients.disclosure.steps import people_named, reclassify
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.walls.scope import durable


def write_crisis_note(
    actor: Actor, *, crisis_id: UUID, text: str, is_decision: bool = False, info_class: InfoClass | None = None
) -> CrisisNote:
    """Write down what was decided or noticed. Without `info_class` it has that of its side.

    Raises Refused('not_allowed'), Missing('crisis'), Invalid as `checked_text` does.
    """
    require(actor, Verb.CRISIS_PROPOSE)
    words = checked_text(text)
    with durable(actor.brand):
        crisis = access_crisis(actor, crisis_id)
        note = write(actor, crisis, words, is_decision=is_decision, info_class=info_class)
        record(actor, "crisis.noted", crisis, note=str(note.pk), decision=is_decision, info_class=str(note.info_class))
    return note


def classify_crisis_note(
    actor: Actor, *, note_id: UUID, info_class: InfoClass, named: Collection[UUID] = (), reason: str = ""
) -> CrisisNote:
    """Change who may read a note.

    Raises Missing('note' | 'person'), Refused('not_allowed' | 'wrong_side'), Invalid('reason_missing', 'reason').
    """
    with durable(actor.brand):
        note = access_note(actor, note_id, lock=True)
        reclassify(actor, note, to=info_class, named=people_named(named), reason=reason)
    return note
