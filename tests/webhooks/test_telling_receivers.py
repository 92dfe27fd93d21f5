"""What reaches a receiver: each change once at least, in order per object, signed; and what does not, and what nobody loses."""

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.changes.models import Head
from clients.community.models import Member
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from clients.items.models import Item
from clients.outbox.models import OutboxRow
from clients.webhooks.actions import (
    delivering,
    end_subscription,
    pause_subscription,
    replay_delivery,
    replay_span,
    resume_subscription,
    rotate_webhook_secret,
    send_test_event,
)
from clients.webhooks.models import Subscription
from clients.webhooks.queries import next_moment, next_of_lane
from clients.webhooks.rules import DeliveryState, PausedWhy, SubscriptionState
from clients.webhooks.steps import LETTER
from tenants.errors import Conflict, Invalid
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope, durable
from tests.webhooks.conftest import Told

S = SubscriptionState


def events(told: Told) -> list[tuple[str, str]]:
    return [(call.event["type"], call.event["data"].get("id", "")) for call in told.receiver.taken]


def test_a_change_is_told_signed_and_thin(told: Told) -> None:
    one = told.make("Titre secret")
    told.go()
    (call,) = told.receiver.calls
    assert call.verified, "the library of the standard's makers says so"
    assert call.event["type"] == "items.changed"
    assert set(call.event["data"]) == {"resource", "id", "cursor"}
    assert call.event["data"]["id"] == str(one.pk)
    assert b"Titre" not in call.body
    (delivery,) = told.deliveries()
    assert (delivery.state, call.id) == (DeliveryState.DELIVERED, str(delivery.pk))
    (attempt,) = told.attempts()
    assert (attempt.status, attempt.body) == (204, call.body.decode())
    told.go()
    assert len(told.receiver.calls) == 1


def test_what_it_did_not_ask_for_is_not_told(told: Told) -> None:
    from tests.audit.test_triggers import raw

    with durable(told.brand):
        raw("INSERT INTO approvals_hold (id, scope, value, reason, placed_by, placed_by_name, placed_at, lifted_by_name)"
            f" VALUES ('{uuid4()}', 'all', '', '', '{uuid4()}', 'x', now(), '')")  # fmt: skip
    told.go()
    assert told.receiver.calls == []


def test_that_it_was_told_stands_in_the_ledger_before_anything_leaves(told: Told) -> None:
    one, two = told.make(), told.make()
    told.pump()
    with brand_scope(told.brand):
        (row,) = Disclosure.objects.filter(way="webhook")
    assert (row.recipient_kind, row.recipient_id) == ("webhook", told.subscription.pk)
    assert (row.object_kind, set(row.object_ids)) == ("items.item", {str(one.pk), str(two.pk)})
    assert told.receiver.calls == []


def test_of_one_object_the_earlier_goes_first_and_others_are_not_held_up(told: Told) -> None:
    one, two = told.make(), told.make()
    refused: set[str] = set()
    told.receiver.plan = lambda number: "error"
    told.pump()
    with brand_scope(told.brand):
        Item.objects.filter(pk=one.pk).update(title="1")
    told.pump()
    told.work()
    refused = {call.event["data"]["id"] for call in told.receiver.calls}
    assert refused == {str(one.pk), str(two.pk)}
    told.receiver.plan = lambda number: "take"
    three = told.make()
    told.go()
    assert [pk for _event, pk in events(told)] == [str(three.pk)]
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        told.work()
    assert [pk for _event, pk in events(told)].count(str(one.pk)) == 2
    of_one = [call.event["timestamp"] for call in told.receiver.taken if call.event["data"]["id"] == str(one.pk)]
    assert of_one == sorted(of_one)


def test_tries_grow_apart_over_three_days_and_then_it_is_given_up(told: Told) -> None:
    told.make()
    told.receiver.plan = lambda number: "error"
    told.go()
    (delivery,) = told.deliveries()
    moments = [delivery.due_at]
    for _ in range(20):
        if delivery.state != DeliveryState.WAITING or told.now().state != S.ACTIVE:
            break
        with time_machine.travel(delivery.due_at + timedelta(minutes=20)):
            told.work()
        (delivery,) = told.deliveries()
        moments.append(delivery.due_at)
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert delivery.attempts >= 9
    assert max(gaps) > timedelta(hours=15)
    assert told.now().paused_why == PausedWhy.FAILING
    with brand_scope(told.brand):
        assert OutboxRow.objects.filter(kind=LETTER).count() == 2, "owner and manager are told"


