"""One try of one event: what is told is decided and written down, committed; then the call; then what came of it.

INVARIANT: no transaction is open during the call, so a receiver that hangs holds no lock; a lease says that somebody is at it.
A worker that dies in between leaves the event due again after its lease: told at least once. Its address is resolved and
checked at each try (`clients.channels.egress`), and a redirect is not followed.
"""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.conf import settings as installation
from django.db.models import F
from django.utils import timezone

from clients.channels.answers import retry_at
from clients.channels.fetch import call
from clients.channels.port import SendFailed
from clients.disclosure.queries import policy_in_force
from clients.disclosure.rules import STRICTEST_BY_WAY, InfoClass, Way, strictness
from clients.disclosure.steps import Matter, Recipient, disclose
from clients.people.access import require_process
from clients.people.actor import Actor
from clients.webhooks.models import Attempt, Delivery, Progress, Subscription
from clients.webhooks.payload import body_of, content_of
from clients.webhooks.queries import next_moment, next_of_lane, under_way
from clients.webhooks.rules import (
    AT_ONCE,
    FAILS_IN_A_ROW,
    LONGEST_ANSWER,
    DeliveryState,
    PausedWhy,
    SubscriptionState,
    Told,
    event_of,
    has_failed_long,
    next_try,
    not_before,
    quiet_until,
)
from clients.webhooks.sealing import unseal
from clients.webhooks.signing import headers
from clients.webhooks.steps import locked_progress, pause
from clients.webhooks.telling import class_now, model_of
from tenants.walls.scope import durable

SECONDS = 10.0
"""For one call, from the name to the last byte."""
LEASE = timedelta(seconds=60)
STINT = 20.0
"""Seconds after which a lane lets others have its turn; with one call more it stays under the lease of its row."""
GONE = 410
ASKS_FOR_REST = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a try needs once its transaction has been committed."""

    delivery: Delivery
    endpoint: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back. `error` is a code of the line or `status_refused`; '' when it was taken.

    `rest_until`: when the receiver asked to be called again (`Retry-After`).
    """

    at: datetime
    took_ms: int
    status: int = 0
    error: str = ""
    answer: str = ""
    rest_until: datetime | None = None


def work_lane(actor: Actor, *, subscription_id: UUID, lane: int) -> datetime | None:
    """Try what is due in a lane, one after the other. When there is something again; None: whoever writes more wakes it.

    For a worker. Raises Refused('not_allowed').
    """
    require_process(actor)
    until = time.monotonic() + STINT
    while time.monotonic() < until:
        prepared = _prepare(actor, subscription_id, lane)
        if prepared is None:
            return _again(actor, subscription_id, lane)
        if isinstance(prepared, Prepared):
            _conclude(actor, prepared, _called(prepared))
    return timezone.now()


def _prepare(actor: Actor, subscription_id: UUID, lane: int) -> "Prepared | bool | None":
    """The next event of the lane, leased and written down; False for one that is dropped; None where none is to be tried."""
    now = timezone.now()
    with durable(actor.brand):
        subscription = Subscription.objects.select_related("progress").filter(pk=subscription_id).first()
        if subscription is None or subscription.state != SubscriptionState.ACTIVE:
            return None
        progress = locked_progress(subscription)
        if (progress.quiet_until and progress.quiet_until > now) or _is_busy(progress, now):
            return None
        delivery = next_of_lane(subscription_id, lane, now)
        if delivery is None:
            return None
        kept = unseal(subscription.sealed, brand_id=actor.brand.id, subscription_id=subscription.pk)
        body = _body(actor, subscription, delivery)
        if body is None:
            return _drop(delivery)
        delivery.attempts, delivery.tries, delivery.leased_until = (
            delivery.attempts + 1,
            delivery.tries + 1,
            now + LEASE,
        )
        delivery.save(update_fields=("attempts", "tries", "leased_until", "event"))
    old = kept.reveal("secret_old") if subscription.old_secret_until and subscription.old_secret_until > now else ""
    secrets = [secret for secret in (kept.reveal("secret"), old) if secret]
    signed = headers(secrets, name=str(delivery.pk), moment=now, body=body)
    return Prepared(delivery, kept.reveal("endpoint"), body, signed)


def _is_busy(progress: Progress, now: datetime) -> bool:
    """Whether as much is under way as may be at once: one hand of each brand is never a receiver's, which may hang."""
    mine, all_of_brand = under_way(progress.subscription_id, now)
    most = 1 if progress.fails >= FAILS_IN_A_ROW else AT_ONCE
    return mine >= most or all_of_brand >= max(1, installation.WORKERS_PER_BRAND - 1)


def _body(actor: Actor, subscription: Subscription, delivery: Delivery) -> bytes | None:
    """What this try says. The class is asked again: it may have been raised while the event waited. None: say nothing."""
    if delivery.object_id is None or delivery.event == event_of(delivery.resource, Told.GONE):
        return body_of(delivery)
    info_class = class_now(delivery.resource, delivery.object_id)
    if info_class is None:
        return body_of(delivery)
    if strictness(info_class) > strictness(STRICTEST_BY_WAY[Way.WEBHOOK]):
        if not _was_delivered(delivery):
            return None
        delivery.event = event_of(delivery.resource, Told.GONE)
        return body_of(delivery)
    policy = policy_in_force(subscription.policy_id, timezone.now()) if subscription.policy_id else None
    content = content_of(delivery, policy, info_class)
    body = body_of(delivery, content)
    if content is not None:
        kind = model_of(delivery.resource)._meta.label_lower
        what = Matter(kind, (delivery.object_id,), InfoClass(info_class), sha256(body).hexdigest())
        to = Recipient("webhook", subscription.pk, subscription.name)
        disclose(actor, way=Way.WEBHOOK, to=to, what=what, why="sent_to_program", policy=policy)
    return body


