"""Where something that was found belongs, what stands beside a conversation, and who looks at it. Inside the brand's scope."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Case, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, When
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

from clients.autonomy.vocabulary import ActionKind
from clients.briefings.access import words_open_to
from clients.briefings.entries import Answer, answers_of
from clients.channels.models import Channel
from clients.channels.queries import channels_of_brand, home_of
from clients.community.models import Member, MemberHandle
from clients.conversations.models import (
    BeginsItself,
    ConversationNote,
    ConversationView,
    Heard,
    KeptForOneself,
    Label,
    Labelled,
    Looking,
    NoteFile,
    Reply,
    SavedReply,
    SignOfLife,
    Sketch,
)
from clients.conversations.rules import PRESENT_FOR, medium_of, root_of, thread_of, with_moment
from clients.custody.models import Conversation, Turn
from clients.custody.queries import history, readable_conversations, standing_turns, turns_called
from clients.custody.rules import State, Voice, plain_handle, spellings
from clients.gate.models import Receipt
from clients.items.models import MediaClass
from clients.mentions.models import Mention
from clients.people.actor import Actor
from clients.service.models import Clock
from tenants.vocabulary import Side

Sign = TypeVar("Sign", bound=SignOfLife)
Kept = TypeVar("Kept", bound=KeptForOneself)
IN_ORDER = ("at", "seen_at", "number", "id")


def heard(mention: Mention) -> Heard | None:
    return Heard.objects.filter(mention=mention).first()


def conversation_of_mention(mention_id: UUID) -> Conversation | None:
    """The conversation that a mention is a turn of: where it was split off, the newer one."""
    return _of_turn(Turn.objects.filter(mention=mention_id))


def conversations_of_mentions(ids: Collection[UUID]) -> dict[UUID, UUID]:
    """By mention: its conversation."""
    found = Turn.objects.filter(mention__in=ids).order_by("seen_at").values_list("mention", "conversation_id")
    return {mention: conversation for mention, conversation in found if mention}


def open_with_member(mention: Mention, side: Side) -> Conversation | None:
    """What is going on with whoever said this, over the same channel, in the same way and for the same readers.

    Of several what `side` holds, then the newest. Whose name nobody gave is nobody.
    """
    channel = channel_to_answer(mention)
    there = channels_of_brand(revoked=True).filter(pk=channel).first() if channel else None
    called = spellings(mention.author_handle, home_of(there)) if there else frozenset[str]()
    if there is None or not called:
        return None
    told, member = heard(mention), member_called(mention.author_handle)
    medium = medium_of(mention.medium, direct=bool(told and told.direct))
    readers = {"medium": medium, "info_class": mention.info_class, "named": mention.named}
    same = Q(handle__in=called) | (Q(member=member) if member else Q(pk__in=[]))
    found = Conversation.objects.filter(same, channel=there.pk, **readers).exclude(state=State.CLOSED)
    ours_first = Case(When(holder_side=side, then=0), default=1)
    here: Conversation | None = found.order_by(ours_first, "-last_said_at", "-id").first()
    return here


def where_it_goes(mention: Mention, side: Side) -> Conversation | None:
    """The conversation that this belongs to once it is looked after; None where it begins one."""
    return conversation_of_mention(mention.pk) or thread_before(mention) or open_with_member(mention, side)


def thread_before(mention: Mention) -> Conversation | None:
    """The conversation that goes on with this mention, as far as its network tells."""
    told, channel = heard(mention), channel_to_answer(mention)
    before = [*reversed(told.references), told.in_reply_to] if told else []
    found = conversation_named(thread_named(mention, channel), channel, before)
    same = found is not None and (found.info_class, found.named) == (mention.info_class, mention.named)
    return found if same else None


def thread_named(mention: Mention, channel: UUID | None) -> str:
    """What its thread is called here; '' where its network tells nothing."""
    told = heard(mention)
    root = root_of(mention.remote_id, told.in_reply_to if told else "", told.references if told else ())
    return thread_of(channel, root) if root else ""


def begins_at() -> dict[UUID, Side]:
    """By source where conversations begin by themselves: the side that holds them then."""
    return {source: Side(side) for source, side in BeginsItself.objects.values_list("source", "side")}


def conversation_named(thread: str, channel: UUID | None, remote_ids: Iterable[str]) -> Conversation | None:
    """The one that goes by this thread, or in which one of these was said over this channel; of merged ones what they are now.

    What answers something that was split off goes on there, whatever its thread.
    """
    wanted = [one for one in remote_ids if one]
    said = turns_called(channel, wanted)
    if wanted and (apart := _of_turn(said.filter(of__isnull=False))):
        return apart
    by_thread = Conversation.objects.select_related("merged_into").filter(thread=thread).first() if thread else None
    if by_thread is not None:
        return by_thread.merged_into or by_thread
    return _of_turn(said) if wanted else None


def _of_turn(turns: QuerySet[Turn]) -> Conversation | None:
    turn = turns.select_related("conversation__merged_into").order_by("-seen_at", "-number").first()
    return (turn.conversation.merged_into or turn.conversation) if turn else None


def whole_thread(conversation: Conversation) -> QuerySet[Turn]:
    """All that was said in it and in what was merged into it, in the order in which it was said.

    INVARIANT: what was split off stands where it went alone, so every turn stands in exactly one conversation.
    """
    return threads_of([conversation.pk])


def threads_of(conversations: Collection[UUID]) -> QuerySet[Turn]:
    """The same of several."""
    parts = Q(conversation__in=conversations) | Q(conversation__merged_into__in=conversations)
    return standing_turns().filter(parts).order_by(*IN_ORDER)


def was_taken_elsewhere(turn: Turn) -> bool:
    """Whether it was split off into a conversation of its own."""
    return Turn.objects.filter(of=turn).exists()


def split_from(conversation: Conversation) -> Conversation | None:
    """What it was split off from, as that stands now."""
    first = Turn.objects.filter(conversation=conversation, number=1, of__isnull=False)
    turn = first.select_related("of__conversation__merged_into").first()
    if turn is None or turn.of is None:
        return None
    return turn.of.conversation.merged_into or turn.of.conversation


def said_before(conversation: Conversation, turn: UUID | None) -> QuerySet[Turn]:
    """The whole thread from its end, or from before one turn of it."""
    thread = whole_thread(conversation)
    at = thread.filter(pk=turn).values_list(*IN_ORDER).first() if turn else None
    return (thread.filter(TupleLessThan(Tuple(*IN_ORDER), list(at))) if at else thread).reverse()


def mentions_before(item_id: UUID) -> list[UUID]:
    """What the member had said by mentions when an item that speaks in their conversation was begun."""
    reply = Reply.objects.select_related("conversation").filter(item=item_id).first()
    if reply is None:
        return []
    said = whole_thread(reply.conversation).filter(mention__isnull=False, seen_at__lte=reply.at)
    return [mention for mention in said.values_list("mention", flat=True) if mention]


def channel_to_answer(mention: Mention) -> UUID | None:
    """Where an answer goes: back over its own channel; to a mail over the brand's mail channel, where there is just one."""
    if mention.channel or mention.medium not in {"mailbox", "imap"}:
        return mention.channel
    mails = list(channels_of_brand().open().filter(kind="email").values_list("pk", flat=True)[:2])
    return mails[0] if len(mails) == 1 else None


