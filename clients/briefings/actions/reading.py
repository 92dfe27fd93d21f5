"""Saying that one has read the version in force: until then one's acts need the brand's yes."""

from clients.audit.actions import record
from clients.briefings.access import access_briefing
from clients.briefings.models import Acknowledgement
from clients.briefings.queries import number_in_force
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.walls.scope import durable


def acknowledge_briefing(*, actor: Actor, number: int) -> Acknowledgement:
    """Say that one has read version `number`; saying it again changes nothing.

    Raises Refused('not_allowed'), Missing('briefing'), Conflict('stale_version') when a newer version is in force.
    """
    require(actor, Verb.BRIEFING_ACKNOWLEDGE)
    with durable(actor.brand):
        version = access_briefing(actor, number)
        if number != number_in_force():
            raise Conflict("stale_version", field="number", in_force=number_in_force())
        read, is_new = Acknowledgement.objects.get_or_create(
            version=version,
            person_id=actor.somebody,
            defaults={"person_name": actor.name, "side": str(actor.side)},
        )
        if is_new:
            record(actor, "briefing_acknowledged", version, number=number)
    return read
