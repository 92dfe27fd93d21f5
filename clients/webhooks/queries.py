"""Lists of subscriptions and deliveries, and what a lane does next. Inside a scope."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery

from clients.people.rules import BRAND_HEADS
from clients.webhooks.models import Attempt, Delivery, Subscription
from clients.webhooks.rules import DeliveryState, SubscriptionState
from tenants.models import BrandPerson

PER_PAGE = 50


def subscriptions() -> QuerySet[Subscription]:
    """All of them, ended ones last, without what is sealed."""
    return Subscription.objects.defer("sealed").select_related("progress").order_by("created_at", "id")


def live_subscriptions() -> QuerySet[Subscription]:
    return subscriptions().exclude(state=SubscriptionState.ENDED)


def tally_of(subscription_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """How many deliveries of each subscription are in which state. One query."""
    rows = Delivery.objects.filter(subscription__in=subscription_ids).order_by().values("subscription", "state")
    found: dict[UUID, dict[str, int]] = {pk: {} for pk in subscription_ids}
    for row in rows.annotate(many=Count("pk")):
        found[row["subscription"]][row["state"]] = row["many"]
    return found


def deliveries_of(
    subscription_id: UUID, *, state: str = "", before: int | None = None, limit: int = PER_PAGE
) -> list[Delivery]:
    """Newest first."""
    found = Delivery.objects.filter(subscription=subscription_id).order_by("-number")
    if state:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(number__lt=before)
    return list(found[:limit])


def tries_of(delivery: Delivery) -> list[Attempt]:
    return list(delivery.log.order_by("number", "at"))


def next_of_lane(subscription_id: UUID, lane: int, now: datetime) -> Delivery | None:
    """The earliest event of a lane that is due and behind no other of its object; locked, past whatever others hold.

    INVARIANT: of one object the earlier goes first, however often it has to be tried.
    """
    found = _waiting(subscription_id, lane).filter(due_at__lte=now).filter(_unleased(now))
    locked = found.filter(_behind_none()).order_by("number").select_for_update(skip_locked=True, of=("self",))
    first: Delivery | None = locked.first()
    return first


def under_way(subscription_id: UUID, now: datetime) -> tuple[int, int]:
    """How many events somebody is telling at this moment: of this subscription, and of all of the brand."""
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, leased_until__gt=now)
    found = list(rows.values_list("subscription", flat=True))
    return found.count(subscription_id), len(found)


def next_moment(subscription_id: UUID, lane: int) -> datetime | None:
    """When a lane has something to do again; None while nothing waits."""
    found: datetime | None = (
        _waiting(subscription_id, lane).filter(_behind_none()).aggregate(soonest=Min("due_at"))["soonest"]
    )
    return found


def known_to(subscription_id: UUID, object_ids: Collection[UUID]) -> set[UUID]:
    """Of these, what this receiver was told of before and not yet that it is gone."""
    told = Delivery.objects.filter(subscription=subscription_id, object_id__in=object_ids)
    last: dict[UUID | None, str] = dict(told.order_by("number").values_list("object_id", "event"))
    return {object_id for object_id, event in last.items() if object_id and not event.endswith(".gone")}


def waiting_count(subscription_id: UUID) -> int:
    return Delivery.objects.filter(subscription=subscription_id, state=DeliveryState.WAITING).count()


def heads() -> list[UUID]:
    """Whom a letter about a webhook goes to."""
    return list(BrandPerson.objects.filter(live=True, role__in=BRAND_HEADS).values_list("person_id", flat=True))


def letter_about(subscription_id: UUID, person_id: UUID) -> tuple[Subscription, BrandPerson] | None:
    """What a letter tells of and to whom, if both are still here and it is still paused by itself."""
    found = Subscription.objects.filter(pk=subscription_id, state=SubscriptionState.PAUSED).first()
    person = BrandPerson.objects.filter(person_id=person_id, live=True, role__in=BRAND_HEADS).first()
    return (found, person) if found and person else None


def _waiting(subscription_id: UUID, lane: int) -> QuerySet[Delivery]:
    return Delivery.objects.filter(subscription=subscription_id, lane=lane, state=DeliveryState.WAITING)


def _unleased(now: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=now)


def _behind_none() -> Q:
    """What is the first of its object that waits, or of no object.

    Asked as a number to compare with, not as 'none before exists': for that the server, when it thinks the table small, joined
    everything that waits with everything that waits, and a day of a receiver's silence cost minutes for each event.
    """
    waiting = Delivery.objects.filter(
        state=DeliveryState.WAITING, subscription=OuterRef("subscription"), object_id=OuterRef("object_id")
    )
    return Q(object_id=None) | Q(number=Subquery(waiting.order_by("number").values("number")[:1]))