def with_side_since(conversation: Conversation) -> datetime:
    """When it came to the side that holds it, whoever of that side held it since."""
    came = history(conversation).exclude(was_side=F("now_side")).last()
    return came.at if came else conversation.opened_at


def last_said(conversation: Conversation) -> Turn | None:
    """What the member said last."""
    return whole_thread(conversation).filter(voice=Voice.MEMBER).last()


def speaks_privately(conversation: Conversation) -> bool:
    """Whether its channel has messages that nobody else reads."""
    channel = channel_of(conversation)
    return channel is not None and ActionKind.DIRECT_MESSAGE in channel.capabilities.kinds


def acknowledgements(actor: Actor, language: str) -> list[Answer]:
    """The brand's approved answers that promise a moment, of the briefing as `actor` may read it; this language's first."""
    ready = [one for one in answers_of(words_open_to(actor)) if with_moment(one.answer)]
    return sorted(ready, key=lambda one: (one.language != language, one.language != ""))


def channel_of(conversation: Conversation) -> Channel | None:
    return channels_of_brand(revoked=True).filter(pk=conversation.channel).first() if conversation.channel else None


def member_called(handle: str) -> UUID | None:
    """The one member who goes by a handle or an address; None where there is none, or more than one."""
    plain = plain_handle(handle)
    if not plain:
        return None
    handles = MemberHandle.objects.filter(Q(handle__iexact=plain) | Q(handle__iexact=f"@{plain}")).values("member")
    found = list(Member.objects.filter(Q(pk__in=handles) | Q(email__iexact=plain)).values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def others_with(actor: Actor, conversation: Conversation) -> QuerySet[Conversation]:
    """What else was said with the same member, on whichever channel; newest first."""
    same = Q(pk__in=[])
    if conversation.member:
        same |= Q(member=conversation.member)
    if conversation.handle:
        same |= Q(channel=conversation.channel, handle=conversation.handle)
    found: QuerySet[Conversation] = Conversation.objects.readable_by(actor).filter(same, merged_into=None)
    return found.exclude(pk=conversation.pk).order_by("-last_said_at", "-id")


def notes_beside(actor: Actor, conversation: Conversation) -> QuerySet[ConversationNote]:
    """The notes that `actor` may read, in order, with those of their pictures that `actor` may see."""
    found: QuerySet[ConversationNote] = ConversationNote.objects.readable_by(actor).filter(_beside(conversation))
    seen = MediaClass.objects.readable_by(actor).values("media")
    files = NoteFile.objects.filter(media__in=seen).select_related("media")
    return found.prefetch_related(Prefetch("files", files)).order_by("created_at", "id")


def notes_kept_aside(actor: Actor, conversation: Conversation) -> int:
    """How many the other side wrote for itself: that there are any is no secret."""
    aside = ConversationNote.objects.filter(_beside(conversation)).exclude(aside="")
    return aside.exclude(aside=str(actor.side or "")).count()


def _beside(conversation: Conversation) -> Q:
    return Q(conversation=conversation) | Q(conversation__merged_into=conversation)


def replies_of(conversation: Conversation) -> QuerySet[Reply]:
    """Items that speak or would speak in it, newest first."""
    parts = Q(conversation=conversation) | Q(conversation__merged_into=conversation)
    return Reply.objects.filter(parts).select_related("item").order_by("-at", "-id")


def receipt_of(item_id: UUID, channel: UUID | None) -> Receipt | None:
    """The proof that an item left, over this channel if it went over several."""
    found = list(Receipt.objects.filter(item_id=item_id).order_by("sent_at"))
    return next((one for one in found if one.channel_id == channel), found[0] if found else None)


def labels(actor: Actor) -> QuerySet[Label]:
    """Those on what `actor` reads, and those on nothing: the word on what one side reads alone may tell what that is about."""
    put = Labelled.objects.filter(label=OuterRef("pk"))
    seen = put.filter(conversation__in=readable_conversations(actor))
    return Label.objects.filter(Exists(seen) | ~Exists(put)).order_by("key")


def labels_on(ids: Collection[UUID]) -> dict[UUID, list[Label]]:
    """By conversation: its labels, by name."""
    found: dict[UUID, list[Label]] = {}
    rows = Labelled.objects.filter(conversation__in=ids).select_related("label").order_by("label__key")
    for row in rows:
        found.setdefault(row.conversation_id, []).append(row.label)
    return found


def next_due(ids: Collection[UUID]) -> dict[UUID, datetime]:
    """By conversation: when the first of its clocks that run is due."""
    running = Clock.objects.filter(conversation__in=ids, stopped_at=None, due_at__isnull=False).order_by()
    return dict(running.values_list("conversation").annotate(first=Min("due_at")))


def others_looking(actor: Actor, conversation: Conversation, now: datetime) -> QuerySet[Looking]:
    """Who else has it on the screen at this moment."""
    return others_there(actor, Looking.objects.filter(conversation=conversation), now)


def others_there(actor: Actor, signs: QuerySet[Sign], now: datetime) -> QuerySet[Sign]:
    """Of all signs of life at one thing those of others at this moment."""
    fresh = signs.filter(seen_at__gte=now - PRESENT_FOR)
    return fresh.exclude(person_id=actor.somebody).order_by("person_name")


def kept_by(actor: Actor, rows: QuerySet[Kept]) -> QuerySet[Kept]:
    """One's own, and what one's side shares."""
    return rows.filter(Q(person_id=actor.somebody) | Q(shared=True, side=str(actor.side)))


def sketches_open_to(actor: Actor, conversation: Conversation) -> QuerySet[Sketch]:
    """Words on their way: one's own side's, and what the other side shows."""
    seen = Q(side=str(actor.side)) | Q(shared=True)
    return Sketch.objects.filter(seen, conversation=conversation).order_by("-at")


def saved_replies(actor: Actor) -> QuerySet[SavedReply]:
    """One's own, and what one's side shares."""
    return kept_by(actor, SavedReply.objects.all())


def saved_views(actor: Actor) -> QuerySet[ConversationView]:
    """One's own, and what one's side shares."""
    return kept_by(actor, ConversationView.objects.all())
