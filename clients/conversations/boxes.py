"""The inbox of conversations by cursor, and how many are in each box, as far as one counts. Inside the brand's scope.

Nothing here counts the whole: a box says how many are in it up to `MOST_COUNTED`, however many there are.
"""

from collections import Counter
from datetime import datetime
from functools import reduce
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from clients.conversations.cursors import Cursor, in_order
from clients.conversations.models import Labelled
from clients.conversations.rules import DUE_SOON, Box
from clients.custody.models import Conversation, Offer, Turn
from clients.custody.queries import readable_conversations
from clients.custody.rules import State
from clients.people.actor import Actor
from clients.service.models import Clock

MOST_COUNTED = 99
ORDER = ("priority", "last_said_at", "id")
_LIVE = (State.OPEN, State.WAITING, State.SNOOZED)
_STATES: dict[Box, State] = {Box.WAITING: State.WAITING, Box.SNOOZED: State.SNOOZED, Box.CLOSED: State.CLOSED}


def cursor_of(conversation: Conversation) -> Cursor:
    return Cursor(conversation.priority, conversation.last_said_at, conversation.pk)


def inbox(actor: Actor, filters: dict[str, str], now: datetime, cursor: Cursor | None = None) -> QuerySet[Conversation]:
    """Conversations that `actor` may read, the most urgent first. `filters` as `rules.checked_filters` gives them."""
    box = Box(filters.get("box", Box.ALL))
    found = readable_conversations(actor).filter(_in_box(actor, box, now), _asked(filters), merged_into=None)
    return in_order(found, ORDER, cursor)


def counts(actor: Actor, now: datetime) -> dict[Box, int]:
    """How many `actor` may read in each box, the closed ones left out: `MOST_COUNTED` + 1 where there are more. One query."""
    live = readable_conversations(actor).filter(state__in=_LIVE, merged_into=None).order_by()
    boxes = [box for box in Box if box is not Box.CLOSED]
    found = [live.filter(_in_box(actor, box, now)).values_list(Value(str(box)))[: MOST_COUNTED + 1] for box in boxes]
    seen = Counter(box for (box,) in reduce(lambda all_of, some: all_of.union(some, all=True), found))
    return {box: seen[str(box)] for box in boxes}


def _in_box(actor: Actor, box: Box, now: datetime) -> Q:
    if box in _STATES:
        return Q(state=_STATES[box])
    if box is Box.OFFERED:
        return Q(Exists(_offers(actor)))
    if box is Box.DUE:
        return Q(state__in=_LIVE) & Q(Exists(_due_clocks(now)))
    mine = {Box.MINE: Q(holder_person=actor.person_id), Box.SIDE: Q(holder_side=str(actor.side))}
    return Q(state=State.OPEN) & mine.get(box, Q())


def _due_clocks(now: datetime) -> QuerySet[Clock]:
    return Clock.objects.filter(conversation=OuterRef("pk"), stopped_at=None, due_at__lt=now + DUE_SOON)


def _offers(actor: Actor) -> QuerySet[Offer]:
    here = Q(to_person=None) | Q(to_person=actor.person_id)
    return Offer.objects.filter(here, conversation=OuterRef("pk"), closed_at=None, to_side=str(actor.side))


def _asked(filters: dict[str, str]) -> Q:
    plain: dict[str, Any] = {"medium": filters["medium"]} if "medium" in filters else {}
    if "channel" in filters:
        plain["channel"] = _uuid(filters["channel"])
    asked = Q(**plain)
    if "label" in filters:
        asked &= Q(Exists(Labelled.objects.filter(conversation=OuterRef("pk"), label=_uuid(filters["label"]))))
    if words := filters.get("q", ""):
        said = Turn.objects.filter(conversation=OuterRef("pk"), text__icontains=words)
        named = Q(title__icontains=words) | Q(member_name__icontains=words) | Q(handle__icontains=words)
        asked &= named | Q(Exists(said))
    return asked


def _uuid(typed: str) -> UUID:
    """Nothing has the id of nothing."""
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)