def _was_delivered(delivery: Delivery) -> bool:
    """Whether the receiver has heard of the object: then it hears that it is no more there for it."""
    same = Delivery.objects.filter(subscription=delivery.subscription_id, object_id=delivery.object_id)
    return same.filter(state=DeliveryState.DELIVERED).exists()


def _drop(delivery: Delivery) -> bool:
    delivery.state, delivery.ended_at = DeliveryState.DROPPED, timezone.now()
    delivery.save(update_fields=("state", "ended_at"))
    return False


def _called(prepared: Prepared) -> Outcome:
    at, began = timezone.now(), time.monotonic()

    def took() -> int:
        return int((time.monotonic() - began) * 1000)

    try:
        reply = call(
            "POST",
            prepared.endpoint,
            until=began + SECONDS,
            allow_private=installation.ALLOW_PRIVATE_HOSTS,
            headers={"Content-Type": "application/json", **prepared.headers},
            content=prepared.body,
            max_bytes=LONGEST_ANSWER,
            cut=True,
        )
    except SendFailed as failed:
        return Outcome(at, took(), failed.status or 0, failed.code)
    error = "" if 200 <= reply.status < 300 else "redirected" if 300 <= reply.status < 400 else "status_refused"
    rest = retry_at(reply.headers) if reply.status in ASKS_FOR_REST else None
    return Outcome(at, took(), reply.status, error, _readable(reply.body), rest)


def _conclude(actor: Actor, prepared: Prepared, outcome: Outcome) -> None:
    """Write down what came of a try, and what follows: done, once more later, given up; a receiver left in peace, or paused."""
    now = timezone.now()
    with durable(actor.brand):
        # The receiver before its event, as whoever has something told again: neither waits for the other.
        subscription: Subscription = Subscription.objects.select_for_update().get(pk=prepared.delivery.subscription_id)
        delivery: Delivery = Delivery.objects.select_for_update().get(pk=prepared.delivery.pk)
        _note(prepared, outcome)
        if delivery.state != DeliveryState.WAITING:
            return
        _put(delivery, outcome, now)
        delivery.save(update_fields=("state", "due_at", "leased_until", "ended_at", "status", "error"))
        progress = locked_progress(subscription)
        _judge(actor, subscription, progress, outcome, now)


def _note(prepared: Prepared, outcome: Outcome) -> None:
    Attempt.objects.create(
        delivery=prepared.delivery,
        number=prepared.delivery.tries,
        at=outcome.at,
        took_ms=outcome.took_ms,
        status=outcome.status,
        error=outcome.error,
        body=prepared.body.decode(),
        answer=outcome.answer,
    )


def _put(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    delivery.leased_until, delivery.status, delivery.error = None, outcome.status, outcome.error
    if not outcome.error:
        delivery.state, delivery.ended_at = DeliveryState.DELIVERED, now
        return
    again = next_try(delivery.attempts, now, random.random())  # noqa: S311 - jitter, no secret
    if again is None:
        delivery.state, delivery.ended_at = DeliveryState.FAILED, now
    else:
        delivery.due_at = not_before(again, outcome.rest_until, now) or again


def _judge(actor: Actor, subscription: Subscription, progress: Progress, outcome: Outcome, now: datetime) -> None:
    """How the receiver does, over all its events."""
    if not outcome.error:
        Progress.objects.filter(pk=progress.pk).update(fails=0, failing_since=None, quiet_until=None, delivered_at=now)
        return
    since, fails = progress.failing_since or now, progress.fails + 1
    quiet = not_before(quiet_until(fails, now), outcome.rest_until, now)
    Progress.objects.filter(pk=progress.pk).update(fails=F("fails") + 1, failing_since=since, quiet_until=quiet)
    if subscription.state != SubscriptionState.ACTIVE:
        return
    if outcome.status == GONE:
        pause(actor, subscription, PausedWhy.GONE)
    elif has_failed_long(since, now):
        pause(actor, subscription, PausedWhy.FAILING)


def _again(actor: Actor, subscription_id: UUID, lane: int) -> datetime | None:
    with durable(actor.brand):
        subscription = Subscription.objects.select_related("progress").filter(pk=subscription_id).first()
        if subscription is None or subscription.state != SubscriptionState.ACTIVE:
            return None
        soonest = next_moment(subscription_id, lane)
    quiet = subscription.progress.quiet_until
    if soonest is None:
        return None
    # What somebody holds is due, and not ours: a moment later it is done, or its lease is nearly over.
    floor = timezone.now() + timedelta(seconds=1)
    return max(soonest, floor, quiet or floor)


def _readable(body: bytes) -> str:
    return body[:LONGEST_ANSWER].decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
