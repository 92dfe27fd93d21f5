"""Closing an insight back to a member: a draft in their conversation, let out by the gate like any answer.

INVARIANT: nothing leaves by itself. One member is told once, where they spoke, as far as they allow it.
"""

from uuid import UUID

from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.channels.models import Channel
from clients.conversations.queries import channel_of, last_said, speaks_privately
from clients.conversations.rules import LONGEST_REPLY
from clients.custody.models import Conversation
from clients.custody.rules import Medium, TurnKind
from clients.disclosure.rules import is_kept
from clients.insights.access import access_insight
from clients.insights.members import tellables
from clients.insights.models import Closing
from clients.insights.rules import State, Step, checked_words
from clients.insights.steps import conversation_for, move
from clients.items.content import Content
from clients.items.models import Item
from clients.items.steps import check_shape
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.triage.steps import reply_in
from tenants.errors import Conflict, Missing, Refused
from tenants.walls.scope import durable


def begin_closing(actor: Actor, *, insight_id: UUID, source_id: UUID, text: str) -> Item:
    """A draft to the member behind one voice. Who holds the conversation, and all else, is asked at the gate.

    Raises Refused('not_allowed' | 'consent_missing' | 'consent_withdrawn'), Missing('insight' | 'source' | 'conversation' |
    'mention'), Conflict('insight_not_in_this_state' | 'already_told' | 'told_elsewhere' | 'cannot_tell_there' | 'title_kept'),
    Invalid('words_missing' | 'too_long', 'text').
    """
    for verb in (Verb.INSIGHT_WRITE, Verb.ITEM_CREATE, Verb.CONVERSATION_HOLD, Verb.MENTION_TRIAGE):
        require(actor, verb)
    words = checked_words(text, LONGEST_REPLY, "text", needed=True)
    with durable(actor.brand):
        insight = access_insight(actor, insight_id, lock=True)
        if insight.state != State.DECIDED:
            raise Conflict("insight_not_in_this_state", state=str(insight.state), step=str(Step.TELL))
        voice = next((one for one in tellables(insight) if one.source.pk == source_id), None)
        if voice is None:
            raise Missing("source")
        _require_tellable(voice.why_not)
        conversation = conversation_for(actor, voice.source)
        content = _to_member(conversation, words)
        item = reply_in(actor, conversation, content, TurnKind.ANSWER)
        closing = {"source": voice.source, "conversation": conversation, "by_person": actor.somebody}
        Closing.objects.create(insight=insight, item=item, **closing)
        move(actor, insight, Step.TELL, item=str(item.pk), source=str(source_id))
        return item


def _require_tellable(why_not: str) -> None:
    if why_not in {"already_told", "told_elsewhere"}:
        raise Conflict(why_not)
    if why_not:
        raise Refused(why_not)


def _to_member(conversation: Conversation, text: str) -> Content:
    """To the very thing that they said last, over the channel of their conversation.

    INVARIANT: both sides read every item, so nothing of what one side reads alone stands on it by itself: no name, no title.
    """
    channel, last, kept = channel_of(conversation), last_said(conversation), is_kept(conversation.info_class)
    private = conversation.medium == Medium.DIRECT and speaks_privately(conversation)
    kind = ActionKind.DIRECT_MESSAGE if private else ActionKind.ANSWER
    if channel is None or not _takes(channel, kind):
        raise Conflict("cannot_tell_there")
    by_name = private or conversation.medium == Medium.EMAIL
    content = Content(
        kind=kind,
        channels=(str(channel.pk),),
        text=text,
        sensitivity=Sensitivity(conversation.sensitivity),
        title=_subject(conversation) if not kept else "",
        recipient=last.author_handle if last and by_name and not kept else "",
        target=last.remote_id if last and not private else "",
    )
    check_shape(content)
    return content


def _takes(channel: Channel, kind: ActionKind) -> bool:
    return channel.is_open and kind in channel.capabilities.kinds


def _subject(conversation: Conversation) -> str:
    """A mail has a subject, and keeps it."""
    if conversation.medium != Medium.EMAIL:
        return ""
    title = conversation.title
    return title if title[:3].lower() == "re:" else f"Re: {title}"
