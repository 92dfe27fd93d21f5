"""Writing the briefing, as either side: what one side decides is in force at once, the rest waits for the other.

Each section has a form of its own; no script is needed, and nothing typed is lost, whatever is refused.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.briefings.access import OpenSection, open_sections
from clients.briefings.actions import Written, propose_briefing
from clients.briefings.queries import briefing_in_force, is_kept_whole
from clients.briefings.rules import Section
from clients.disclosure.rules import default_class
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.briefing_fields import MORE, section_field, sections_typed
from portal.brand.briefing_goals import goals_typed
from portal.brand.disclosure_classes import class_choices, class_typed
from portal.pages import back, brand_act, brand_page, drawn_again, render
from portal.wording import word
from portal.wording.charters import joined
from portal.wording.fields import SECTIONS
from tenants.errors import Invalid
from tenants.walls.scope import brand_scope


@brand_page
def write_form(request: HttpRequest) -> HttpResponse:
    """The version in force, section by section, to change."""
    require(request.actor, Verb.BRIEFING_PROPOSE)
    found = briefing_in_force()
    failure = getattr(request, "failure", None)
    written = {one.section: one for one in open_sections(request.actor, found)} if found else {}
    decides = may(request.actor.role, Verb.BRIEFING_WRITE)
    fields = [
        section_field(
            section,
            one := written.get(section),
            request.POST,
            fault=(failure.field or "") if failure else "",
            classes=_classes_of(request, section, one) if decides else [],
        )
        for section in Section
    ]
    number = request.POST.get("after") or (found.number if found else 0)
    context = {"fields": fields, "after": number, "note": request.POST.get("note", ""), "decides": decides}
    return render(request, "brand/briefing_write.html", context)


@brand_act(again=write_form)
def write(request: HttpRequest) -> HttpResponse:
    """Put in force what this side decides, and propose the rest. The working hours stay as they are."""
    if request.POST.get(MORE):
        return drawn_again(write_form, request)
    done = propose_briefing(
        actor=request.actor,
        base=number_typed(request.POST.get("after", "")),
        changes=goals_typed(sections_typed(request.POST)),
        note=request.POST.get("note", ""),
        classes={str(s): class_typed(typed) for s in Section if (typed := request.POST.get(f"class-{s}"))},
    )
    _tell(request, done)
    return back(reverse("briefing_change", args=[done.proposal.pk]) if done.proposal else reverse("briefing"))


def number_typed(text: str) -> int:
    """Raises Invalid('stale_version') for what was never a version's number."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise Invalid("stale_version", "after")
    return int(text)


def _tell(request: HttpRequest, done: Written) -> None:
    if done.version:
        messages.success(request, _("Version %(number)s is in force.") % {"number": done.version.number})
        with brand_scope(request.brand):
            if is_kept_whole(done.version):
                messages.warning(request, _("Your agency can read none of it: share the sections it needs."))
    if done.proposal:
        names = joined(word(SECTIONS, section) for section in done.proposal.changes)
        messages.success(request, _("Proposed: %(sections)s. It waits for the other side.") % {"sections": names})


def _classes_of(request: HttpRequest, section: Section, one: OpenSection | None) -> list[tuple[str, str, bool]]:
    own = one.info_class if one else default_class(request.actor.side)
    return class_choices(request.POST.get(f"class-{section}", str(own)))
