"""Copies: this tells the same story as another, or it does not after all."""

from uuid import UUID

from clients.mentions.access import lock_mentions
from clients.mentions.steps import fold
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.triage.models import Ruling
from clients.triage.rules import Step
from clients.triage.steps import merge, require_no_collision, rule
from tenants.errors import Conflict
from tenants.walls.scope import durable


def merge_mention(actor: Actor, *, mention_id: UUID, into_id: UUID, seen_holder: str = "") -> Ruling:
    """Make it a copy of another.

    Raises Refused('not_allowed'), Missing('mention'), Conflict('merge_with_itself' | 'merge_with_copy' |
    'mention_not_in_this_state' | 'held_by_another').
    """
    require(actor, Verb.MENTION_TRIAGE)
    with durable(actor.brand):
        rows = {row.pk: row for row in lock_mentions(actor, {mention_id, into_id})}
        require_no_collision(actor, rows[mention_id], seen_holder)
        return merge(actor, rows[mention_id], rows[into_id])


def split_mention(actor: Actor, *, mention_id: UUID) -> Ruling:
    """It stands on its own again and is open. Raises Conflict('not_a_copy'), Missing('mention')."""
    require(actor, Verb.MENTION_TRIAGE)
    with durable(actor.brand):
        (mention,) = lock_mentions(actor, [mention_id])
        into = mention.copy_of
        if into is None:
            raise Conflict("not_a_copy")
        fold(mention, None)
        return rule(actor, mention, Step.SPLIT, into=into)
