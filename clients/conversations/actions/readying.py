"""Words kept ready; with labels or a step of custody they are a macro. What the brand approved stands in the briefing."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from clients.audit.actions import record
from clients.conversations.access import access_saved_reply
from clients.conversations.models import Label, SavedReply
from clients.conversations.rules import LONGEST_REPLY, MOST_REPLIES, Move, checked_move, checked_name, checked_text
from clients.conversations.steps import stick
from clients.custody.access import access_conversation, lock_to_move
from clients.custody.models import Conversation
from clients.custody.queries import person_here
from clients.custody.rules import Holder, Step
from clients.custody.steps import give_back_to_giver, offer_to, take_from_other_side
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Missing
from tenants.vocabulary import Side
from tenants.walls.scope import durable


def save_reply(
    actor: Actor,
    *,
    name: str,
    text: str,
    language: str = "",
    labels: Sequence[UUID] = (),
    move: Move | None = None,
    shared: bool = False,
) -> SavedReply:
    """Keep words ready; the same name again is the same ones, changed. `labels` are put on where they are used, and `move` is
    taken there; what has one needs no words.

    Raises Invalid('name_empty' | 'too_long', 'name'), Invalid('text_empty' | 'too_long', 'text'), Missing('person'),
    Conflict('too_many_replies'), and what `rules.checked_move` does.
    """
    require(actor, Verb.CONVERSATION_HOLD)
    clean, kept = checked_name(name), checked_move(move) if move else None
    words = checked_text(text, LONGEST_REPLY) if text.strip() or kept is None else ""
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
        saved, _ = SavedReply.objects.update_or_create(
            person_id=actor.somebody, name=clean, defaults=facts | _columns(kept)
        )
        record(actor, "conversation.reply_saved", saved, shared=shared, step=saved.step)
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
    """Take words kept ready for this conversation: their labels are put on it, and their step of custody is taken.

    INVARIANT: all of it or nothing: a step that is refused leaves no label behind. It is asked about here and now, of whoever
    presses, by the very functions that a press by hand goes through.
    Raises Missing('conversation' | 'saved_reply') and as `custody.actions.pass_on`, `take_back` or `give_back`.
    """
    require(actor, Verb.CONVERSATION_HOLD)
    with durable(actor.brand):
        saved = access_saved_reply(actor, reply_id)
        if saved.step:
            conversation = lock_to_move(actor, conversation_id)
        else:
            conversation = access_conversation(actor, conversation_id, lock=True)
        for label in Label.objects.filter(pk__in=saved.labels):
            stick(actor, conversation, label)
        _take(actor, conversation, saved)
        return saved


def _take(actor: Actor, conversation: Conversation, saved: SavedReply) -> None:
    if saved.step == Step.PASS:
        to = Holder(Side(saved.to_side), saved.to_person, saved.to_team)
        offer_to(actor, conversation, to, saved.note)
    elif saved.step == Step.TAKE_BACK:
        take_from_other_side(actor, conversation, saved.note)
    elif saved.step == Step.RETURN:
        give_back_to_giver(actor, conversation, saved.note)


def _columns(move: Move | None) -> dict[str, Any]:
    """Raises Missing('person') for whom it could never be passed on to."""
    to = move.to if move else None
    if to is not None and to.person is not None and person_here(to.person, to.side) is None:
        raise Missing("person")
    return {
        "step": move.step if move else "",
        "note": move.note if move else "",
        "to_side": to.side if to else "",
        "to_person": to.person if to else None,
        "to_team": to.team if to else "",
    }
