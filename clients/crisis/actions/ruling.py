"""The brand's rule: which alerts put a crisis in force without a person's word, and how long each contact has."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.crisis.models import CrisisPolicy
from clients.crisis.queries import policy_in_force
from clients.crisis.rules import AlertKind, Terms
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.walls.scope import durable


def set_crisis_rule(actor: Actor, *, after: int, by_itself: Collection[AlertKind], call_minutes: int) -> CrisisPolicy:
    """Sign the next rule; `after` is the number its writer started from (0 for the first). The brand proves who it is.

    Raises Refused('not_allowed' | 'step_up_required'), Invalid as `Terms.clean` does, Conflict('stale_version').
    """
    require(actor, Verb.CRISIS_RULE)
    require_step_up(actor, timezone.now())
    terms = Terms(tuple(by_itself), call_minutes).clean()
    with durable(actor.brand):
        former = policy_in_force()
        if (former.number if former else 0) != after:
            raise Conflict("stale_version", field="after")
        rule = CrisisPolicy(
            number=after + 1,
            by_itself=[str(kind) for kind in terms.by_itself],
            call_minutes=terms.call_minutes,
            signed_by=actor.somebody,
            signed_by_name=actor.name,
        )
        try:
            with transaction.atomic():
                rule.save(force_insert=True)
        except IntegrityError:
            raise Conflict("stale_version", field="after") from None
        record(actor, "crisis.rule_set", rule, number=rule.number, by_itself=rule.by_itself, minutes=rule.call_minutes)
    return rule
