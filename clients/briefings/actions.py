"""Publishing a version of the briefing, and saying that one has read it."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.briefings.access import access_briefing, access_section
from clients.briefings.models import Acknowledgement, BriefingSection, BriefingVersion
from clients.briefings.office import clean_office
from clients.briefings.queries import number_in_force
from clients.briefings.rules import briefing_digest, clean_sections
from clients.disclosure.rules import InfoClass, default_class, widens
from clients.disclosure.steps import people_named, reclassify, require_change, tell_change
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.walls.scope import durable

LONGEST_NOTE = 300


def publish_briefing(
    *,
    actor: Actor,
    after: int,
    sections: Mapping[str, Any],
    calendar: Mapping[str, Any],
    note: str = "",
    classes: Mapping[str, InfoClass] | None = None,
) -> BriefingVersion:
    """Put the next version in force at once; everybody must acknowledge it anew.

    `after` is the number its writer started from (0 for the first). Its working hours say how long a veto window is, so who
    writes it proves who they are, as for a charter. `classes` says who may read each section; where it is silent a section
    keeps the class it had, and a new one is the brand's own. Letting more people read what stood there already is for the
    owner, and `note` is the reason. Raises Refused('not_allowed' | 'step_up_required'), Invalid as `clean_sections` and
    `clean_office` do, Invalid('reason_missing'), Conflict('stale_version') when somebody published in between.
    """
    require(actor, Verb.BRIEFING_WRITE)
    require_step_up(actor, timezone.now())
    clean, office = clean_sections(sections), clean_office(calendar)
    with durable(actor.brand):
        if number_in_force() != after:
            raise Conflict("stale_version", field="after", in_force=number_in_force())
        marks, opened = _marks(actor, clean, classes or {}, note)
        version = _write(actor, after + 1, clean, office, note.strip()[:LONGEST_NOTE])
        for mark in marks:
            mark.version = version
        BriefingSection.objects.bulk_create(marks)
        for mark, was in opened:
            tell_change(actor, mark, was=was, lowers=True, reason=note)
        told = {mark.section: str(mark.info_class) for mark in marks}
        record(actor, "briefing_published", version, number=version.number, digest=version.digest, classes=told)
    return version


def classify_section(
    actor: Actor, *, section_id: UUID, info_class: InfoClass, named: Collection[UUID] = (), reason: str = ""
) -> BriefingSection:
    """Change who may read one section of one version.

    Raises Missing('section' | 'person'), Refused('not_allowed' | 'wrong_side'), Invalid('reason_missing', 'reason').
    """
    with durable(actor.brand):
        mark = access_section(actor, section_id, lock=True)
        reclassify(actor, mark, to=info_class, named=people_named(named), reason=reason)
    return mark


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


def _marks(
    actor: Actor, sections: Mapping[str, Any], classes: Mapping[str, InfoClass], reason: str
) -> tuple[list[BriefingSection], list[tuple[BriefingSection, str]]]:
    """Who may read each written section of the next version; and those that are opened to more people, with what they were.

    Refused where that is not this person's to open.
    """
    newest = BriefingVersion.objects.order_by("-number").values("pk")[:1]
    former = {mark.section: mark for mark in BriefingSection.objects.filter(version=newest)}
    made, opened = [], []
    for section in (name for name, value in sections.items() if value):
        before = former.get(section)
        own = InfoClass(before.info_class) if before else default_class(actor.side)
        now = InfoClass(classes.get(section, own))
        names = before.named if before and now is InfoClass.NAMED else []
        mark = BriefingSection(section=section, info_class=now, named=names, owner_side=str(actor.side))
        if before and widens(before.info_class, before.named, now, names):
            require_change(actor, before.owner_side, lowers=True, reason=reason)
            opened.append((mark, str(before.info_class)))
        made.append(mark)
    return made, opened


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
