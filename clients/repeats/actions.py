"""Letting go of answers that are over."""

from django.utils import timezone

from clients.people.access import require_process
from clients.people.actor import Actor
from clients.repeats.models import Repeat
from clients.repeats.steps import KEPT
from tenants.walls.scope import durable


def forget_repeats(actor: Actor) -> int:
    """Delete what was answered longer than a day ago. For a worker; writes no line. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        gone, _ = Repeat.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return gone
