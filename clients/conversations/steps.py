"""What several actions do with a conversation in their open transaction: begin it with a mention, let it hear, speak in it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from clients.audit.actions import record
from clients.conversations.models import Heard, KeptView, Label, Labelled, Looking, Reply
from clients.conversations.queries import (
    channel_to_answer,
    conversation_of_mention,
    heard,
    member_called,
    thread_before,
    thread_named,
    where_it_goes,
    whole_thread,
)
from clients.conversations.rules import MOST_VIEWS, checked_name, medium_of, plain_subject
from clients.custody.access import lock_to_move
from clients.custody.models import Conversation, Turn
from clients.custody.queries import turns_called
from clients.custody.rules import Holder, State, Step, TurnKind, Voice
from clients.custody.steps import Said, add_turn, hear, move, open_conversation
from clients.disclosure.rules import is_kept
from clients.items.content import Content
from clients.items.models import Item
from clients.items.steps import begin_item, guards_content
from clients.mentions.models import Mention
from clients.mentions.raw import RawMention
from clients.outbox.actions import enqueue
from clients.people.actor import Actor
from clients.service.steps import promise, reckon
from tenants.errors import Conflict, Invalid, Refused

FOLLOW = "conversations.follow"
"""Kind of outbox rows: a reply that may have left."""
SPEAKING = frozenset({TurnKind.ANSWER, TurnKind.ACKNOWLEDGEMENT, TurnKind.QUESTION})
View = TypeVar("View", bound=KeptView)
_LONGEST_TITLE, _LONGEST_ID = 300, 500


def taken_into(actor: Actor, mention: Mention, holder: Holder) -> Conversation:
    """The conversation that a mention belongs to, with the mention as a turn of it; a new one, held so, where there is none.

    INVARIANT: what only the brand or named people read never becomes a turn of what more people read, nor the other way round.
    """
    found, spoke = heard_in(actor, mention, holder)
    if spoke:
        reckon(found)
    return found


def heard_in(actor: Actor, mention: Mention, holder: Holder) -> tuple[Conversation, bool]:
    """The same for whoever takes in many: the conversation, and whether its clocks are still to be read anew."""
    known = conversation_of_mention(mention.pk) or thread_before(mention)
    found = (
        Conversation.objects.select_for_update(no_key=True).get(pk=known.pk)
        if known
        else _begun(actor, mention, holder)
    )
    return found, hear_mention(actor, found, mention) is not None


def joined(actor: Actor, mention: Mention, holder: Holder) -> Conversation:
    """As `taken_into`, but what is going on with the same member takes it in before a new one begins; locked for passing it on.

    Raises Missing('conversation') for what `actor` may not read, Conflict('answer_is_leaving').
    """
    known = where_it_goes(mention, holder.side)
    found = lock_to_move(actor, known.pk) if known else _begun(actor, mention, holder)
    if hear_mention(actor, found, mention) is not None:
        reckon(found)
    return found


def lock_in_order(conversations: Iterable[Conversation | None]) -> None:
    """Before several of them are spoken in, one after the other as their words were found.

    INVARIANT: in the order of their ids, as everybody who locks several (`custody.access.wait_for_leaving`), or two that take
    in words for the same ones would wait for each other.
    """
    ids = {one.pk for one in conversations if one is not None}
    rows = Conversation.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    if len(ids) > 1:
        list(rows.values_list("pk"))


def own_hands(actor: Actor) -> Holder:
    """Whoever begins a conversation holds it. Raises Refused('not_allowed') for a process."""
    if actor.side is None:
        raise Refused("not_allowed")
    return Holder(actor.side, actor.somebody)


def note_heard(mention: Mention, raw: RawMention) -> Heard:
    """How it hangs together with what was said before: only its source knows, and tells once."""
    before, references = _kept(raw.in_reply_to), [one for one in map(_kept, raw.references) if one]
    return Heard.objects.create(mention=mention, in_reply_to=before, references=references, direct=raw.direct)


def hear_mention(actor: Actor, conversation: Conversation, mention: Mention) -> Turn | None:
    """What the member said, once. It wakes what waited, slept or was closed. Needs the row locked."""
    if Turn.objects.filter(conversation=conversation, mention=mention.pk).exists():
        return None
    told = heard(mention)
    said = Said(
        voice=Voice.MEMBER,
        text=f"{mention.title}\n\n{mention.text}".strip() if _has_own_title(mention) else mention.text,
        author=mention.author,
        author_handle=mention.author_handle,
        remote_id=mention.remote_id,
        in_reply_to=told.in_reply_to if told else "",
        mention=mention.pk,
        at=mention.published_at or mention.found_at,
    )
    return hear(actor, conversation, said)


@guards_content
def keep_subject(item: Item, content: Content) -> None:
    """The same of what is written on it later, by whoever. Raises Conflict('title_kept', 'title')."""
    reply = Reply.objects.select_related("conversation").filter(item=item).first() if content.title else None
    if reply is not None:
        _require_other_title(reply.conversation, content)


def _require_other_title(conversation: Conversation, content: Content) -> None:
    subject = plain_subject(conversation.title)
    if subject and is_kept(conversation.info_class) and plain_subject(content.title) == subject:
        raise Conflict("title_kept", "title")


def tie(
    actor: Actor,
    conversation: Conversation,
    content: Content,
    kind: TurnKind,
    note: str = "",
    promised_at: datetime | None = None,
) -> Reply:
    """The draft, and that it speaks in this conversation. Raises Invalid('unknown_kind', 'kind'),
    Invalid('time_past', 'until'), Conflict('title_kept', 'title').

    INVARIANT: both sides read every item, so the subject of what one side reads alone is no item's title.
    """
    _require_other_title(conversation, content)
    if kind not in SPEAKING:
        raise Invalid("unknown_kind", "kind")
    if promised_at is not None and promised_at <= timezone.now():
        raise Invalid("time_past", "until")
    item = begin_item(actor, content, note)
    reply = Reply.objects.create(
        conversation=conversation,
        item=item,
        to=_aimed_at(conversation, content.target),
        kind=kind,
        promised_at=promised_at,
        by_person=actor.somebody,
    )
    _follow_soon(reply)
    return reply


def speak(actor: Actor, conversation: Conversation, reply: Reply, **said: Any) -> Turn:
    """Our words, now that they have left, and what they promised; the clocks are read by them."""
    turn = add_turn(conversation, Said(kind=TurnKind(reply.kind), item=reply.item_id, **said))
    if reply.kind == TurnKind.QUESTION and conversation.state in {State.OPEN, State.SNOOZED}:
        move(actor, conversation, Step.WAIT)
    if reply.promised_at is not None:
        promise(actor, turn=turn, until=reply.promised_at)
    reckon(conversation)
    return turn


def stick(actor: Actor, conversation: Conversation, label: Label) -> None:
    """In the open transaction; what is there already stays."""
    facts = {"by_person": actor.somebody}
    _, new = Labelled.objects.get_or_create(conversation=conversation, label=label, defaults=facts)
    if new:
        record(actor, "conversation.labelled", conversation, label=str(label.pk))


def look_at(actor: Actor, conversation: Conversation) -> None:
    """This person has it on the screen now."""
    give_sign(
        actor, Looking.objects.filter(conversation=conversation), conversation=conversation, side=str(actor.side or "")
    )


def give_sign(actor: Actor, signs: QuerySet[Any], **about: Any) -> None:
    """A sign of life, one row a person and thing. `signs`: all at that thing; `about`: the columns that say which it is."""
    facts = {"person_name": actor.name, "seen_at": timezone.now()}
    signs.update_or_create(person_id=actor.somebody, defaults=facts, create_defaults=about | facts)


def keep_filters(
    actor: Actor, views: QuerySet[View], *, name: str, filters: dict[str, str], shared: bool, verb: str
) -> View:
    """Filters under a name, in the open transaction: the same name again is the same view, changed.

    Raises Invalid('name_empty' | 'too_long', 'name'), Conflict('too_many_views').
    """
    clean, mine = checked_name(name), views.filter(person_id=actor.somebody)
    if mine.exclude(name=clean).count() >= MOST_VIEWS:
        raise Conflict("too_many_views", most=MOST_VIEWS)
    facts = {"filters": filters, "shared": shared, "side": str(actor.side)}
    view, _ = views.update_or_create(person_id=actor.somebody, name=clean, defaults=facts)
    record(actor, verb, view, shared=shared)
    return view


def drop_filters(actor: Actor, view: KeptView, *, verb: str) -> None:
    """The view goes; nothing else does."""
    record(actor, verb, view)
    view.delete()


def _begun(actor: Actor, mention: Mention, holder: Holder) -> Conversation:
    told, channel = heard(mention), channel_to_answer(mention)
    thread = thread_named(mention, channel)
    taken = bool(thread) and Conversation.objects.filter(thread=thread).exists()  # by one of another class
    return open_conversation(
        actor,
        medium=medium_of(mention.medium, direct=bool(told and told.direct)),
        holder=holder,
        info_class=mention.info_class,
        named=mention.named,
        owner_side=mention.owner_side,
        channel=channel,
        thread="" if taken else thread,
        title=" ".join((mention.title or mention.text).split())[:_LONGEST_TITLE],
        language=mention.language,
        sensitivity=mention.sensitivity,
        priority=mention.priority,
        member=member_called(mention.author_handle),
        member_name=mention.author,
        handle=mention.author_handle,
        last_said_at=mention.published_at or mention.found_at,
    )


def _has_own_title(mention: Mention) -> bool:
    return bool(mention.title) and mention.medium not in {"mailbox", "imap"}


def _follow_soon(reply: Reply) -> None:
    enqueue(FOLLOW, {"reply": str(reply.pk)}, key=str(reply.pk), due_at=timezone.now())


def _aimed_at(conversation: Conversation, target: str) -> Turn | None:
    """The turn that the words are aimed at, else the member's last."""
    theirs = whole_thread(conversation).filter(voice=Voice.MEMBER)
    aimed = theirs.filter(pk__in=turns_called(conversation.channel, [target]).values("pk")).last() if target else None
    return aimed or theirs.last()


def _kept(remote_id: str) -> str:
    """'' for what nothing that we keep can be called."""
    return remote_id if remote_id.isprintable() and len(remote_id) <= _LONGEST_ID else ""
