"""What other systems may read: allowed by the brand's owner for a purpose and a time, ended at once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.access import access_policy
from clients.disclosure.models import IntegrationPolicy
from clients.disclosure.rules import FIELDS, SYSTEMS, InfoClass, strictness
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable


def allow_integration(
    actor: Actor,
    *,
    name: str,
    system: str,
    purpose: str,
    fields: Mapping[str, Collection[str]],
    most_class: InfoClass,
    until: datetime,
) -> IntegrationPolicy:
    """Let one other system read the named fields, up to a class and a moment. The owner proves who they are.

    Raises Refused('not_allowed' | 'step_up_required'), Invalid('name_empty' | 'unknown_system' | 'purpose_missing' |
    'fields_missing' | 'unknown_field' | 'unknown_class' | 'end_before_start').
    """
    require(actor, Verb.INTEGRATION_ALLOW)
    require_step_up(actor, timezone.now())
    clean = _clean(name, system, purpose, fields, most_class, until)
    with durable(actor.brand):
        policy = IntegrationPolicy.objects.create(
            name=name.strip()[:80],
            system=system,
            purpose=purpose.strip()[:300],
            fields=clean,
            most_class=most_class,
            until=until,
            made_by=actor.somebody,
            made_by_name=actor.name,
        )
        facts: dict[str, Any] = {
            "system": system,
            "fields": clean,
            "most_class": str(most_class),
            "until": until.isoformat(),
        }
        record(actor, "integration.allowed", policy, **facts)
    return policy


def end_integration(actor: Actor, *, policy_id: UUID) -> IntegrationPolicy:
    """From the next request on it reads nothing.

    Raises Refused('not_allowed'), Missing('integration'), Conflict('already_ended').
    """
    require(actor, Verb.DISCLOSURE_END)
    with durable(actor.brand):
        policy = access_policy(actor, policy_id, lock=True)
        if policy.ended_at is not None:
            raise Conflict("already_ended")
        policy.ended_at = timezone.now()
        policy.save(update_fields=("ended_at",))
        record(actor, "integration.ended", policy)
    return policy


def _clean(
    name: str,
    system: str,
    purpose: str,
    fields: Mapping[str, Collection[str]],
    most_class: InfoClass,
    until: datetime,
) -> dict[str, list[str]]:
    if not name.strip():
        raise Invalid("name_empty", "name")
    if system not in SYSTEMS:
        raise Invalid("unknown_system", "system")
    if not purpose.strip():
        raise Invalid("purpose_missing", "purpose")
    clean = {kind: sorted(set(names)) for kind, names in sorted(fields.items()) if names}
    if not clean:
        raise Invalid("fields_missing", "fields")
    if any(kind not in FIELDS or set(names) - set(FIELDS[kind]) for kind, names in clean.items()):
        raise Invalid("unknown_field", "fields")
    if strictness(most_class) > strictness(InfoClass.NAMED):
        raise Invalid("unknown_class", "class")
    if until <= timezone.now():
        raise Invalid("end_before_start", "until")
    return clean
