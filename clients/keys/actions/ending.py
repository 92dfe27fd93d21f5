"""A key is revoked, or one consent taken back: it bites on the next request."""

from uuid import UUID

from clients.keys.access import access_family, access_key
from clients.keys.models import Family, Key
from clients.keys.rules import Ended
from clients.keys.steps import end_family, end_key
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.walls.scope import durable


def revoke_key(actor: Actor, *, key_id: UUID) -> Key:
    """From the next request on it opens nothing. No proof is asked: closing must be quick.

    Raises Refused('not_allowed'), Missing('key'), Conflict('key_revoked').
    """
    require(actor, Verb.KEY_REVOKE)
    with durable(actor.brand):
        key = access_key(actor, key_id, lock=True)
        if key.revoked_at is not None:
            raise Conflict("key_revoked")
        end_key(actor, key, Ended.BRAND)
    return key


def end_consent(actor: Actor, *, family_id: UUID) -> Family:
    """One's own consent, or anybody's for whoever may revoke keys. Raises Refused('not_allowed'), Missing('family'),
    Conflict('already_ended')."""
    with durable(actor.brand):
        family = access_family(actor, family_id)
        if not end_family(actor, family, Ended.BRAND):
            raise Conflict("already_ended")
    return family
