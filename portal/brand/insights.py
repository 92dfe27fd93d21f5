"""What the community taught: the list with its filters, and how departments and themes are called."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.disclosure.steps import note_reads
from clients.insights import actions
from clients.insights.access import reading
from clients.insights.queries import Cursor, asked_of, departments, insights, themes
from clients.insights.rules import checked_filters
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.inbox_one import typed_id
from portal.brand.insights_rows import department_choices, department_word, rows_of, theme_choices
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording.insights import STATE_FILTERS

A_PAGE = 30


@brand_page
def list_page(request: HttpRequest) -> HttpResponse:
    """A page of insights, newest first; the next one is asked for by the last of this."""
    actor = request.actor
    require(actor, Verb.INSIGHT_READ)
    filters = checked_filters(request.GET)
    cursor = Cursor.read(request.GET.get("after", ""))
    found = list(insights(actor, filters, timezone.now(), cursor)[: A_PAGE + 1])
    page, more = found[:A_PAGE], found[A_PAGE:]
    note_reads(actor, [reading(one) for one in page])
    following = urlencode(filters | {"after": str(Cursor.of(page[-1]))}) if more else ""
    context = {
        "rows": rows_of(page),
        "next": f"{reverse('insights')}?{following}" if more else "",
        "states": [_state_link(filters, code, str(name)) for code, name in STATE_FILTERS.items()],
        "state": filters.get("state", ""),
        "themes": theme_choices(actor, filters.get("theme", "")),
        "departments": department_choices(filters.get("department", "")),
        "late": "late" in filters,
        "filtered": bool(filters),
        "asked": asked_lines(actor),
        "may_rule": may(actor.role, Verb.INSIGHT_RULE),
    }
    return render(request, "brand/insights.html", context)


def asked_lines(actor: Actor) -> list[tuple[UUID, str, str, str]]:
    """Whose answer this person owes, as lines: id, what about, who asks, until when."""
    if not may(actor.role, Verb.HANDED_READ):
        return []
    found = list(asked_of(actor)[:A_PAGE])
    note_reads(actor, [reading(asking.insight) for asking in found])
    return [(one.pk, one.insight.title, one.by_name, when(one.due_at)) for one in found]


@brand_page
def rules_page(request: HttpRequest) -> HttpResponse:
    """Departments that the brand named, and its themes: called otherwise, or merged."""
    require(request.actor, Verb.INSIGHT_READ)
    every = list(themes(request.actor))
    context = {
        "departments": [(one.pk, department_word(one), not one.code) for one in departments()],
        "themes": [(one.pk, one.name, [other for other in every if other.pk != one.pk]) for one in every],
        "may_rule": may(request.actor.role, Verb.INSIGHT_RULE),
        "typed": request.POST,
    }
    return render(request, "brand/insights_rules.html", context)


@brand_act(again=rules_page)
def department_new(request: HttpRequest) -> HttpResponse:
    actions.name_department(request.actor, name=request.POST.get("name", ""))
    messages.success(request, _("Kept."))
    return back(reverse("insights_rules"))


@brand_act(again=rules_page)
def department_end(request: HttpRequest, department_id: UUID) -> HttpResponse:
    actions.end_department(request.actor, department_id=department_id)
    messages.success(request, _("Ended. What it was asked stays."))
    return back(reverse("insights_rules"))


@brand_act(again=rules_page)
def theme(request: HttpRequest, theme_id: UUID) -> HttpResponse:
    """Another name, or all of it under another theme."""
    typed = request.POST
    if typed.get("step") == "merge":
        into = typed_id(typed.get("into", ""), "into")
        actions.merge_themes(request.actor, theme_id=theme_id, into_id=into)
        messages.success(request, _("Merged."))
    else:
        actions.rename_theme(request.actor, theme_id=theme_id, name=typed.get("name", ""))
        messages.success(request, _("Kept."))
    return back(reverse("insights_rules"))


def _state_link(filters: dict[str, str], code: str, name: str) -> tuple[str, str, bool]:
    chosen = {key: value for key, value in filters.items() if key != "state"} | ({"state": code} if code else {})
    query: dict[str, Any] = chosen
    url = reverse("insights")
    return (f"{url}?{urlencode(query)}" if query else url, name, filters.get("state", "") == code)
