"""Who gets a report: its readers and links as a page shows them, and what is typed to add one."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest

from clients.disclosure.rules import MOST_VIEWS
from clients.people.queries import people_of_brand
from clients.people.rules import Verb, may
from portal.brand.inbox_one import typed_id
from portal.brand.reports_rows import link_rows, names_here, people_choices, reader_rows, seen_rows
from portal.links import brand_url
from portal.times import when
from portal.wording.reports import DELIVERIES
from reports.making.models import Report
from reports.making.queries import rule_of
from reports.making.rules import ReportState
from reports.making.terms import LONGEST, USUAL_DAYS, USUAL_VIEWS
from reports.sharing.queries import readers_of, seen_of, shares_of
from tenants.errors import Invalid, RelaisError
from tenants.walls.scope import BrandRef, brand_scope

A_PAGE = 50


def people_of(request: HttpRequest, report: Report) -> dict[str, Any]:
    """Inside the brand's scope, for whoever lets reports out."""
    names, rule, role = names_here(), rule_of(report.kind), request.actor.role
    made = getattr(request, "made_share", None)
    readers = reader_rows(readers_of(report), names)
    by_rule = [names.get(one, "?") for one in rule.readers] + list(rule.addresses) if rule and report.rule_id else []
    typed = request.POST
    return {
        "may_read_people": True,
        "readers": readers,
        "by_rule": by_rule if report.released_at is None else [],
        "would_go_to": len(readers) + len(by_rule),
        "people": people_choices([typed.get("person", "")]),
        "deliveries": [(code, str(name), code == typed.get("delivery")) for code, name in DELIVERIES.items()],
        "outside": bool(rule and rule.outside_allowed) and may(role, Verb.LINK_SHARE),
        "may_share": may(role, Verb.LINK_SHARE) and report.state == ReportState.RELEASED,
        "links": link_rows(shares_of(report)),
        **_seen(request, report, names),
        "address": f"{brand_url(request.brand.slug, 'shared')}#{made.token}" if made else "",
        "made_until": when(made.share.link.expires_at) if made else "",
        "once": uuid4(),
        "days": typed.get("days", USUAL_DAYS),
        "views": typed.get("views", USUAL_VIEWS),
        "most_days": LONGEST.days,
        "most_views": MOST_VIEWS,
    }


def _seen(request: HttpRequest, report: Report, names: dict[str, str]) -> dict[str, Any]:
    """A page of who saw it when, how many lines there are in all, and where the older ones are."""
    lines, last = seen_of(report), request.GET.get("seen_before", "")
    before = lines.filter(pk=typed_id(last, "seen_before")).first() if last else None
    found = list(seen_of(report, before)[: A_PAGE + 1])
    return {
        "seen": seen_rows(found[:A_PAGE], names),
        "seen_count": lines.count(),
        "seen_open": bool(last),
        "seen_older": f"?seen_before={found[A_PAGE - 1].pk}#seen-title" if len(found) > A_PAGE else "",
    }


def people_typed(brand: BrandRef, typed: list[str], field: str) -> list[UUID]:
    """The people whose ids a form brings. Raises Invalid('unknown_person', field) for whoever has no place here."""
    try:
        found = [typed_id(one, field) for one in typed]
    except RelaisError:
        raise Invalid("unknown_person", field) from None
    with brand_scope(brand):
        known = {one.person_id for one in people_of_brand()}
    if set(found) - known:
        raise Invalid("unknown_person", field)
    return found
