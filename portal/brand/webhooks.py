"""Webhooks: which systems the brand has told of its changes; one with its events; one event with the bytes of each try."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from clients.changes.registry import resources
from clients.disclosure.models import IntegrationPolicy
from clients.disclosure.queries import policies
from clients.people.access import require
from clients.people.rules import Verb, may
from clients.webhooks.access import access_delivery, access_subscription
from clients.webhooks.models import Attempt, Delivery, Subscription
from clients.webhooks.queries import PER_PAGE, deliveries_of, subscriptions, tally_of, tries_of
from clients.webhooks.rules import DeliveryState, PausedWhy, SubscriptionState
from portal.pages import brand_page, render
from portal.times import exact, when
from portal.wording import badge, error_sentence, word
from portal.wording.webhooks import DELIVERIES, EVENTS, PAUSED, RESOURCES, STATES

SHOWN = 100


@brand_page
def webhooks_page(request: HttpRequest) -> HttpResponse:
    """All of them, those that ended last."""
    require(request.actor, Verb.WEBHOOK_READ)
    found = sorted(subscriptions()[:SHOWN], key=lambda one: one.state == SubscriptionState.ENDED)
    tallies = tally_of([one.pk for one in found])
    context = {
        "webhooks": [_shown(one, tallies[one.pk]) for one in found],
        "may_set": may(request.actor.role, Verb.WEBHOOK_SET),
    }
    return render(request, "brand/webhooks.html", context)


@brand_page
def webhook_form(request: HttpRequest) -> HttpResponse:
    """To whom, and of what."""
    require(request.actor, Verb.WEBHOOK_SET)
    typed = request.POST
    context = {"fields": form_fields(typed.get("name", ""), typed.getlist("resource"), typed.get("policy", ""))}
    return render(request, "brand/webhook_new.html", context | {"endpoint": typed.get("endpoint", "")})


@brand_page
def webhook_page(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """One of them: how it does and what it was told, newest first; its secret this once, where it was just made."""
    found, actor = access_subscription(request.actor, webhook_id), request.actor
    state, before = request.GET.get("state", ""), _number(request.GET.get("before", ""))
    state = state if state in set(map(str, DeliveryState)) else ""
    rows = deliveries_of(webhook_id, state=state, before=before)
    live = found.state != SubscriptionState.ENDED
    context = {
        "webhook": _shown(found, tally_of([webhook_id])[webhook_id]),
        "secret": getattr(request, "made_secret", ""),
        "deliveries": [_delivery(one) for one in rows],
        "older": rows[-1].number if len(rows) == PER_PAGE else None,
        "state": state,
        "states": [(str(one), badge(DELIVERIES, one)) for one in DeliveryState],
        "may_set": live and may(actor.role, Verb.WEBHOOK_SET),
        "may_use": live and may(actor.role, Verb.WEBHOOK_USE),
        "active": found.state == SubscriptionState.ACTIVE,
        "fields": form_fields(found.name, found.resources, str(found.policy_id or "")),
        "since": request.POST.get("since", ""),
    }
    return render(request, "brand/webhook.html", context)


@brand_page
def delivery_page(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """One event: each try, the bytes that left, and the beginning of what came back."""
    found = access_delivery(request.actor, webhook_id, delivery_id)
    subscription = access_subscription(request.actor, webhook_id)
    context = {
        "webhook": {"id": subscription.pk, "name": subscription.name},
        "delivery": _delivery(found),
        "tries": [_try(one) for one in tries_of(found)],
        "may_use": subscription.state == SubscriptionState.ACTIVE and may(request.actor.role, Verb.WEBHOOK_USE),
    }
    return render(request, "brand/webhook_delivery.html", context)


def form_fields(name: str, chosen: list[str], policy: str) -> dict[str, Any]:
    """What a form of a webhook shows, as it stands or as it was typed."""
    now = timezone.now()
    live = [one for one in policies() if one.system == "webhook" and one.holds(now)]
    return {
        "name": name,
        "resources": [(one, word(RESOURCES, one), one in chosen) for one in resources()],
        "policies": [_policy(one, policy) for one in live],
        "thin": not any(str(one.pk) == policy for one in live),
    }


def _policy(policy: IntegrationPolicy, chosen: str) -> tuple[str, str, bool]:
    return str(policy.pk), f"{policy.name}: {policy.purpose}", str(policy.pk) == chosen


def _shown(found: Subscription, tally: dict[str, int]) -> dict[str, Any]:
    progress = found.progress
    return {
        "id": found.pk,
        "name": found.name,
        "host": found.host,
        "badge": badge(STATES, found.state),
        "paused": word(PAUSED, found.paused_why) if found.paused_why else "",
        "by_hand": found.paused_why == PausedWhy.BY_HAND,
        "resources": [word(RESOURCES, one) for one in found.resources],
        "made": when(found.created_at),
        "made_by": found.made_by_name,
        "delivered": when(progress.delivered_at),
        "failing": when(progress.failing_since),
        "old_secret": when(found.old_secret_until) if _signs_twice(found) else "",
        "waiting": tally.get(DeliveryState.WAITING, 0),
        "failed": tally.get(DeliveryState.FAILED, 0),
    }


def _signs_twice(found: Subscription) -> bool:
    return found.old_secret_until is not None and found.old_secret_until > timezone.now()


def _delivery(found: Delivery) -> dict[str, Any]:
    what = found.event if found.event in EVENTS else found.event.rpartition(".")[2]
    waits = found.state == DeliveryState.WAITING
    return {
        "id": found.pk,
        "number": found.number,
        "event": found.event,
        "words": f"{word(RESOURCES, found.resource)}: {word(EVENTS, what)}" if found.resource else word(EVENTS, what),
        "object": found.object_id,
        "badge": badge(DELIVERIES, found.state),
        "at": when(found.at),
        "exact": exact(found.at),
        "tries": found.tries,
        "status": found.status,
        "error": error_sentence(found.error) if found.error else "",
        "next": when(found.due_at) if waits and found.tries else "",
    }


def _try(one: Attempt) -> dict[str, Any]:
    return {
        "number": one.number,
        "at": exact(one.at),
        "took": one.took_ms,
        "status": one.status,
        "error": error_sentence(one.error) if one.error else "",
        "body": one.body,
        "answer": one.answer,
    }


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 18 else None
