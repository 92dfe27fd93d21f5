"""Having one's changes told to a receiver: made by the brand, which proves who it is; changed, paused and ended by it."""

from collections.abc import Collection
from urllib.parse import urlsplit
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.changes.queries import head
from clients.changes.registry import resources as all_resources
from clients.changes.steps import settle
from clients.channels.website import check_endpoint
from clients.disclosure.queries import policy_in_force
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.webhooks.access import live_subscription
from clients.webhooks.models import Progress, Subscription
from clients.webhooks.queries import live_subscriptions
from clients.webhooks.rules import (
    LONGEST_NAME,
    MOST_SUBSCRIPTIONS,
    OLD_SECRET_LASTS,
    PausedWhy,
    SubscriptionState,
)
from clients.webhooks.sealing import new_secret, seal, unseal
from clients.webhooks.steps import pause, wake
from tenants.errors import Conflict, Invalid
from tenants.ids import uuid7
from tenants.walls.scope import durable

LONGEST_ADDRESS = 1_000


def subscribe(
    actor: Actor, *, name: str, endpoint: str, resources: Collection[str], policy_id: UUID | None = None
) -> tuple[Subscription, str]:
    """A receiver and the secret it checks our signatures with, which is told this once. It is told what changes from now on.

    Raises Refused('not_allowed' | 'step_up_required'), Invalid('name_empty' | 'not_a_site' | 'https_required' | 'too_long' |
    'nothing_chosen' | 'unknown_choice' | 'unknown_policy'), Conflict('too_many_webhooks').
    """
    require(actor, Verb.WEBHOOK_SET)
    require_step_up(actor, timezone.now())
    clean, address = _name(name), _address(endpoint)
    wanted, secret = _resources(resources), new_secret()
    with durable(actor.brand):
        if live_subscriptions().count() >= MOST_SUBSCRIPTIONS:
            raise Conflict("too_many_webhooks", most=MOST_SUBSCRIPTIONS)
        _check_policy(policy_id)
        made = Subscription(
            pk=uuid7(),
            name=clean,
            host=urlsplit(address).hostname or "",
            resources=wanted,
            policy_id=policy_id,
            made_by=actor.somebody,
            made_by_name=actor.name,
        )
        made.sealed = seal({"endpoint": address, "secret": secret}, brand_id=actor.brand.id, subscription_id=made.pk)
        made.save(force_insert=True)
        settle()
        now = head()
        Progress.objects.create(subscription=made, course=now.course, position=now.position)
        record(actor, "webhook.made", made, resources=wanted, policy=str(policy_id or ""))
        wake(made)
    return made, secret


def change_subscription(
    actor: Actor, *, subscription_id: UUID, name: str, resources: Collection[str], policy_id: UUID | None
) -> Subscription:
    """What it is called and told. Another address is another subscription. Raises as `subscribe`, Missing('webhook')."""
    require(actor, Verb.WEBHOOK_SET)
    require_step_up(actor, timezone.now())
    clean, wanted = _name(name), _resources(resources)
    with durable(actor.brand):
        found = live_subscription(actor, subscription_id)
        if policy_id != found.policy_id:
            _check_policy(policy_id)
        found.name, found.resources, found.policy_id = clean, wanted, policy_id
        found.save(update_fields=("name", "resources", "policy_id"))
        record(actor, "webhook.changed", found, resources=wanted, policy=str(policy_id or ""))
    return found


def rotate_webhook_secret(actor: Actor, *, subscription_id: UUID) -> str:
    """The new secret, told this once. For two days both sign, so that the receiver changes over when it likes.

    Raises Refused('not_allowed' | 'step_up_required'), Missing('webhook'), Conflict('already_ended' | 'secret_unreadable').
    """
    require(actor, Verb.WEBHOOK_SET)
    require_step_up(actor, timezone.now())
    secret = new_secret()
    with durable(actor.brand):
        found = live_subscription(actor, subscription_id)
        kept = unseal(found.sealed, brand_id=actor.brand.id, subscription_id=found.pk)
        values = {"endpoint": kept.reveal("endpoint"), "secret": secret, "secret_old": kept.reveal("secret")}
        found.sealed = seal(values, brand_id=actor.brand.id, subscription_id=found.pk)
        found.old_secret_until = timezone.now() + OLD_SECRET_LASTS
        found.save(update_fields=("sealed", "old_secret_until"))
        record(actor, "webhook.rotated", found)
    return secret


def pause_subscription(actor: Actor, *, subscription_id: UUID) -> Subscription:
    """Raises Refused('not_allowed'), Missing('webhook'), Conflict('already_ended' | 'webhook_not_active')."""
    require(actor, Verb.WEBHOOK_USE)
    with durable(actor.brand):
        found = live_subscription(actor, subscription_id)
        if found.state != SubscriptionState.ACTIVE:
            raise Conflict("webhook_not_active")
        pause(actor, found, PausedWhy.BY_HAND)
    return found


def resume_subscription(actor: Actor, *, subscription_id: UUID) -> Subscription:
    """It goes on where it stopped. Raises as `pause_subscription`, Conflict('webhook_not_paused')."""
    require(actor, Verb.WEBHOOK_USE)
    with durable(actor.brand):
        found = live_subscription(actor, subscription_id)
        if found.state != SubscriptionState.PAUSED:
            raise Conflict("webhook_not_paused")
        found.state, found.paused_why, found.state_since = SubscriptionState.ACTIVE, "", timezone.now()
        found.save(update_fields=("state", "paused_why", "state_since"))
        Progress.objects.filter(subscription=found).update(fails=0, failing_since=None, quiet_until=None)
        record(actor, "webhook.resumed", found)
        wake(found)
    return found


def end_subscription(actor: Actor, *, subscription_id: UUID) -> Subscription:
    """For good: its address and secrets are erased; what it was told stays listed. Raises as `pause_subscription`."""
    require(actor, Verb.WEBHOOK_USE)
    with durable(actor.brand):
        found = live_subscription(actor, subscription_id)
        found.state, found.paused_why, found.sealed = SubscriptionState.ENDED, "", b""
        found.state_since = timezone.now()
        found.save(update_fields=("state", "paused_why", "sealed", "state_since"))
        record(actor, "webhook.ended", found)
    return found


def _name(name: str) -> str:
    if not name.strip() or "\0" in name:
        raise Invalid("name_empty", "name")
    return name.strip()[:LONGEST_NAME]


def _address(endpoint: str) -> str:
    """Where its name leads is looked at again at each delivery (`clients.channels.egress`)."""
    address = endpoint.strip()
    if len(address) > LONGEST_ADDRESS:
        raise Invalid("too_long", "endpoint", most=LONGEST_ADDRESS)
    check_endpoint(address, "endpoint")
    return address


def _resources(chosen: Collection[str]) -> list[str]:
    if not chosen:
        raise Invalid("nothing_chosen", "resources")
    if not set(chosen) <= set(all_resources()):
        raise Invalid("unknown_choice", "resources")
    return [one for one in all_resources() if one in set(chosen)]


def _check_policy(policy_id: UUID | None) -> None:
    if policy_id is None:
        return
    found = policy_in_force(policy_id, timezone.now())
    if found is None or found.system != "webhook":
        raise Invalid("unknown_policy", "policy")
