"""What the brand does with a webhook: make it, change it, give it another secret, test, tell again, pause, let it go on, end."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.webhooks.actions import (
    change_subscription,
    end_subscription,
    pause_subscription,
    replay_delivery,
    replay_span,
    resume_subscription,
    rotate_webhook_secret,
    send_test_event,
    subscribe,
)
from portal.brand.webhooks import delivery_page, webhook_form, webhook_page
from portal.pages import back, brand_act, drawn_again
from portal.typed import day_typed
from tenants.errors import Invalid


@brand_act(again=webhook_form)
def make(request: HttpRequest) -> HttpResponse:
    """INVARIANT: the secret stands in this answer and nowhere else: no redirect, no session, no log carries it."""
    typed = request.POST
    made, secret = subscribe(
        request.actor,
        name=typed.get("name", ""),
        endpoint=typed.get("endpoint", ""),
        resources=typed.getlist("resource"),
        policy_id=_policy(typed.get("policy", "")),
    )
    request.made_secret = secret
    return drawn_again(webhook_page, request, webhook_id=made.pk)


@brand_act(again=webhook_page)
def change(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    typed = request.POST
    change_subscription(
        request.actor,
        subscription_id=webhook_id,
        name=typed.get("name", ""),
        resources=typed.getlist("resource"),
        policy_id=_policy(typed.get("policy", "")),
    )
    messages.success(request, _("Changed. It holds from the next event on."))
    return _to(webhook_id)


@brand_act(again=webhook_page)
def rotate(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """INVARIANT: as with `make`."""
    request.made_secret = rotate_webhook_secret(request.actor, subscription_id=webhook_id)
    return drawn_again(webhook_page, request, webhook_id=webhook_id)


@brand_act(again=webhook_page)
def test(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    send_test_event(request.actor, subscription_id=webhook_id)
    messages.success(request, _("The test is on its way. It stands first among the events."))
    return _to(webhook_id)


@brand_act(again=webhook_page)
def pause(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    pause_subscription(request.actor, subscription_id=webhook_id)
    messages.success(request, _("Paused. Nothing is lost: it goes on where it stopped."))
    return _to(webhook_id)


@brand_act(again=webhook_page)
def resume(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    resume_subscription(request.actor, subscription_id=webhook_id)
    messages.success(request, _("It goes on where it stopped."))
    return _to(webhook_id)


@brand_act(again=webhook_page)
def end(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    end_subscription(request.actor, subscription_id=webhook_id)
    messages.success(request, _("Ended. Its address and its secret are erased."))
    return _to(webhook_id)


@brand_act(again=webhook_page)
def replay(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """All events since the beginning of a day, on the brand's clocks."""
    day = day_typed(request.POST.get("since", ""), "since")
    if day is None:
        raise Invalid("not_a_date", "since")
    since = timezone.make_aware(datetime.combine(day, time()))
    many = replay_span(
        request.actor, subscription_id=webhook_id, since=since, until=timezone.now() + timedelta(seconds=1)
    )
    told = ngettext("%(many)s event is told once more.", "%(many)s events are told once more.", many)
    messages.success(request, told % {"many": many})
    return _to(webhook_id)


@brand_act(again=delivery_page)
def again(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    replay_delivery(request.actor, subscription_id=webhook_id, delivery_id=delivery_id)
    messages.success(request, _("It is told once more, under the same id."))
    return back(reverse("webhook_delivery", args=[webhook_id, delivery_id]))


def _to(webhook_id: UUID) -> HttpResponse:
    return back(reverse("webhook", args=[webhook_id]))


def _policy(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise Invalid("unknown_policy", "policy") from None
