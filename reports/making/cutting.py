"""What of a report's facts each circle of its readers gets: the editions that one making freezes.

INVARIANT: an edition for named people holds no row that does not name each of its readers; so it is computed through the eyes of
each of them, and those who see the same share it.
"""

from dataclasses import dataclass, replace

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.rules import InfoClass
from clients.people.access import actor_of
from clients.people.queries import people_of_side
from clients.people.rules import Verb, may
from reports.facts.canonical import digest_of
from reports.facts.sections import shut
from reports.facts.shapes import Facts
from reports.facts.sight import Sight
from reports.facts.whole import facts_of
from reports.making.models import Report
from tenants.vocabulary import Role, Side
from tenants.walls.scope import BrandRef


@dataclass(frozen=True, slots=True)
class Cut:
    """Facts, and for whom: `readers` are ids of people of the agency, as text; () for all whom the ceiling lets."""

    facts: Facts
    readers: tuple[str, ...] = ()


class NamedSight(Sight):
    """Somebody's eyes in a report that others have put together: which sections it has was not theirs to ask for."""

    def require(self, verb: Verb) -> None:
        """Whether they read reports at all was asked before."""


def cuts_of(brand: BrandRef, report: Report) -> list[Cut]:
    """One for both sides; where the brand reads more, one for the brand, and one for each circle of named people.

    A report of the brand alone has one. Inside the brand's scope.
    """
    now, closed = timezone.now(), shut(report.kind, tuple(report.sections))

    def seen(sight: Sight) -> Facts:
        without = () if sight.ceiling is InfoClass.BRAND else closed
        return facts_of(brand, sight, report.kind, report.period, now=now, chosen=report.sections, without=without)

    if report.info_class == InfoClass.BRAND:
        return [Cut(seen(Sight(InfoClass.BRAND)))]
    shared, whole = Cut(seen(Sight(InfoClass.SHARED))), Cut(seen(Sight(InfoClass.BRAND)))
    if replace(whole.facts, ceiling=shared.facts.ceiling) == shared.facts:
        return [shared]
    circles: dict[str, Cut] = {}
    if seen(Sight(InfoClass.NAMED)).withheld < shared.facts.withheld:
        for sight in _sights(brand):
            facts = seen(sight)
            if facts.withheld < shared.facts.withheld and sight.actor is not None:
                digest = digest_of(facts)
                known = circles[digest].readers if digest in circles else ()
                circles[digest] = Cut(facts, (*known, str(sight.actor.person_id)))
    return [shared, *circles.values(), whole]


def _sights(brand: BrandRef) -> list[Sight]:
    """Of everybody of the agency who reads reports here."""
    return [
        NamedSight(InfoClass.NAMED, actor_of(person.person_id, brand, EntryPoint.WORKER))
        for person in people_of_side(Side.AGENCY)
        if may(Role(person.role), Verb.REPORT_READ)
    ]
