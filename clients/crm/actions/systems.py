"""Which customer systems the brand has, and what passes between: each field in, out, how strictly, and whose word counts."""

from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.crm.access import access_system
from clients.crm.models import System
from clients.crm.queries import systems
from clients.crm.rules import Policy, Same, SystemKind, checked_policy, checked_words, first_policy, policy_of
from clients.disclosure.rules import InfoClass, strictness
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable

MATCHED = ("email", "handle")


def connect_system(
    actor: Actor,
    *,
    name: str,
    kind: str = SystemKind.GENERIC,
    key_id: UUID | None = None,
    brings: str = InfoClass.BRAND,
) -> System:
    """A new system. What tells who somebody is comes in, nothing leaves, and whoever may be known already is asked about.

    Raises Refused('not_allowed'), Invalid('words_missing' | 'too_long' | 'unknown_kind' | 'unknown_class'),
    Conflict('key_taken').
    """
    require(actor, Verb.CRM_SET)
    clean = checked_words(name, "name", 80)
    _check(kind, brings)
    with durable(actor.brand):
        _require_free(key_id, None)
        system = System.objects.create(
            name=clean,
            kind=SystemKind(kind),
            key=key_id,
            brings=InfoClass(brings),
            matching={one: str(Same.ASK) for one in MATCHED},
            fields={field: rule.plain() for field, rule in first_policy().items()},
            made_by=actor.somebody,
            made_by_name=actor.name,
        )
        record(actor, "crm.connected", system, kind=str(kind), brings=str(brings), key=str(key_id or ""))
    return system


def change_system(
    actor: Actor,
    *,
    system_id: UUID,
    name: str,
    kind: str,
    key_id: UUID | None,
    brings: str,
    matching: Mapping[str, str],
) -> System:
    """Its name, the key it comes with, the class of whom it brings, and by what somebody is recognised.

    Raises Refused('not_allowed'), Missing('system'), Invalid('unknown_kind' | 'unknown_class' | 'unknown_rule'),
    Conflict('key_taken').
    """
    require(actor, Verb.CRM_SET)
    clean = checked_words(name, "name", 80)
    _check(kind, brings)
    if set(matching) != set(MATCHED) or any(one not in set(Same) for one in matching.values()):
        raise Invalid("unknown_rule", "matching")
    with durable(actor.brand):
        system = access_system(actor, system_id, lock=True)
        _require_free(key_id, system_id)
        system.name, system.kind, system.key = clean, SystemKind(kind), key_id
        system.brings, system.matching = InfoClass(brings), {one: str(Same(rule)) for one, rule in matching.items()}
        system.save()
        record(
            actor,
            "crm.changed",
            system,
            brings=str(brings),
            key=str(key_id or ""),
            matching={one: str(rule) for one, rule in matching.items()},
        )
    return system


def set_fields(actor: Actor, *, system_id: UUID, policy: Policy) -> System:
    """The brand's decision about each field, all at once: what is not named neither comes in nor goes out.

    INVARIANT: nothing more leaves without a fresh proof of who says so. Raises Refused('not_allowed' | 'step_up_required'),
    Missing('system') and what `rules.checked_policy` does.
    """
    require(actor, Verb.CRM_SET)
    clean = checked_policy(policy)
    with durable(actor.brand):
        system = access_system(actor, system_id, lock=True)
        if _widens(policy_of(system.fields), clean):
            require_step_up(actor, timezone.now())
        system.fields = {name: rule.plain() for name, rule in clean.items()}
        system.save(update_fields=("fields",))
        inward = sorted(name for name, rule in clean.items() if rule.inward)
        outward = sorted(name for name, rule in clean.items() if rule.outward)
        record(actor, "crm.fields", system, inward=inward, outward=outward)
    return system


def end_system(actor: Actor, *, system_id: UUID) -> System:
    """Nothing comes in or goes out any more; what it brought stays. Raises Refused('not_allowed'), Missing('system')."""
    require(actor, Verb.CRM_SET)
    with durable(actor.brand):
        system = access_system(actor, system_id, lock=True)
        system.ended_at = timezone.now()
        system.save(update_fields=("ended_at",))
        record(actor, "crm.ended", system)
    return system


def _widens(was: Policy, now: Policy) -> bool:
    """Whether a field leaves that did not, or was kept more strictly."""
    return any(
        rule.outward
        and (name not in was or not was[name].outward or strictness(rule.info_class) < strictness(was[name].info_class))
        for name, rule in now.items()
    )


def _check(kind: str, brings: str) -> None:
    if kind not in set(SystemKind):
        raise Invalid("unknown_kind", "kind")
    if brings not in (InfoClass.SHARED, InfoClass.BRAND):
        raise Invalid("unknown_class", "brings")


def _require_free(key_id: UUID | None, system_id: UUID | None) -> None:
    others = systems().filter(key=key_id)
    if key_id is not None and (others.exclude(pk=system_id) if system_id else others).exists():
        raise Conflict("key_taken")
