"""Publishing a version of the briefing, and saying that one has read it."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.briefings.access import access_briefing
from clients.briefings.models import Acknowledgement, BriefingVersion
from clients.briefings.office import clean_office
from clients.briefings.queries import number_in_force
from clients.briefings.rules import briefing_digest, clean_sections
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.walls.scope import durable

LONGEST_NOTE = 300


def publish_briefing(
    *, actor: Actor, after: int, sections: Mapping[str, Any], calendar: Mapping[str, Any], note: str = ""
) -> BriefingVersion:
    """Put the next version in force at once; everybody must acknowledge it anew.

    `after` is the number its writer started from (0 for the first). Its working hours say how long a veto window is, so who
    writes it proves who they are, as for a charter. Raises Refused('not_allowed' | 'step_up_required'), Invalid as
    `clean_sections` and `clean_office` do, Conflict('stale_version') when somebody published in between.
    """
    require(actor, Verb.BRIEFING_WRITE)
    require_step_up(actor, timezone.now())
    clean, office = clean_sections(sections), clean_office(calendar)
    with durable(actor.brand):
        if number_in_force() != after:
            raise Conflict("stale_version", field="after", in_force=number_in_force())
        version = _write(actor, after + 1, clean, office, note.strip()[:LONGEST_NOTE])
        record(actor, "briefing_published", version, number=version.number, digest=version.digest)
    return version


def acknowledge_briefing(*, actor: Actor, number: int) -> Acknowledgement:
    """Say that one has read version `number`; saying it again changes nothing.

    Raises Refused('not_allowed'), Missing('briefing'), Conflict('stale_version') when a newer version is in force.
    """
    require(actor, Verb.BRIEFING_ACKNOWLEDGE)
    assert actor.person_id is not None  # a role that may read is a person's
    with durable(actor.brand):
        version = access_briefing(actor, number)
        if number != number_in_force():
            raise Conflict("stale_version", field="number", in_force=number_in_force())
        read, is_new = Acknowledgement.objects.get_or_create(
            version=version,
            person_id=actor.person_id,
            defaults={"person_name": actor.name, "side": str(actor.side)},
        )
        if is_new:
            record(actor, "briefing_acknowledged", version, number=number)
    return read


def _write(actor: Actor, number: int, sections: dict[str, Any], office: dict[str, Any], note: str) -> BriefingVersion:
    assert actor.person_id is not None  # a role that may write is a person's
    try:
        with transaction.atomic():
            return BriefingVersion.objects.create(
                number=number,
                sections=sections,
                calendar=office,
                digest=briefing_digest(number, sections, office),
                note=note,
                written_by=actor.person_id,
                written_by_name=actor.name,
            )
    except IntegrityError as clash:
        raise Conflict("stale_version", field="after", in_force=number) from clash
