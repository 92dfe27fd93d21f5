"""One thing that the member said goes into a conversation of its own: another matter, or not for everybody who reads there."""

from uuid import UUID

from clients.conversations.queries import was_taken_elsewhere, whole_thread
from clients.conversations.rules import title_of
from clients.custody.access import lock_to_move
from clients.custody.models import Conversation, Turn
from clients.custody.queries import opened_to_department
from clients.custody.rules import Holder, Medium, Step, Voice, checked_note
from clients.custody.steps import Said, add_turn, holder_of, move, open_conversation, require_step
from clients.people.access import require
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from clients.service.steps import reckon
from tenants.errors import Conflict, Missing
from tenants.walls.scope import durable


def split_off(actor: Actor, *, conversation_id: UUID, turn_id: UUID, note: str = "") -> Conversation:
    """A conversation of its own for one thing that the member said, in the same hands and with the same lock.

    A turn is never changed: it is repeated there, and is read, answered and waited for there alone. A department contact keeps
    what they were handed, without it.
    Raises Refused('held_by_other_side'), Missing('conversation' | 'turn'), Invalid('too_long', 'note'),
    Conflict('conversation_not_in_this_state' | 'answer_is_leaving' | 'turn_is_ours' | 'turn_elsewhere' | 'turn_alone').
    """
    require(actor, Verb.CONVERSATION_HOLD)
    words = checked_note(note)
    with durable(actor.brand):
        conversation = lock_to_move(actor, conversation_id)
        if conversation.merged_into_id is not None:
            raise Conflict("conversation_not_in_this_state", state=str(conversation.state), step=str(Step.SPLIT))
        require_step(actor, conversation, Step.SPLIT)
        turn = _one_of(conversation, turn_id)
        apart = _begun_with(actor, conversation, turn)
        move(actor, conversation, Step.SPLIT, note=words)
        if conversation.locked:  # by the house: the lock was the brand's, whoever splits
            move(process_of(actor.brand, actor.via, "house", actor.request_id), apart, Step.LOCK)
        for one in (conversation, apart):
            reckon(one)
        return apart


def _one_of(conversation: Conversation, turn_id: UUID) -> Turn:
    turn = Turn.objects.filter(pk=turn_id, conversation=conversation).first()
    if turn is None:
        raise Missing("turn")
    if turn.voice != Voice.MEMBER:
        raise Conflict("turn_is_ours")
    if was_taken_elsewhere(turn):
        raise Conflict("turn_elsewhere")
    if not whole_thread(conversation).filter(voice=Voice.MEMBER).exclude(pk=turn.pk).exists():
        raise Conflict("turn_alone")
    return turn


def _begun_with(actor: Actor, conversation: Conversation, turn: Turn) -> Conversation:
    """INVARIANT: read by the same people and held by the same side; nobody comes to read more by it."""
    holder = holder_of(conversation)
    if opened_to_department(conversation):
        holder = Holder(holder.side)
    apart = open_conversation(
        actor,
        medium=Medium(conversation.medium),
        holder=holder,
        info_class=conversation.info_class,
        named=conversation.named,
        owner_side=conversation.owner_side,
        channel=conversation.channel,
        title=title_of(turn.text) or conversation.title,
        language=conversation.language,
        topic=conversation.topic,
        sensitivity=conversation.sensitivity,
        priority=conversation.priority,
        member=conversation.member,
        member_name=conversation.member_name,
        handle=conversation.handle,
        last_said_at=turn.at,
    )
    said = Said(
        Voice.MEMBER,
        turn.text,
        author=turn.author,
        author_handle=turn.author_handle,
        channel=turn.channel,
        remote_id=turn.remote_id,
        in_reply_to=turn.in_reply_to,
        mention=turn.mention,
        of=turn,
        at=turn.at,
    )
    add_turn(apart, said)
    return apart
