"""Several mentions in one press, and all of them back in one press."""

from collections.abc import Collection
from uuid import UUID

from django.utils import timezone

from clients.mentions.access import lock_mentions
from clients.mentions.models import Mention
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.triage.models import Ruling
from clients.triage.queries import last_of, last_step
from clients.triage.rules import MOST_TOGETHER, Step, after, checked_reason, may_undo, place_of
from clients.triage.steps import merge, rule, take_back
from tenants.errors import Conflict, Invalid, Missing
from tenants.ids import uuid7
from tenants.walls.scope import durable

TOGETHER = frozenset({Step.NO_REPLY, Step.WRONG, Step.MERGE})


def rule_together(
    actor: Actor, *, mention_ids: Collection[UUID], step: str, reason: str = "", words: str = ""
) -> list[Ruling]:
    """The same word on several. What somebody else has settled meanwhile is left as it is; the rulings that were made.

    Raises Invalid('nothing_chosen' | 'too_many_chosen' | 'unknown_step'), Missing('mention'), Refused('not_allowed') and what
    `rules.checked_reason` does.
    """
    require(actor, Verb.MENTION_TRIAGE)
    if step not in TOGETHER:
        raise Invalid("unknown_step", "step")
    if not mention_ids:
        raise Invalid("nothing_chosen", "mention")
    if len(set(mention_ids)) > MOST_TOGETHER:
        raise Invalid("too_many_chosen", "mention", most=MOST_TOGETHER)
    more = dict(zip(("reason", "words"), checked_reason(reason, words), strict=True)) if step == Step.NO_REPLY else {}
    with durable(actor.brand):
        together = uuid7()
        rows = [m for m in lock_mentions(actor, mention_ids) if after(place_of(m.state, m.outcome), Step(step))]
        if not rows:
            raise Conflict("mention_not_in_this_state")
        if step == Step.MERGE:
            return _merge(actor, rows, together)
        return [rule(actor, mention, Step(step), together=together, **more) for mention in rows]


def undo_together(actor: Actor, *, together: UUID) -> list[Ruling]:
    """All of one press back, but for what was taken up since. Raises Missing('mention'), Conflict('too_late_to_undo')."""
    require(actor, Verb.MENTION_TRIAGE)
    with durable(actor.brand):
        ids = list(Ruling.objects.filter(together=together).values_list("mention_id", flat=True))
        if not ids:
            raise Missing("mention")
        rows = [m for m in lock_mentions(actor, ids) if _may(actor, last_of(m), together)]
        if not rows:
            raise Conflict("too_late_to_undo")
        return [take_back(actor, mention) for mention in rows]


def _merge(actor: Actor, rows: list[Mention], together: UUID) -> list[Ruling]:
    """All of them into the one that was there first."""
    first, *others = sorted(rows, key=lambda mention: (mention.found_at, mention.pk))
    if not others:
        raise Invalid("nothing_chosen", "mention")
    return [merge(actor, mention, first, together=together) for mention in others]


def _may(actor: Actor, last: Ruling | None, together: UUID) -> bool:
    return last is not None and last.together == together and may_undo(last_step(last), actor.person_id, timezone.now())
