"""The inbox by cursor, what happened to one mention, and who is looking at it. Nothing here counts the whole."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from clients.conversations.cursors import Cursor, in_order
from clients.conversations.queries import kept_by, others_there
from clients.custody.models import Offer
from clients.mentions.models import Mention
from clients.people.actor import Actor
from clients.triage.models import Answer, Handing, Presence, Ruling, SavedView
from clients.triage.rules import Last, Step


def cursor_of(mention: Mention) -> Cursor:
    return Cursor(mention.priority, mention.found_at, mention.pk)


def inbox(actor: Actor, filters: dict[str, str], cursor: Cursor | None = None) -> QuerySet[Mention]:
    """Mentions that `actor` may read: in one state the most urgent first; of every state the newest first.

    `filters` as `rules.checked_filters` gives them; without a state what is open. Copies stand with what they are copies of.
    """
    state = filters.get("state", "open")
    found: QuerySet[Mention] = Mention.objects.readable_by(actor).filter(_asked(actor, filters))
    order = ("found_at", "id") if state == "all" else ("priority", "found_at", "id")
    if state != "all":
        found = found.filter(state=state)
    if state in {"open", "snoozed"}:
        found = found.filter(copy_of=None)
    return in_order(found, order, cursor)


def copies_of(ids: Collection[UUID]) -> dict[UUID, int]:
    """How often each was told elsewhere."""
    found = Mention.objects.filter(copy_of__in=ids).order_by().values_list("copy_of").annotate(n=Count("pk"))
    return {original: n for original, n in found if original}


def copies(actor: Actor, mention: Mention) -> QuerySet[Mention]:
    """The same story elsewhere."""
    found: QuerySet[Mention] = Mention.objects.readable_by(actor).filter(copy_of=mention)
    return found.order_by("found_at", "id")


def history(mention: Mention) -> QuerySet[Ruling]:
    """All that was done with one mention, newest first."""
    return Ruling.objects.filter(mention=mention).select_related("into").order_by("-number")


def last_of(mention: Mention) -> Ruling | None:
    return history(mention).first()


def last_step(ruling: Ruling | None) -> Last | None:
    return Last(Step(ruling.step), ruling.by_person, ruling.at) if ruling else None


def answers_of(ids: Iterable[UUID]) -> dict[UUID, Answer]:
    """The newest answer of each, with its item."""
    found = Answer.objects.filter(mention__in=list(ids)).select_related("item").order_by("at", "id")
    return {answer.mention_id: answer for answer in found}


def offer_of_handing(mention: Mention) -> Offer | None:
    """What was offered when it was handed over last, if it was."""
    handed = (
        Ruling.objects.filter(mention=mention, step=Step.HAND)
        .select_related("offer__passed")
        .order_by("-number")
        .first()
    )
    return handed.offer if handed else None


def with_whom(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """By mention that was handed over: who is asked to take its conversation, or who has it since. One query."""
    handed = Ruling.objects.filter(mention__in=list(ids), offer__isnull=False).order_by("number")
    found: dict[UUID, UUID | None] = {}
    for ruling in handed.select_related("offer__conversation"):
        offer = ruling.offer
        assert offer is not None
        found[ruling.mention_id] = offer.to_person if offer.closed_at is None else offer.conversation.holder_person
    return {mention: person for mention, person in found.items() if person}


def handed_to(actor: Actor) -> QuerySet[Handing]:
    """What was handed to this person before conversations and waits for their word still, oldest first."""
    mine = Handing.objects.filter(to_person=actor.somebody, closed_at=None)
    return mine.select_related("mention").order_by("at", "id")


def sign_of_life(mention: Mention) -> datetime | None:
    """When whoever holds it was last seen with it on the screen, or took it."""
    if mention.held_by is None:
        return None
    seen = Presence.objects.filter(mention=mention, person_id=mention.held_by)
    return seen.values_list("seen_at", flat=True).first()


def others_present(actor: Actor, mention: Mention, now: datetime) -> QuerySet[Presence]:
    """Who else has it on the screen at this moment."""
    return others_there(actor, Presence.objects.filter(mention=mention), now)


def saved_views(actor: Actor) -> QuerySet[SavedView]:
    """One's own, and what one's side shares."""
    return kept_by(actor, SavedView.objects.all())


def _asked(actor: Actor, filters: dict[str, str]) -> Q:
    asked: dict[str, Any] = {
        name: filters[name] for name in ("kind", "language", "sensitivity", "outcome") if name in filters
    }
    if "source" in filters:
        asked["source"] = _uuid(filters["source"])
    if "key" in filters:
        asked["matched__contains"] = [filters["key"]]
    if "mine" in filters:
        asked["held_by"] = actor.person_id
    return Q(**asked)


def _uuid(typed: str) -> UUID:
    """Nothing has the id of nothing."""
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)
