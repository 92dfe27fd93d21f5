"""All facts of a period in one reader's sight: what the page shows, the API answers, a file holds and a report is made of."""

from collections.abc import Collection
from datetime import datetime

from clients.evidence.queries import first_line_at
from reports.facts.gathering import Gathering
from reports.facts.goals import goals_for
from reports.facts.periods import Period
from reports.facts.sections import NEEDS, SECTIONS, checkpoint_at, checkpoint_now, sections_of
from reports.facts.shapes import BrandFacts, Facts
from reports.facts.sight import Sight
from tenants.walls.scope import BrandRef

PROVEN = "proof"
"""A report with this section says where the log stood when its period ended, too."""


def facts_of(
    brand: BrandRef,
    sight: Sight,
    kind: str,
    period: Period,
    *,
    now: datetime,
    chosen: Collection[str] = (),
    without: Collection[str] = (),
) -> Facts:
    """The facts of one kind of report, inside the brand's scope. `chosen`: of its sections these alone, but for those
    in `without`.

    A period that still runs is told up to `now`, beside the same stretch of the one before; of one to come nothing is told.

    Raises Refused('not_allowed') where the reader's role may not read what a section tells of, Invalid('unknown_choice').
    """
    codes = [code for code in sections_of(kind, tuple(chosen)) if code not in without]
    for code in codes:
        if code in NEEDS:
            sight.require(NEEDS[code])
    began = first_line_at() or now
    period = period.told_at(now)
    is_over = period.has_begun(now) and not period.is_running
    making = Gathering(sight, period, (began, now), goals_for(sight, period), is_over=is_over)
    sections = tuple(making.section(SECTIONS[code]) for code in codes)
    return Facts(
        kind=kind,
        brand=BrandFacts(brand.id, brand.name, brand.slug, brand.time_zone, brand.language, began),
        period=period,
        ceiling=sight.ceiling,
        sections=sections,
        withheld=sum(making.withheld.values()),
        checkpoint=checkpoint_now(),
        made_at=now,
        closing=checkpoint_at(period) if PROVEN in codes and is_over else None,
    )
