"""The brand puts a version in force by itself, and says who may read a section of one."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.briefings.access import access_section
from clients.briefings.entries import check_watched
from clients.briefings.models import BriefingSection, BriefingVersion
from clients.briefings.office import clean_office
from clients.briefings.queries import briefing_in_force, classes_of, has_agency
from clients.briefings.rules import all_written, changed_sections, clean_sections
from clients.briefings.sides import shared
from clients.briefings.steps import put_in_force, write_alone
from clients.disclosure.rules import InfoClass
from clients.disclosure.steps import people_named, reclassify
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Refused
from tenants.walls.scope import durable


def publish_briefing(
    *,
    actor: Actor,
    after: int,
    sections: Mapping[str, Any],
    calendar: Mapping[str, Any],
    note: str = "",
    classes: Mapping[str, InfoClass] | None = None,
) -> BriefingVersion:
    """Put the next version in force at once, whole; everybody must acknowledge it anew. For what the brand decides alone.

    `after` is the number its writer started from (0 for the first). Its working hours say how long a veto window is, so who
    writes it proves who they are, as for a charter. `classes` says who may read each section; where it is silent a section
    keeps the class it had, and a new one is the brand's own. Letting more people read what stood there already is for the
    owner, and `note` is the reason. Raises Refused('not_allowed' | 'step_up_required'), Invalid as `clean_sections` and
    `clean_office` do, Invalid('reason_missing'), Conflict('stale_version') when somebody published in between,
    Refused('both_must_agree') when it gives other words to what both sides share: that is proposed.
    """
    require(actor, Verb.BRIEFING_WRITE)
    require_step_up(actor, timezone.now())
    clean, office = clean_sections(sections), clean_office(calendar)
    check_watched(clean)
    with durable(actor.brand):
        write_alone(actor.brand)
        former = briefing_in_force()
        if (former.number if former else 0) != after:
            raise Conflict("stale_version", field="after", in_force=former.number if former else 0)
        changed = changed_sections(all_written(former.sections), clean) if former else []
        both = shared(changed, classes_of(former)) if changed and has_agency() else []
        if both:
            raise Refused("both_must_agree", sections=[str(section) for section in both])
        return put_in_force(actor, former, clean, office, note=note, classes=classes)


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