def test_a_receiver_that_is_gone_is_not_asked_again_and_nothing_is_lost(told: Told) -> None:
    one = told.make()
    told.receiver.plan = lambda number: "gone"
    told.go()
    assert (told.now().state, told.now().paused_why) == (S.PAUSED, PausedWhy.GONE)
    two = told.make()
    told.go()
    assert len(told.receiver.calls) == 1
    told.receiver.plan = lambda number: "take"
    resume_subscription(told.actor(), subscription_id=told.subscription.pk)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        told.go()
    assert {pk for _event, pk in events(told)} == {str(one.pk), str(two.pk)}


def test_a_pause_loses_nothing(told: Told) -> None:
    pause_subscription(told.actor(), subscription_id=told.subscription.pk)
    one = told.make()
    told.go()
    assert told.deliveries() == []
    resume_subscription(told.actor(), subscription_id=told.subscription.pk)
    told.go()
    assert events(told) == [("items.changed", str(one.pk))]


def test_a_receiver_that_hangs_is_cut_and_left_in_peace(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "SECONDS", 0.3)
    for _ in range(12):
        told.make()
    told.receiver.plan = lambda number: "hang"
    told.go()
    assert 5 <= len(told.receiver.calls) < 12, "after five in a row nobody tries for half a minute"
    assert told.attempts()[0].error == "timeout"
    assert told.progress.quiet_until is not None
    before = len(told.receiver.calls)
    told.work()
    assert len(told.receiver.calls) == before


def test_a_lost_reply_is_told_again_under_the_same_id(told: Told) -> None:
    told.make()
    told.receiver.plan = lambda number: "lose" if number == 1 else "take"
    told.go()
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        told.work()
    assert len(told.receiver.taken) == 2
    assert len(told.receiver.known) == 1


def test_no_redirect_is_followed(told: Told) -> None:
    told.make()
    told.receiver.plan = lambda number: "redirect"
    told.go()
    assert (len(told.receiver.calls), told.attempts()[0].error) == (1, "redirected")


def test_each_try_checks_the_address_anew(told: Told, settings: Any) -> None:
    """Made while private addresses were allowed; tried when they are not."""
    told.make()
    settings.ALLOW_PRIVATE_HOSTS = False
    told.go()
    assert told.receiver.calls == []
    assert told.attempts()[0].error in {"host_not_allowed", "tls_missing"}


def test_both_secrets_sign_for_two_days(told: Told) -> None:
    new = rotate_webhook_secret(told.actor(), subscription_id=told.subscription.pk)
    told.make()
    told.go()
    assert told.receiver.calls[-1].verified, "the receiver still has the old one"
    assert len(told.receiver.calls[-1].headers["webhook-signature"].split(" ")) == 2
    told.receiver.secrets[:] = [new]
    told.make()
    told.go()
    assert told.receiver.calls[-1].verified
    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1)):
        told.make()
        told.go()
    assert len(told.receiver.calls[-1].headers["webhook-signature"].split(" ")) == 1


def test_one_event_and_a_span_are_told_again(told: Told) -> None:
    began = timezone.now() - timedelta(minutes=1)
    one = told.make()
    told.go()
    two = told.make()
    told.go()
    first = told.deliveries()[0]
    replay_delivery(told.actor(), subscription_id=told.subscription.pk, delivery_id=first.pk)
    told.work()
    assert [pk for _event, pk in events(told)] == [str(one.pk), str(two.pk), str(one.pk)]
    assert told.receiver.calls[-1].id == told.receiver.calls[0].id
    assert replay_span(told.actor(), subscription_id=told.subscription.pk, since=began) == 2
    told.work()
    assert len(told.receiver.taken) == 5
    with pytest.raises(Invalid, match="end_before_start"):
        replay_span(told.actor(), subscription_id=told.subscription.pk, since=timezone.now() + timedelta(1))


def test_a_test_event(told: Told) -> None:
    send_test_event(told.actor(), subscription_id=told.subscription.pk)
    told.work()
    assert [(call.event["type"], call.event["data"]) for call in told.receiver.calls] == [("webhook.test", {})]
    end_subscription(told.actor(), subscription_id=told.subscription.pk)
    with pytest.raises(Conflict, match="already_ended"):
        send_test_event(told.actor(), subscription_id=told.subscription.pk)


