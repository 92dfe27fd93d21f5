"""Writing the briefing as either side: what one side decides is in force at once, what both share waits for the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from clients.audit.actions import record
from clients.briefings.entries import check_watched
from clients.briefings.models import BriefingProposal, BriefingVersion
from clients.briefings.office import DEFAULT, clean_office
from clients.briefings.queries import briefing_in_force, classes_of, has_agency
from clients.briefings.rules import Section, briefing_digest, changed_sections, clean_some, written
from clients.briefings.sides import Said, shared
from clients.briefings.steps import (
    LONGEST_NOTE,
    put_in_force,
    require_fresh,
    say,
    sections_after,
    version_numbered,
    write_alone,
)
from clients.disclosure.rules import InfoClass
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from tenants.errors import Conflict, Invalid, Refused
from tenants.walls.scope import durable


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a writing: a version in force, a proposal that waits, or both."""

    version: BriefingVersion | None
    proposal: BriefingProposal | None


def propose_briefing(
    *,
    actor: Actor,
    base: int,
    changes: Mapping[str, Any],
    calendar: Mapping[str, Any] | None = None,
    note: str = "",
    classes: Mapping[str, InfoClass] | None = None,
) -> Written:
    """Give sections of version `base` other words. Sections that are not given, or not changed, stay.

    A head of the brand puts in force at once what the brand decides alone (`clients.briefings.sides`), working hours and classes
    among it; everything else is a proposal and changes nothing. Raises Refused('not_allowed' | 'step_up_required' |
    'wrong_side'), Invalid as `clean_some` and `clean_office` do, Conflict('nothing_changes'), Conflict('stale_version')
    when one of these sections was changed since `base`.
    """
    require(actor, Verb.BRIEFING_PROPOSE)
    decides = may(actor.role, Verb.BRIEFING_WRITE)
    if decides:
        require_step_up(actor, timezone.now())
    elif calendar is not None or classes:
        raise Refused("wrong_side")
    clean = clean_some(changes)
    check_watched(clean)
    office = None if calendar is None else clean_office(calendar)
    with durable(actor.brand):
        write_alone(actor.brand)
        former = briefing_in_force()
        changed = _changed(actor, base, clean)
        require_fresh(base, former, changed)
        known = classes_of(former)
        # What the brand takes to itself in the same writing is its own already.
        then = known | {name: str(to) for name, to in (classes or {}).items() if name in known}
        both = set(shared(changed, known)) & set(shared(changed, then)) if has_agency() else set()
        waits = [section for section in changed if section in both] if decides else changed
        alone = {str(s): clean[s] for s in changed if s not in waits}
        opens = {name: to for name, to in (classes or {}).items() if known.get(name, to) != to}
        moves = office is not None and office != clean_office(former.calendar if former else DEFAULT)
        if not changed and not opens and not moves:
            raise Conflict("nothing_changes")
        version = None
        if alone or opens or moves:
            version = _decided(actor, former, alone, office, note, classes)
        return Written(version, _proposed(actor, version or former, {str(s): clean[s] for s in waits}, note))


def _changed(actor: Actor, base: int, clean: Mapping[str, Any]) -> list[Section]:
    """The sections whose words differ from those that their writer saw."""
    seen = version_numbered(actor, base)
    before = {section: written(Section(section), seen.sections) for section in clean} if seen else {}
    return [section for section in changed_sections(before, clean) if section in clean]


def _decided(
    actor: Actor,
    former: BriefingVersion | None,
    changes: Mapping[str, Any],
    office: Mapping[str, Any] | None,
    note: str,
    classes: Mapping[str, InfoClass] | None,
) -> BriefingVersion:
    sections = sections_after(former, changes)
    if not any(sections.values()):
        raise Invalid("briefing_empty", field=str(Section.OBJECTIVES))
    hours = office or clean_office(former.calendar if former else DEFAULT)
    return put_in_force(actor, former, sections, hours, note=note, classes=classes)


def _proposed(
    actor: Actor, upon: BriefingVersion | None, changes: Mapping[str, Any], note: str
) -> BriefingProposal | None:
    if not changes:
        return None
    base = upon.number if upon else 0
    proposal: BriefingProposal = BriefingProposal.objects.create(
        base=base,
        changes=changes,
        digest=briefing_digest(base, changes, {}),
        note=note.strip()[:LONGEST_NOTE],
        side=str(actor.side),
        proposed_by=actor.somebody,
        proposed_by_name=actor.name,
    )
    record(actor, "briefing_proposed", proposal, base=base, digest=proposal.digest, sections=sorted(changes))
    if may(actor.role, Verb.BRIEFING_AGREE):
        say(actor, proposal, Said.AGREE)
    return proposal
