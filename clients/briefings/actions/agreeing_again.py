"""Agreeing again to the version in force after an erasure took words out of it.

An erasure does not do that by itself: it may empty the line of a forbidden topic, or half of an approved answer, and only the
brand can say that what is left is what it means. Nobody has to read the version anew: nothing was added to it.
"""

from django.utils import timezone

from clients.audit.actions import record
from clients.briefings.access import access_briefing
from clients.briefings.models import Reagreement
from clients.briefings.queries import changed_untold, number_in_force
from clients.briefings.seal import REAGREEMENTS
from clients.briefings.soundness import digest_now, is_sound
from clients.briefings.steps import write_alone
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Refused
from tenants.walls.scope import durable


def agree_again(*, actor: Actor, number: int, seen_digest: str) -> Reagreement:
    """Say that version `number`, as it was read, is what the brand means. As for publishing, the brand proves who it is.

    Raises Refused('not_allowed' | 'step_up_required'), Missing('briefing'), Conflict('stale_version') when a newer version is in
    force or this one says something else than was read, Conflict('nothing_changes') when nothing is to be agreed to,
    Refused('briefing_forged') when something else than an erasure changed it: then it is written anew.
    """
    require(actor, Verb.BRIEFING_WRITE)
    require_step_up(actor, timezone.now())
    with durable(actor.brand):
        write_alone(actor.brand)
        version = access_briefing(actor, number)
        now = digest_now(version)
        if number != number_in_force() or now != seen_digest:
            raise Conflict("stale_version", field="number", in_force=number_in_force())
        if is_sound(version):
            raise Conflict("nothing_changes")
        if now == version.digest or changed_untold(version):
            raise Refused("briefing_forged")
        word = Reagreement(version=version, digest=now, person_id=actor.somebody, person_name=actor.name)
        word.seal = REAGREEMENTS.seal_of(word)
        word.save(force_insert=True)
        record(actor, "briefing_agreed_again", version, number=number, digest=now)
    return word
