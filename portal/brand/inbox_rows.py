"""Mentions ready to draw, a page of them in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.mentions.models import Mention
from clients.mentions.rules import Outcome
from clients.people.actor import Actor
from clients.people.queries import people_of_brand
from clients.triage.models import Answer
from clients.triage.queries import answers_of, copies_of, with_whom
from clients.triage.rules import place_of
from portal.brand.inbox_marks import labels_of, watch_list
from portal.brand.rows import sensitivity_word, shortened
from portal.times import when
from portal.wording import ITEM_STATES, Badge, badge, word
from portal.wording.triage import MEDIA, MENTION_KINDS, PLACES

TITLE = 110


@dataclass(frozen=True, slots=True)
class MentionRow:
    """One line of the inbox."""

    id: UUID
    url: str
    rule_url: str
    answer_url: str
    title: str
    excerpt: str
    kind: Badge
    place: Badge
    is_open: bool
    sensitivity: str
    by: str
    found: str
    language: str
    keys: tuple[str, ...]
    copies: int
    holder: str
    holder_id: str
    is_mine: bool
    answer: Badge | None
    handed_to: str
    snoozed_until: str
    priority: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What a page of mentions needs besides them, asked for once."""

    names: dict[UUID, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    copies: dict[UUID, int] = field(default_factory=dict)
    answers: dict[UUID, Answer] = field(default_factory=dict)
    handed: dict[UUID, UUID] = field(default_factory=dict)


def rows_of(actor: Actor, mentions: Sequence[Mention]) -> list[MentionRow]:
    beside = beside_of(actor, mentions)
    return [_row(actor, mention, beside) for mention in mentions]


def beside_of(actor: Actor, mentions: Sequence[Mention]) -> Beside:
    ids = [mention.pk for mention in mentions]
    return Beside(
        names={person.person_id: person.name for person in people_of_brand()},
        labels=labels_of(watch_list(actor)),
        copies=copies_of(ids),
        answers=answers_of(ids),
        handed=with_whom([mention.pk for mention in mentions if mention.outcome == Outcome.HANDED]),
    )


def said_by(mention: Mention) -> str:
    """Who said it, and where."""
    return heard_of(mention.author, mention.medium)


def heard_of(author: str, medium: str) -> str:
    """A name that turns the direction of writing turns it for itself alone (U+2068, U+2069)."""
    where = word(MEDIA, medium)
    return f"\u2068{author}\u2069 · {where}" if author else where


def title_of(mention: Mention) -> str:
    """A title, or how the text begins."""
    return headed(mention.title, mention.text)


def headed(title: str, text: str) -> str:
    return shortened(" ".join((title or text).split()), TITLE) or _("Without words")


def _row(actor: Actor, mention: Mention, beside: Beside) -> MentionRow:
    answer = beside.answers.get(mention.pk)
    handed = beside.handed.get(mention.pk)
    return MentionRow(
        id=mention.pk,
        url=reverse("mention", args=[mention.pk]),
        rule_url=reverse("mention_rule", args=[mention.pk]),
        answer_url=f"{reverse('item_new')}?answer={mention.pk}",
        title=title_of(mention),
        excerpt=shortened(mention.text, 220) if mention.title else _rest(mention.text),
        kind=badge(MENTION_KINDS, mention.kind),
        place=badge(PLACES, place_of(mention.state, mention.outcome)),
        is_open=mention.state != "done",
        sensitivity=sensitivity_word(mention.sensitivity),
        by=said_by(mention),
        found=when(mention.published_at or mention.found_at),
        language=mention.language,
        keys=tuple(beside.labels[key] for key in mention.matched if key in beside.labels),
        copies=beside.copies.get(mention.pk, 0),
        holder=beside.names.get(mention.held_by, _("somebody")) if mention.held_by else "",
        holder_id=str(mention.held_by or ""),
        is_mine=mention.held_by == actor.person_id,
        answer=badge(ITEM_STATES, answer.item.state) if answer else None,
        handed_to=beside.names.get(handed, _("somebody")) if handed else "",
        snoozed_until=when(mention.snoozed_until),
        priority=mention.priority,
    )


def _rest(text: str) -> str:
    """What a title made of the text left out."""
    return shortened(text, 320) if len(text) > TITLE else ""
