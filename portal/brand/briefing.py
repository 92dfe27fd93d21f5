"""The briefing, first cut: read it, say that one has read it, and, as the brand, write the next version.

Each section has a class; what the reader may not see is not on the page, nor in anything made from it.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.briefings.access import OpenSection, open_sections
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.briefings.queries import (
    briefing_in_force,
    has_acknowledged,
    is_kept_whole,
    office_in_force,
    people_yet_to_read,
    readers_of,
)
from clients.briefings.rules import SHAPES, Section
from clients.disclosure.rules import default_class
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.disclosure_classes import class_choices, class_typed
from portal.pages import back, brand_act, brand_page, render
from portal.times import clock_of, when
from portal.wording import WEEKDAYS, badge, word
from portal.wording.disclosures import CLASSES
from portal.wording.fields import COLUMNS, SECTIONS
from tenants.errors import Invalid
from tenants.walls.scope import brand_scope

SIGN = " | "


@brand_page
def briefing(request: HttpRequest) -> HttpResponse:
    """The version in force, who has read it, and the brand's working hours."""
    found, role = briefing_in_force(), request.actor.role
    context = {
        "briefing": found,
        "when": when(found.created_at) if found else "",
        "sections": [_section(one) for one in open_sections(request.actor, found)] if found else [],
        "may_share": may(role, Verb.LINK_SHARE),
        "may_classify": request.actor.is_brand and may(role, Verb.CLASS_RAISE),
        "hours": _hours(office_in_force()),
        "acknowledged": bool(found) and has_acknowledged(request.actor.person_id),
        "may_acknowledge": may(role, Verb.BRIEFING_ACKNOWLEDGE),
        "may_write": may(role, Verb.BRIEFING_WRITE),
        "readers": [(r.person_name, when(r.at)) for r in readers_of(found)] if found else [],
        "missing": [person.name for person in people_yet_to_read(found)] if found else [],
    }
    return render(request, "brand/briefing.html", context)


@brand_act(again=briefing)
def acknowledge(request: HttpRequest) -> HttpResponse:
    acknowledge_briefing(actor=request.actor, number=_number(request.POST.get("number", "")))
    messages.success(request, _("Noted: you have read this version."))
    return back(reverse("briefing"))


@brand_page
def write_form(request: HttpRequest) -> HttpResponse:
    """The version in force as text to change: one line each, columns separated by a bar."""
    require(request.actor, Verb.BRIEFING_WRITE)
    found = briefing_in_force()
    failure = getattr(request, "failure", None)
    written = {one.section: one for one in open_sections(request.actor, found)} if found else {}
    fields = [
        {
            "name": str(section),
            "label": word(SECTIONS, section),
            "hint": SIGN.join(word(COLUMNS, column) for column in shape.columns),
            "lines": shape.lines,
            "value": request.POST.get(str(section), _as_text(one.value if (one := written.get(section)) else "")),
            "classes": _classes_of(request, section, one),
            "wrong": bool(failure) and failure.field == section,
        }
        for section, shape in SHAPES.items()
    ]
    number = request.POST.get("after") or (found.number if found else 0)
    return render(
        request, "brand/briefing_write.html", {"fields": fields, "after": number, "note": request.POST.get("note", "")}
    )


@brand_act(again=write_form)
def write(request: HttpRequest) -> HttpResponse:
    """Put the next version in force; everybody reads it anew. The working hours stay as they are."""
    sections = {str(s): _from_text(request.POST.get(str(s), ""), SHAPES[s].lines, SHAPES[s].columns) for s in Section}
    after, note = _number(request.POST.get("after", "")), request.POST.get("note", "")
    version = publish_briefing(
        actor=request.actor,
        after=after,
        sections=sections,
        calendar=_office(request),
        note=note,
        classes={str(s): class_typed(typed) for s in Section if (typed := request.POST.get(f"class-{s}"))},
    )
    messages.success(request, _("Version %(number)s is in force.") % {"number": version.number})
    with brand_scope(request.brand):
        if is_kept_whole(version):
            messages.warning(request, _("Your agency can read none of it: share the sections it needs."))
    return back(reverse("briefing"))


def _office(request: HttpRequest) -> Mapping[str, Any]:
    with brand_scope(request.brand):
        return office_in_force()


def _section(one: OpenSection) -> dict[str, Any]:
    shape = SHAPES[one.section]
    return {
        "id": one.id,
        "label": word(SECTIONS, one.section),
        "lines": shape.lines,
        "heads": [word(COLUMNS, column) for column in shape.columns],
        "rows": [[line[column] for column in shape.columns] for line in one.value] if shape.columns else [],
        "value": one.value,
        "badge": badge(CLASSES, one.info_class),
    }


def _classes_of(request: HttpRequest, section: Section, one: OpenSection | None) -> list[tuple[str, str, bool]]:
    own = one.info_class if one else default_class(request.actor.side)
    return class_choices(request.POST.get(f"class-{section}", str(own)))


def _hours(office: Mapping[str, Any]) -> list[tuple[str, str]]:
    days = []
    for day, spans in enumerate(office["hours"]):
        clocks = ", ".join(f"{clock_of(start)}–{clock_of(end)}" for start, end in spans)
        days.append((word(WEEKDAYS, day), clocks or _("closed")))
    return days


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(SIGN.join(line.values()) if isinstance(line, dict) else line for line in value)
    return value or ""


def _from_text(text: str, lines: bool, columns: tuple[str, ...]) -> Any:
    if not lines:
        return text
    found = [line.strip() for line in text.splitlines() if line.strip()]
    if not columns:
        return found
    return [
        dict(zip(columns, (part.strip() for part in line.split("|", len(columns) - 1)), strict=False)) for line in found
    ]


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Invalid("stale_version", "after")
    return int(text)
