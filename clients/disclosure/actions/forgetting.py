"""Letting go of counts whose time is over: what came of them stands in the log."""

from datetime import timedelta

from django.utils import timezone

from clients.disclosure.models import Tally
from clients.people.access import require_process
from clients.people.actor import Actor
from tenants.walls.scope import durable

KEPT = timedelta(days=1)


def forget_tallies(actor: Actor) -> int:
    """Delete what was counted before yesterday. For a worker; no line, for nothing is lost. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        gone, _ = Tally.objects.filter(since__lt=timezone.now() - KEPT).delete()
    return gone
