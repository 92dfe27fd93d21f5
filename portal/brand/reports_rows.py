"""How reports stand in lists and forms: titles, periods, people, lines of who saw it when."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from clients.disclosure.models import Disclosure
from clients.people.queries import people_of_brand
from portal.times import when
from portal.wording import ROLES, Badge, badge, word
from portal.wording.disclosures import WAYS, WHYS
from portal.wording.reports import KINDS, STATES, TOLD
from reports.facts.periods import Period, PeriodKind, period_of, today
from reports.making.models import Report
from reports.making.rules import OF_ONE_KIND, ReportKind
from reports.rendering.typography import span
from reports.sharing.models import Reader, Share

OF_ONE = {PeriodKind.WEEK: 27, PeriodKind.MONTH: 13}
"""How many periods are offered to a report that tells of one sort alone, and to one that tells of any."""
QUARTERS = (
    _lazy("1st quarter of %(year)s"),
    _lazy("2nd quarter of %(year)s"),
    _lazy("3rd quarter of %(year)s"),
    _lazy("4th quarter of %(year)s"),
)
OF_ANY = ((PeriodKind.WEEK, 9), (PeriodKind.MONTH, 6), (PeriodKind.QUARTER, 2))


@dataclass(frozen=True, slots=True)
class Row:
    """One report in the archive."""

    url: str
    title: str
    period: str
    state: Badge
    by: str
    goes_out: str


@dataclass(frozen=True, slots=True)
class Link:
    """One recipient's link, as the brand sees it."""

    id: UUID
    recipient: str
    until: str
    views: int
    most: int
    open: bool
    password: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of who got what, when."""

    at: str
    who: str
    how: str
    why: str


def row_of(report: Report) -> Row:
    return Row(
        reverse("report", args=[report.pk]),
        title_of(report),
        span_of(report.period),
        badge(STATES, report.state),
        report.asked_name or _("by the brand’s rule"),
        when(report.release_at),
    )


def title_of(report: Report) -> str:
    return report.title or word(KINDS, report.kind)


def span_of(period: Period) -> str:
    """As people say it: 'Week 47, 16–22 November 2026', 'November 2026', '4th quarter of 2026', '2–10 November 2026'."""
    days = span(period.start, period.end, "fr" if (get_language() or "").startswith("fr") else "en")
    if period.kind is PeriodKind.MONTH:
        return date_format(period.start, "F Y")
    if period.kind is PeriodKind.WEEK:
        return _("Week %(week)s, %(days)s") % {"week": period.start.isocalendar().week, "days": days}
    if period.kind is PeriodKind.QUARTER:
        return QUARTERS[(period.start.month - 1) // 3] % {"year": period.start.year}
    return days


def short_span(period: Period) -> str:
    """The same for the head of a column, which a telephone has to hold twice: 'W 47', 'November 2026'."""
    if period.kind is PeriodKind.WEEK:
        return pgettext("head of a column", "W %(week)s") % {"week": period.start.isocalendar().week}
    if period.kind in {PeriodKind.MONTH, PeriodKind.QUARTER}:
        return span_of(period)
    since, until = (date_format(day, "SHORT_DATE_FORMAT") for day in (period.start, period.end))
    return f"{since} \u2013 {until}"


def takes_own_days(kind: str) -> bool:
    return kind not in OF_ONE_KIND


def period_choices(kind: str, zone: str, chosen: str = "") -> list[tuple[str, str, bool]]:
    """The last periods that this kind of report is about, by their codes; what is not among them is the last whole one."""
    now = timezone.now()
    found: list[Period] = []
    only = OF_ONE_KIND.get(ReportKind(kind))
    for length, most in ((only, OF_ONE[only]),) if only else OF_ANY:
        period = period_of(length, today(now, zone), zone)
        for _number in range(most):
            found.append(period)
            period = period.before
    known = {period.code for period in found} | ({"own"} if takes_own_days(kind) else set())
    first = chosen if chosen in known else found[1].code
    return [(period.code, span_of(period), period.code == first) for period in found]


def people_choices(chosen: Iterable[str] = ()) -> list[tuple[str, str, bool]]:
    known = set(chosen)
    return [
        (str(p.person_id), f"{p.name} · {word(ROLES, p.role)}", str(p.person_id) in known) for p in people_of_brand()
    ]


def reader_rows(readers: Iterable[Reader], names: dict[str, str]) -> list[tuple[UUID, str, Badge, str, bool]]:
    """Id, who, what became of the letter, when, and whether they may still be taken off."""
    return [
        (
            one.pk,
            one.address or names.get(str(one.person_id), "?"),
            badge(TOLD, one.told),
            when(one.told_at),
            one.told == "waiting",
        )
        for one in readers
    ]


def link_rows(shares: Iterable[Share]) -> list[Link]:
    now = timezone.now()
    return [
        Link(
            one.pk,
            one.recipient,
            when(one.link.expires_at),
            one.link.views,
            one.link.most_views,
            one.link.is_open(now),
            bool(one.password),
        )
        for one in shares
    ]


def seen_rows(lines: Iterable[Disclosure], names: dict[str, str]) -> list[Seen]:
    return [Seen(when(one.at), _who(one, names), word(WAYS, one.way), word(WHYS, one.why)) for one in lines]


def _who(one: Disclosure, names: dict[str, str]) -> str:
    words: Any = getattr(one, "words", None)
    return (words.recipient if words else "") or names.get(str(one.recipient_id or one.leave_person), "?")


def names_here() -> dict[str, str]:
    return {str(one.person_id): one.name for one in people_of_brand()}
