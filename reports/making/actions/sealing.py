"""Another key for what is signed from now on; what was signed before stays good."""

from django.utils import timezone

from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from reports.making.steps import ensure_key
from tenants.walls.scope import durable


def change_seal_key(actor: Actor) -> str:
    """The name of the new key. Raises Refused('not_allowed' | 'step_up_required')."""
    require(actor, Verb.REPORT_RULE)
    require_step_up(actor, timezone.now())
    with durable(actor.brand):
        return ensure_key(actor, anew=True).name
