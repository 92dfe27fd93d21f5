"""Ending what was disclosed: a link, and whatever else reads on by leave. What was taken away once cannot be taken back."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.access import access_disclosure
from clients.disclosure.models import DisclosureEnd, ShareLink
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.walls.scope import durable


def end_disclosure(actor: Actor, *, disclosure_id: UUID) -> DisclosureEnd:
    """End a disclosure; its link opens nothing from the next request on.

    Raises Refused('not_allowed'), Missing('disclosure'), Conflict('already_ended').
    """
    require(actor, Verb.DISCLOSURE_END)
    with durable(actor.brand):
        found = access_disclosure(actor, disclosure_id)
        try:
            with transaction.atomic():
                end = DisclosureEnd.objects.create(
                    disclosure=found, by_person=actor.somebody, side=str(actor.side or "")
                )
        except IntegrityError:
            raise Conflict("already_ended") from None
        ShareLink.objects.filter(disclosure=found, revoked_at=None).update(revoked_at=timezone.now())
        record(actor, "disclosure.ended", found, way=str(found.way))
    return end
