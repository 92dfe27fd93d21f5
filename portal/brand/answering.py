"""A mention or a conversation opened in the composer to be answered: where the words go, and the brand's ready ones beside."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from clients.autonomy.vocabulary import ActionKind
from clients.briefings.access import words_open_to
from clients.briefings.entries import answers_of
from clients.conversations.queries import channel_to_answer, last_said, speaks_privately
from clients.custody.access import access_conversation
from clients.custody.models import Conversation, Turn
from clients.custody.rules import Medium, TurnKind
from clients.disclosure.rules import is_kept
from clients.mentions.access import access_mention
from clients.people.actor import Actor
from portal.brand.composing import Draft
from portal.brand.conversation_rows import talked_with
from portal.brand.inbox_marks import topics_in, topics_touched
from portal.brand.inbox_rows import headed, said_by, title_of
from portal.wording import word
from portal.wording.fields import SECTIONS
from tenants.errors import Invalid, Missing

ANSWERING = {str(ActionKind.ANSWER), str(ActionKind.ACKNOWLEDGE)}
SPEAKING = ANSWERING | {str(ActionKind.DIRECT_MESSAGE), str(ActionKind.PHONE_CALL)}
_SAYS = {str(ActionKind.ACKNOWLEDGE): str(TurnKind.ACKNOWLEDGEMENT)}


@dataclass(frozen=True, slots=True)
class Answered:
    """What is being answered, beside the form. `kept`: one side reads it alone, while both read the item."""

    url: str
    title: str
    text: str
    by: str
    language: str
    goes_nowhere: bool
    topics: tuple[tuple[str, str], ...]
    ready: tuple[tuple[str, str], ...]
    kept: bool


def draft_answering(actor: Actor, asked: Mapping[str, str]) -> Draft:
    """What the composer opens with: to the very thing that was said, on its own channel. Raises Missing('mention')."""
    mention = access_mention(actor, mention_typed(asked.get("answer", "")))
    kind, channel = asked.get("kind", ""), channel_to_answer(mention)
    return Draft(
        kind=kind if kind in ANSWERING else str(ActionKind.ANSWER),
        channels=(str(channel),) if channel else (),
        target=mention.remote_id,
        recipient=mention.author_handle if channel != mention.channel and not is_kept(mention.info_class) else "",
        sensitivity=str(mention.sensitivity),
        mention=str(mention.pk),
    )


def answered_by(actor: Actor, draft: Draft) -> Answered | None:
    """What the draft answers, with the ready answers of the briefing, those in its language first. None for any other draft."""
    if draft.conversation:
        return _in_conversation(actor, draft)
    if not draft.mention:
        return None
    mention = access_mention(actor, mention_typed(draft.mention))
    return Answered(
        url=reverse("mention", args=[mention.pk]),
        title=title_of(mention),
        text=mention.text,
        by=said_by(mention),
        language=mention.language,
        goes_nowhere=channel_to_answer(mention) is None,
        topics=_worded(topics_in(actor, mention)),
        ready=_ready(words_open_to(actor), mention.language),
        kept=is_kept(mention.info_class),
    )


def draft_speaking(actor: Actor, asked: Mapping[str, str]) -> Draft:
    """The same in a conversation: to what the member said last, over its channel. Raises Missing('conversation')."""
    conversation = access_conversation(actor, id_typed(asked.get("reply", ""), "conversation"))
    last = last_said(conversation)
    kind = asked.get("kind", "")
    private = conversation.medium == Medium.DIRECT and speaks_privately(conversation)
    usual = ActionKind.DIRECT_MESSAGE if private else ActionKind.ANSWER
    return Draft(
        kind=kind if kind in SPEAKING else str(usual),
        channels=(str(conversation.channel),) if conversation.channel else (),
        title=_titled(conversation),
        target=last.remote_id if last and not private else "",
        recipient=_recipient(conversation, last, private=private),
        sensitivity=str(conversation.sensitivity),
        text=asked.get("text", ""),
        conversation=str(conversation.pk),
        says=asked.get("says", "") or _SAYS.get(kind, ""),
    )


def said_as(draft: Draft) -> TurnKind:
    """What the words are in the thread. Raises Invalid('unknown_kind', 'kind')."""
    said = draft.says or _SAYS.get(draft.kind, str(TurnKind.ANSWER))
    if said not in set(TurnKind):
        raise Invalid("unknown_kind", "kind")
    return TurnKind(said)


def _recipient(conversation: Conversation, last: Turn | None, *, private: bool) -> str:
    """Whom words go to that go to somebody. INVARIANT: as with a title, nothing of what is kept stands on an item by itself."""
    if last is None or is_kept(conversation.info_class):
        return ""
    return last.author_handle if private or conversation.medium == Medium.EMAIL else ""


def _titled(conversation: Conversation) -> str:
    """A mail has a subject, and keeps it; that of a mail which one side reads alone goes on no item."""
    if conversation.medium != Medium.EMAIL or is_kept(conversation.info_class):
        return ""
    title = conversation.title
    return title if title[:3].lower() == "re:" else f"Re: {title}"


def _in_conversation(actor: Actor, draft: Draft) -> Answered:
    conversation = access_conversation(actor, id_typed(draft.conversation, "conversation"))
    last, sections = last_said(conversation), words_open_to(actor)
    text = last.text if last else ""
    return Answered(
        url=reverse("conversation", args=[conversation.pk]),
        title=headed(conversation.title, text),
        text=text,
        by=talked_with(conversation),
        language=conversation.language,
        goes_nowhere=conversation.channel is None,
        topics=_worded(topics_touched(sections, f"{conversation.title}\n{text}", conversation.language)),
        ready=_ready(sections, conversation.language),
        kept=is_kept(conversation.info_class),
    )


def _ready(sections: Mapping[str, Any], language: str) -> tuple[tuple[str, str], ...]:
    """The answers of the briefing, those in this language first."""
    answers = sorted(answers_of(sections), key=lambda answer: answer.language != language)
    return tuple((answer.question, answer.answer) for answer in answers)


def _worded(topics: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((word(SECTIONS, section), words) for section, words in topics)


def mention_typed(typed: str) -> UUID:
    """Raises Missing('mention')."""
    return id_typed(typed, "mention")


def id_typed(typed: str, what: str) -> UUID:
    """Raises Missing(what)."""
    try:
        return UUID(typed)
    except ValueError:
        raise Missing(what) from None
