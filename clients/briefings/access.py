"""The door to one version of the briefing."""

from clients.briefings.models import BriefingVersion
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing


def access_briefing(actor: Actor, number: int) -> BriefingVersion:
    """One version by its number. Raises Missing('briefing')."""
    require(actor, Verb.BRIEFING_READ)
    version = BriefingVersion.objects.filter(number=number).first()
    if version is None:
        raise Missing("briefing")
    return version
