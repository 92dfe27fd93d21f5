"""A mention opened in the composer to be answered: where the answer goes, and the brand's ready words beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from clients.autonomy.vocabulary import ActionKind
from clients.briefings.access import words_open_to
from clients.briefings.entries import answers_of
from clients.mentions.access import access_mention
from clients.people.actor import Actor
from portal.brand.composing import Draft
from portal.brand.inbox_marks import topics_in
from portal.brand.inbox_rows import said_by, title_of
from portal.wording import word
from portal.wording.fields import SECTIONS
from tenants.errors import Missing

ANSWERING = {str(ActionKind.ANSWER), str(ActionKind.ACKNOWLEDGE)}


@dataclass(frozen=True, slots=True)
class Answered:
    """What is being answered, beside the form."""

    url: str
    title: str
    text: str
    by: str
    language: str
    goes_nowhere: bool
    topics: tuple[tuple[str, str], ...]
    ready: tuple[tuple[str, str], ...]


def draft_answering(actor: Actor, asked: Mapping[str, str]) -> Draft:
    """What the composer opens with: to the very thing that was said, on its own channel. Raises Missing('mention')."""
    mention = access_mention(actor, mention_typed(asked.get("answer", "")))
    kind = asked.get("kind", "")
    return Draft(
        kind=kind if kind in ANSWERING else str(ActionKind.ANSWER),
        channels=(str(mention.channel),) if mention.channel else (),
        target=mention.remote_id,
        sensitivity=str(mention.sensitivity),
        mention=str(mention.pk),
    )


def answered_by(actor: Actor, draft: Draft) -> Answered | None:
    """What the draft answers, with the ready answers of the briefing, those in its language first. None for any other draft."""
    if not draft.mention:
        return None
    mention = access_mention(actor, mention_typed(draft.mention))
    answers = answers_of(words_open_to(actor))
    answers.sort(key=lambda answer: answer.language != mention.language)
    return Answered(
        url=reverse("mention", args=[mention.pk]),
        title=title_of(mention),
        text=mention.text,
        by=said_by(mention),
        language=mention.language,
        goes_nowhere=mention.channel is None,
        topics=tuple((word(SECTIONS, section), words) for section, words in topics_in(actor, mention)),
        ready=tuple((answer.question, answer.answer) for answer in answers),
    )


def mention_typed(typed: str) -> UUID:
    """Raises Missing('mention')."""
    try:
        return UUID(typed)
    except ValueError:
        raise Missing("mention") from None
