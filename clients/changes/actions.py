"""What is done to the feed itself: places for what is committed, and letting go of what is over.

Neither changes anything of the brand's, so neither is a line in the log.
"""

from django.utils import timezone

from clients.audit.actions import ActingIn
from clients.changes.rules import GONE_KEPT, SUPERSEDED_KEPT
from clients.changes.steps import compact, settle
from tenants.errors import Refused
from tenants.walls.scope import BrandRef, durable


def settle_changes(brand: BrandRef) -> int:
    """In a transaction of its own. How many places were given; -1 where somebody else is at it."""
    with durable(brand):
        return settle()


def forget_changes(actor: ActingIn) -> int:
    """Of each object the last change stays; what is no more is told for three months. For a worker.

    Raises Refused('not_allowed').
    """
    if actor.side is not None:
        raise Refused("not_allowed")
    now = timezone.now()
    with durable(actor.brand):
        settle()
        return compact(now - SUPERSEDED_KEPT, now - GONE_KEPT)
