"""Putting the next version in force, and words on a proposal. Inside the caller's transaction, which has called `write_alone`."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.briefings.models import Agreement, BriefingProposal, BriefingSection, BriefingVersion
from clients.briefings.queries import changed_since, highest_of
from clients.briefings.rules import SHAPES, Section, briefing_digest, normal, numbered, written
from clients.briefings.seal import AGREEMENTS, VERSIONS
from clients.briefings.sides import Said
from clients.disclosure.rules import InfoClass, default_class, widens
from clients.disclosure.steps import require_change, tell_change
from clients.outbox.brake import count_alone
from clients.people.actor import Actor
from tenants.errors import Conflict, Missing
from tenants.vocabulary import Side
from tenants.walls.scope import BrandRef

LONGEST_NOTE = 300


def write_alone(brand: BrandRef) -> None:
    """One writer of the briefing at a time: what is fresh when it is looked at is fresh when it is in force."""
    count_alone(brand, "briefing")


def put_in_force(
    actor: Actor,
    former: BriefingVersion | None,
    sections: Mapping[str, Any],
    office: Mapping[str, Any],
    *,
    note: str = "",
    classes: Mapping[str, InfoClass] | None = None,
    proposal: BriefingProposal | None = None,
) -> BriefingVersion:
    """The version after `former`; everybody must acknowledge it anew.

    Where `classes` is silent a section keeps the class it had, and a new one has that of its writer's side. Letting more people
    read what stood there already needs the right to lower, and a reason. Conflict('stale_version') when somebody was faster.
    """
    side = Side(proposal.side) if proposal else actor.side
    marks, opened = _marks(actor, former, sections, classes or {}, note, side)
    version = _write(actor, former, with_numbers(former, sections), dict(office), note, proposal)
    for mark in marks:
        mark.version = version
    BriefingSection.objects.bulk_create(marks)
    for mark, was in opened:
        tell_change(actor, mark, was=was, lowers=True, reason=note)
    told = {mark.section: str(mark.info_class) for mark in marks}
    record(actor, "briefing_published", version, number=version.number, digest=version.digest, classes=told)
    return version


def with_numbers(former: BriefingVersion | None, sections: Mapping[str, Any]) -> dict[str, Any]:
    """Sections whose lines all have their numbers, which no version ever gave to anything else."""
    done = dict(sections)
    before = former.sections if former else {}
    for section in (s for s, shape in SHAPES.items() if shape.key and done.get(s)):
        done[section] = numbered(section, done[section], normal(section, before.get(section)), highest_of(section))
    return done


def _marks(
    actor: Actor,
    former: BriefingVersion | None,
    sections: Mapping[str, Any],
    classes: Mapping[str, InfoClass],
    reason: str,
    side: Side | None,
) -> tuple[list[BriefingSection], list[tuple[BriefingSection, str]]]:
    """Who may read each written section of the next version; and those that are opened to more people, with what they were.

    Refused where that is not this person's to open.
    """
    known = {mark.section: mark for mark in BriefingSection.objects.filter(version=former)} if former else {}
    made, opened = [], []
    for section in (name for name, value in sections.items() if value):
        before = known.get(section)
        own = InfoClass(before.info_class) if before else default_class(side)
        now = InfoClass(classes.get(section, own))
        names = before.named if before and now is InfoClass.NAMED else []
        mark = BriefingSection(
            section=section, info_class=now, named=names, owner_side=before.owner_side if before else str(side)
        )
        if before and widens(before.info_class, before.named, now, names):
            require_change(actor, before.owner_side, lowers=True, reason=reason)
            opened.append((mark, str(before.info_class)))
        made.append(mark)
    return made, opened


def _write(
    actor: Actor,
    former: BriefingVersion | None,
    sections: dict[str, Any],
    office: dict[str, Any],
    note: str,
    proposal: BriefingProposal | None,
) -> BriefingVersion:
    number = former.number + 1 if former else 1
    moment: datetime = timezone.now()
    version = BriefingVersion(
        number=number,
        sections=sections,
        calendar=office,
        digest=briefing_digest(number, sections, office),
        note=note.strip()[:LONGEST_NOTE],
        written_by=proposal.proposed_by if proposal else actor.somebody,
        written_by_name=proposal.proposed_by_name if proposal else actor.name,
        proposal=proposal,
        agreed_by_brand_at=moment,
        created_at=moment,
    )
    version.seal = VERSIONS.seal_of(version)
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as clash:
        raise Conflict("stale_version", field="after", in_force=number) from clash
    return version


def sections_after(former: BriefingVersion | None, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The sections of a version, with some of them replaced; all in today's shapes."""
    before = former.sections if former else {}
    kept = {str(s): written(s, before) or ([] if SHAPES[s].lines else "") for s in Section}
    return kept | dict(changes)


def version_numbered(actor: Actor, number: int) -> BriefingVersion | None:
    """The version that somebody started from; None before the first. Missing('briefing')."""
    if not number:
        return None
    version = BriefingVersion.objects.filter(number=number).first()
    if version is None:
        raise Missing("briefing")
    return version


def require_fresh(base: int, former: BriefingVersion | None, sections: Collection[Section]) -> None:
    """Conflict('stale_version', sections=...) when one of these sections has other words now than in version `base`."""
    now = former.number if former else 0
    moved = changed_since(base, former, sections)
    if moved or base > now:
        raise Conflict("stale_version", field="after", in_force=now, sections=[str(section) for section in moved])


def say(actor: Actor, proposal: BriefingProposal, said: Said, reason: str = "") -> Agreement:
    """Write down one word. Conflict('already_said') when this side said it, or somebody else ended it."""
    word = Agreement(
        proposal=proposal,
        said=said,
        digest=proposal.digest,
        side=str(actor.side),
        person_id=actor.somebody,
        person_name=actor.name,
        role=str(actor.role),
        reason=reason.strip()[:LONGEST_NOTE],
    )
    word.seal = AGREEMENTS.seal_of(word)
    try:
        with transaction.atomic():
            word.save(force_insert=True)
    except IntegrityError as clash:
        raise Conflict("already_said") from clash
    return word


def agreed_by(proposal: BriefingProposal) -> set[Side]:
    """The sides that said yes to exactly this. INVARIANT: read from the rows and their seals, never from the caller."""
    words = AGREEMENTS.genuine(proposal.words.filter(said=Said.AGREE, digest=proposal.digest))
    return {Side(word.side) for word in words}