def test_what_only_the_brand_may_read_is_told_to_nobody(told: Told) -> None:
    with durable(told.brand):
        member = _member(InfoClass.BRAND)
    told.go()
    with durable(told.brand):
        Member.objects.filter(pk=member.pk).delete()
    told.go()
    assert told.receiver.calls == []


def test_what_was_raised_since_is_gone_for_who_knew_it(told: Told) -> None:
    with durable(told.brand):
        known = _member(InfoClass.SHARED)
    told.go()
    with durable(told.brand):
        Member.objects.filter(pk=known.pk).update(info_class=InfoClass.BRAND)
    told.go()
    with durable(told.brand):
        Member.objects.filter(pk=known.pk).update(name="Z")
    told.go()
    assert events(told) == [("members.changed", str(known.pk)), ("members.gone", str(known.pk))]


def test_what_was_raised_while_it_waited_is_not_told_at_all(told: Told) -> None:
    with durable(told.brand):
        member = _member(InfoClass.SHARED)
    told.pump()
    with durable(told.brand):
        Member.objects.filter(pk=member.pk).update(info_class=InfoClass.BRAND)
    told.work()
    assert told.receiver.calls == []
    assert [one.state for one in told.deliveries()] == [DeliveryState.DROPPED]


def test_another_course_of_the_feed_is_said(told: Told) -> None:
    """As after a restore: who follows reads everything once more."""
    told.make()
    told.go()
    from django.db import connections

    with brand_scope(told.brand):
        assert Head.objects.count() == 1
    assert OWNER in connections.settings
    progress = told.progress
    with durable(told.brand):
        type(progress).objects.filter(pk=progress.pk).update(course=uuid4())
    told.go()
    assert [call.event["type"] for call in told.receiver.calls] == ["items.changed", "changes.restarted"]
    later = told.make()
    told.go()
    assert events(told)[-1] == ("items.changed", str(later.pk))


def test_an_ended_subscription_has_nothing_that_opens(told: Told) -> None:
    end_subscription(told.actor(), subscription_id=told.subscription.pk)
    with brand_scope(told.brand):
        found = Subscription.objects.get(pk=told.subscription.pk)
    assert (found.state, bytes(found.sealed)) == (S.ENDED, b"")
    told.make()
    told.go()
    assert told.receiver.calls == []


def test_a_body_is_json_of_one_shape(told: Told) -> None:
    told.make("é" * 50)
    told.go()
    assert list(json.loads(told.receiver.calls[0].body)) == ["type", "timestamp", "data"]


def _member(info_class: InfoClass) -> Member:
    return Member.objects.create(name="Zoé", info_class=info_class, owner_side="brand", created_by=uuid4())


def test_the_receiver_is_locked_before_its_event_as_by_whoever_has_it_told_again(told: Told) -> None:
    told.make()
    told.pump()
    with CaptureQueriesContext(connection) as made:
        told.work()
    locks = [one["sql"] for one in made if "FOR UPDATE" in one["sql"] and "SKIP LOCKED" not in one["sql"]]
    subscription, delivery = (
        next(at for at, sql in enumerate(locks) if f'FROM "webhooks_{table}"' in sql)
        for table in ("subscription", "delivery")
    )
    assert subscription < delivery
    (delivered,) = told.deliveries()
    assert delivered.state == DeliveryState.DELIVERED
    with CaptureQueriesContext(connection) as made:
        replay_delivery(told.actor(), subscription_id=told.subscription.pk, delivery_id=delivered.pk)
    touched = [one["sql"] for one in made if "FOR UPDATE" in one["sql"] or 'UPDATE "webhooks_delivery"' in one["sql"]]
    assert 'FROM "webhooks_subscription"' in touched[0]


def test_what_goes_first_is_read_from_an_index_however_much_waits(told: Told) -> None:
    """As the server plans with a table that it thinks small: each row is compared with one other, never with all."""
    with brand_scope(told.brand), CaptureQueriesContext(connection) as seen:
        next_moment(told.subscription.pk, 0)
        next_of_lane(told.subscription.pk, 0, timezone.now())
        asked = [query["sql"] for query in seen.captured_queries if "webhooks_delivery" in query["sql"]]
        assert len(asked) == 2
        for statement in asked:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute(f"EXPLAIN {statement}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "using delivery_first" in plan and "Join" not in plan
