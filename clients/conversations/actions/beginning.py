"""Where conversations begin by themselves: the brand says so for one source at a time, and who holds them then."""

from uuid import UUID

from clients.audit.actions import record
from clients.conversations.models import BeginsItself
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid
from tenants.vocabulary import Side
from tenants.walls.scope import durable


def let_begin(actor: Actor, *, source_id: UUID, side: str) -> None:
    """From now on what is written to the brand alone at this source begins a conversation that `side` holds; '' ends that.

    Bulk mail never does. Raises Refused('not_allowed'), Invalid('unknown_choice', 'side').
    """
    require(actor, Verb.SOURCE_AGREE)
    if side and side not in set(Side):
        raise Invalid("unknown_choice", "side")
    with durable(actor.brand):
        known = BeginsItself.objects.select_for_update().filter(source=source_id)
        if side:
            facts = {"side": side, "by_person": actor.somebody}
            row, _ = known.update_or_create(source=source_id, defaults=facts)
            record(actor, "conversation.begins", row, source=str(source_id), side=side)
        elif (ended := known.first()) is not None:
            record(actor, "conversation.begins", ended, source=str(source_id), side="")
            ended.delete()
