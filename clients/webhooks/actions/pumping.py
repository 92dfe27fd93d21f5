"""From the feed of changes to events: each change that may be told becomes one delivery, in order, and the ledger says so first.

A pump looks every few seconds while there is something, and rarely while there is not. What it has not taken yet is still in the
feed, so neither a pause nor a slow receiver loses anything, and what waits ahead for one receiver stays bounded.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from clients.changes.queries import Stretch, changes_after, head
from clients.changes.rules import Cursor
from clients.changes.steps import settle
from clients.disclosure.rules import STRICTEST_BY_WAY, Way, strictest
from clients.disclosure.steps import MOST_IDS, Matter, Recipient, disclose
from clients.people.access import require_process
from clients.people.actor import Actor
from clients.webhooks.models import Delivery, Progress, Subscription
from clients.webhooks.queries import known_to, waiting_count
from clients.webhooks.rules import MOST_WAITING, RESTARTED, SubscriptionState, event_of
from clients.webhooks.steps import event, locked_progress, write_events
from clients.webhooks.telling import Seen, model_of, told_to_system
from tenants.errors import Conflict
from tenants.walls.scope import durable

AT_ONCE = 500
SOON, AT_REST = timedelta(seconds=2), timedelta(seconds=30)
BATCHES = 20


def pump(actor: Actor, *, subscription_id: UUID) -> timedelta | None:
    """Write down what is to be told. In how long to look again; None for a subscription that is not active.

    For a worker. Raises Refused('not_allowed').
    """
    require_process(actor)
    pause = AT_REST
    for _ in range(BATCHES):
        taken, more = _batch(actor, subscription_id)
        if taken is None:
            return None
        pause = SOON if taken else pause
        if not more:
            break
    return pause


def _batch(actor: Actor, subscription_id: UUID) -> tuple[int | None, bool]:
    """(how many changes were taken, whether there are more); None where nothing is to be told."""
    with durable(actor.brand):
        subscription = Subscription.objects.filter(pk=subscription_id, state=SubscriptionState.ACTIVE).first()
        if subscription is None:
            return None, False
        progress = locked_progress(subscription)
        if waiting_count(subscription_id) >= MOST_WAITING:
            return 0, False
        settle()
        stretch = _stretch(subscription, progress)
        if stretch is None:
            _begin_anew(subscription, progress)
            return 1, True
        known = partial(known_to, subscription_id)
        seen = told_to_system(stretch.changes, STRICTEST_BY_WAY[Way.WEBHOOK], known)
        _disclose(actor, subscription, seen)
        write_events(progress, [_event(subscription, one, stretch.cursor) for one in seen])
        _stand_at(progress, stretch.cursor)
    return len(stretch.changes), stretch.more


def _stretch(subscription: Subscription, progress: Progress) -> Stretch | None:
    """None where the feed does not go on from where this receiver stands."""
    if progress.course is None:
        return None
    try:
        return changes_after(Cursor(progress.course, progress.position), subscription.resources, AT_ONCE)
    except Conflict:
        return None


def _begin_anew(subscription: Subscription, progress: Progress) -> None:
    """After a restore, or a pause longer than the feed tells what is no more: the receiver is told to read everything once."""
    now = head()
    fresh = event(subscription, RESTARTED)
    fresh.cursor = str(now)
    write_events(progress, [fresh])
    _stand_at(progress, now)


def _stand_at(progress: Progress, cursor: Cursor) -> None:
    if (progress.course, progress.position) != (cursor.course, cursor.position):
        progress.course, progress.position = cursor.course, cursor.position
        progress.save(update_fields=("course", "position"))


def _event(subscription: Subscription, seen: Seen, cursor: Cursor) -> Delivery:
    change = seen.change
    return Delivery(
        subscription=subscription,
        event=event_of(change.resource, seen.told),
        resource=change.resource,
        object_id=change.object_id,
        cursor=str(Cursor(cursor.course, change.position)),
        at=change.at,
    )


def _disclose(actor: Actor, subscription: Subscription, seen: Sequence[Seen]) -> None:
    """One line of the ledger for each kind of object in a batch: that these changed is what leaves, to this receiver."""
    kinds: dict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        kinds[one.change.resource].append(one)
    to = Recipient("webhook", subscription.pk, subscription.name)
    for resource, some in kinds.items():
        ids = list(dict.fromkeys(one.change.object_id for one in some))
        worst = strictest(one.info_class for one in some)
        for at in range(0, len(ids), MOST_IDS):
            what = Matter(model_of(resource)._meta.label_lower, tuple(ids[at : at + MOST_IDS]), worst)
            disclose(actor, way=Way.WEBHOOK, to=to, what=what, why="sent_to_program", policy_name="webhook")
