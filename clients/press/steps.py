"""Drawing up a review, picking a piece, and letting it out: in an open transaction."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.rules import InfoClass, may_read
from clients.mentions.models import Mention
from clients.outbox.actions import enqueue
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from clients.press.models import Review, ReviewEntry
from clients.press.queries import licences, pieces_for, topic_words
from clients.press.rules import MOST_ENTRIES, ReviewState, quoted
from clients.sources.queries import source_of
from tenants.errors import Conflict
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side

LETTER, DRAW_UP = "press.letter", "press.draw_up"
"""Kinds of outbox rows: a review for one reader, and the review of a rhythm."""
PICKED = 40


def draw_up(actor: Actor, since: datetime, until: datetime) -> Review:
    """A draft with the most urgent pieces of these days, by topic; people take away, add and order."""
    review: Review = Review.objects.create(
        since=since, until=until, created_by=actor.person_id, info_class=InfoClass.SHARED, owner_side="brand"
    )
    words = topic_words()
    found = sorted(pieces_for(review)[:PICKED], key=lambda mention: _topic(mention, words))
    for mention in found:
        pick(review, mention)
    record(actor, "press.begun", review, entries=len(found))
    return review


def pick(review: Review, mention: Mention) -> ReviewEntry:
    """Write one piece down as it may be quoted, at the end. Conflict('review_full')."""
    count = review.entries.count()
    if count >= MOST_ENTRIES:
        raise Conflict("review_full", most=MOST_ENTRIES)
    source = source_name(mention)
    piece = quoted(mention.text, source, licences())
    last = review.entries.order_by("-position").values_list("position", flat=True).first()
    return ReviewEntry.objects.create(
        review=review,
        mention=mention,
        position=(last or 0) + 1,
        topic=_topic(mention, topic_words())[:200],
        headline=(mention.title or piece.excerpt or mention.url)[:500],
        excerpt=piece.excerpt if mention.title else "",  # never the same words twice
        source_name=source[:200],
        link=mention.url if mention.url.startswith(("https://", "http://")) else "",
        licence=piece.licence[:200],
        published_at=mention.published_at,
    )


def source_name(mention: Mention) -> str:
    """What the brand calls where it was found, which is what a licence names; else who wrote it."""
    source = source_of(mention.source)
    return source.name if source else mention.author


def require_draft(review: Review) -> None:
    """Raises Conflict('review_out')."""
    if review.state != ReviewState.DRAFT:
        raise Conflict("review_out")


def let_out(actor: Actor, review: Review, readers: list[UUID]) -> None:
    """The review is out: it changes no more, and each reader who may read it gets a letter."""
    review.state, review.out_at = ReviewState.OUT, timezone.now()
    review.save(update_fields=("state", "out_at"))
    for person in BrandPerson.objects.filter(live=True, person_id__in=readers):
        if may_receive(person, review):
            payload = {"review": str(review.pk), "person": str(person.person_id)}
            enqueue(LETTER, payload, key=f"{review.pk}:{person.person_id}")
    record(actor, "press.out", review, readers=len(readers))


def may_receive(person: BrandPerson, review: Review) -> bool:
    role, side = Role(person.role), Side(person.side)
    return may(role, Verb.MENTION_READ) and may_read(side, role, person.person_id, review.info_class, review.named)


def _topic(mention: Mention, words: dict[str, str]) -> str:
    key = mention.matched[0] if mention.matched else ""
    return words.get(key, "")
