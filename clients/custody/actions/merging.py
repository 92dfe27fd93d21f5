"""Two conversations that are one: what was said in both stands under the one that holds, until they are taken apart again."""

from uuid import UUID

from clients.custody.access import lock_to_move, wait_for_leaving
from clients.custody.models import Conversation, Holding
from clients.custody.queries import holder_of, opened_to_department
from clients.custody.rules import MERGES_AT_MOST, Answer, State, Step, checked_note
from clients.custody.steps import close_offer, move, require_step
from clients.people.access import require
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.walls.scope import durable


def merge(actor: Actor, *, conversation_id: UUID, into_id: UUID, note: str = "") -> Holding:
    """It goes where the other goes from now on. One side holds both and both are locked or neither, so nothing changes sides
    by it, nor may come to.

    Raises Refused('held_by_other_side'), Missing('conversation'), Conflict('merge_with_itself' | 'merge_across_classes' |
    'merge_across_locks' | 'merge_with_department' | 'merge_with_closed' | 'merged_too_often' |
    'conversation_not_in_this_state' | 'answer_is_leaving'), Invalid('too_long', 'note').
    """
    require(actor, Verb.CONVERSATION_HOLD)
    words = checked_note(note)
    if conversation_id == into_id:
        raise Conflict("merge_with_itself")
    with durable(actor.brand):
        inside = Conversation.objects.filter(merged_into=conversation_id).values_list("pk", flat=True)
        wait_for_leaving({conversation_id, into_id, *inside})
        conversation, into = lock_to_move(actor, conversation_id), lock_to_move(actor, into_id)
        for one in (conversation, into):
            require_step(actor, one, Step.MERGE)
        _require_alike(conversation, into)
        close_offer(conversation, Answer.WITHDRAWN)
        return move(actor, conversation, Step.MERGE, into=into, note=words)


def part(actor: Actor, *, conversation_id: UUID, note: str = "") -> Holding:
    """Take it out of what it was merged into: it stands on its own and is open, and locked where that is locked.

    Raises Conflict('not_merged') and as `merge`.
    """
    require(actor, Verb.CONVERSATION_HOLD)
    words = checked_note(note)
    with durable(actor.brand):
        home = Conversation.objects.filter(pk=conversation_id).values_list("merged_into", flat=True).first()
        wait_for_leaving({conversation_id, home} if home else {conversation_id})
        conversation = lock_to_move(actor, conversation_id)
        if home is None or conversation.merged_into_id != home:  # or it went elsewhere while we waited
            raise Conflict("not_merged")
        into = lock_to_move(actor, home)
        require_step(actor, into, Step.SPLIT)
        parted = move(actor, conversation, Step.SPLIT, to=holder_of(into), note=words)
        if into.locked and not conversation.locked:  # by the house: the lock was the brand's, whoever parts them
            move(process_of(actor.brand, actor.via, "house", actor.request_id), conversation, Step.LOCK)
        return parted


def _require_alike(conversation: Conversation, into: Conversation) -> None:
    """INVARIANT: what few may read never comes to stand among what more may read, nor what is locked in what is not."""
    if (conversation.info_class, conversation.named) != (into.info_class, into.named):
        raise Conflict("merge_across_classes")
    if conversation.locked != into.locked:
        raise Conflict("merge_across_locks")
    if opened_to_department(into):
        raise Conflict("merge_with_department")
    if into.state == State.CLOSED:
        raise Conflict("merge_with_closed")
    if Holding.objects.filter(conversation=conversation, step=Step.MERGE).count() >= MERGES_AT_MOST:
        raise Conflict("merged_too_often", most=MERGES_AT_MOST)
