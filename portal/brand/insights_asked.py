"""Asking a department, and its own page: what was handed on, what is asked until when, and a place for the answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.disclosure.rules import InfoClass
from clients.insights import actions
from clients.insights.access import access_asking
from clients.insights.handed import handed_of
from clients.insights.models import Asking
from clients.insights.queries import answers_of
from clients.people.rules import Verb, may
from portal.brand.clocks import moment_typed
from portal.brand.inbox_one import typed_id
from portal.brand.insights_one import insight
from portal.brand.insights_rows import department_word
from portal.links import brand_url
from portal.pages import back, brand_act, brand_page, drawn_again, render
from portal.times import when


@brand_act(again=insight)
def ask(request: HttpRequest, insight_id: UUID) -> HttpResponse:
    """Somebody with an account gets a letter; for somebody without one a link is shown, this once.

    INVARIANT: the token stands in this answer and nowhere else: no redirect, no session, no log carries it.
    """
    typed = request.POST
    facts: dict[str, Any] = {
        "insight_id": insight_id,
        "department": typed.get("department", ""),
        "due": moment_typed(typed.get("due", ""), "due"),
        "note": typed.get("note", ""),
        "quoted": [typed_id(one, "quoted") for one in typed.getlist("quoted")],
        "once": bool(typed.get("once")),
    }
    if typed.get("to") != "link":
        actions.ask_department(request.actor, to_person=typed_id(typed.get("to", ""), "to"), **facts)
        messages.success(request, _("Asked. A letter is on its way."))
        return back(reverse("insight", args=[insight_id]))
    made = actions.ask_by_link(request.actor, recipient=typed.get("recipient", ""), code=typed.get("code", ""), **facts)
    request.made_asking = made.asking
    request.made_address = f"{brand_url(request.brand.slug, 'shared')}#{made.token}"
    request.POST = type(request.POST)()
    return drawn_again(insight, request, insight_id=insight_id)


@brand_page
def asked(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    """For the person who was asked: a department contact reads this one insight and no other."""
    found = access_asking(request.actor, asking_id)
    context = {
        **shown_of(found, InfoClass(found.insight.info_class)),
        "answers": [(one.name, one.text, when(one.at)) for one in answers_of(found)],
        "may_open": may(request.actor.role, Verb.INSIGHT_READ),
        "typed": request.POST,
    }
    return render(request, "brand/insight_asked.html", context)


@brand_act(again=asked)
def answer(request: HttpRequest, asking_id: UUID) -> HttpResponse:
    actions.answer_asking(request.actor, asking_id=asking_id, text=request.POST.get("text", ""))
    messages.success(request, _("Thank you. Whoever asked you reads this."))
    return back(reverse("insight_asked", args=[asking_id]))


def shown_of(asking: Asking, most: InfoClass) -> dict[str, Any]:
    """What was handed on, as both pages draw it: with an account, and by the link."""
    return {
        "asking": asking,
        "handed": handed_of(asking, most),
        "department": department_word(asking.department),
        "due": when(asking.due_at),
        "closed": asking.closed_at is not None,
    }
