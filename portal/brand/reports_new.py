"""The builder: which report, of when, of what, for whom; beside it what it will say, while one chooses."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.disclosure.rules import InfoClass
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from portal.brand.reports_blocks import shown
from portal.brand.reports_rows import period_choices, takes_own_days
from portal.failures import failure_of
from portal.pages import back, brand_act, brand_page, brand_question, render
from portal.typed import day_typed
from portal.wording import word
from portal.wording.disclosures import CLASS_CHOICES
from portal.wording.reports import KINDS
from reports.facts.periods import Period, period_between, period_named
from reports.making.actions import ask_report
from reports.making.composing import names_for, preview_of, section_words, sections_of, sections_open_to
from reports.making.rules import LANGUAGES, ReportKind, checked_kind, checked_period, checked_sections
from tenants.errors import Invalid, RelaisError

OF_BOTH = frozenset({"ends_before_begins", "period_too_long"})
NAMES = {"fr": "Français", "en": "English"}


@brand_page
def new_page(request: HttpRequest) -> HttpResponse:
    """The form; what was chosen before a refusal is chosen again."""
    require(request.actor, Verb.REPORT_DRAFT)
    return render(request, "brand/report_new.html", _form(request))


def _form(request: HttpRequest) -> dict[str, Any]:
    """What it asks for: the periods and sections that the chosen kind has. The boxes of another kind count for nothing."""
    typed = request.POST or request.GET
    kind = typed.get("kind", "") if typed.get("kind", "") in set(ReportKind) else str(ReportKind.WEEKLY)
    chosen = set(typed.getlist("section")) if typed.get("of_kind") == kind else None
    language = typed.get("language", request.brand.language)
    offered = sections_open_to(request.actor, kind)
    classes = (InfoClass.SHARED, InfoClass.BRAND) if request.actor.is_brand else (InfoClass.SHARED,)
    return {
        "kind": kind,
        "kinds": [(str(k), word(KINDS, k), k == kind) for k in ReportKind],
        "periods": period_choices(kind, request.brand.time_zone, typed.get("period", "")),
        "own_days": takes_own_days(kind),
        "sections": [(code, name, chosen is None or code in chosen) for code, name in section_words(offered)],
        "languages": [(code, NAMES[code], code == language) for code in LANGUAGES],
        "classes": [(str(c), word(CLASS_CHOICES, c), str(c) == typed.get("class", "shared")) for c in classes],
        "typed": typed,
        "example": date_format(timezone.localdate(), "j F Y"),
    }


@brand_act(again=new_page)
def new(request: HttpRequest) -> HttpResponse:
    """Ask for it; its page shows how far it is."""
    typed = request.POST
    report = ask_report(
        request.actor,
        kind=typed.get("kind", ""),
        period=_period(request),
        language=typed.get("language", ""),
        sections=_sections(request),
        info_class=typed.get("class", InfoClass.SHARED),
        title=typed.get("title", ""),
        words=typed.get("words", ""),
    )
    messages.success(request, _("Asked for. It is being made."))
    return back(reverse("report", args=[report.pk]))


@brand_question(again=new_page)
def preview(request: HttpRequest) -> HttpResponse:
    """What it will say, as far as this person reads it: nothing is kept. With the form around it where no script asks."""
    actor: Actor = request.actor
    require(actor, Verb.REPORT_DRAFT)
    typed = request.POST
    context: dict[str, object] = {}
    language = typed.get("language") or request.brand.language
    try:
        kind = checked_kind(typed.get("kind", ""), language)
        document, facts = preview_of(actor, kind, _period_shown(request, kind), _sections(request), language)
        context["document"] = shown(document, facts, names_for(facts), lambda digest: reverse("media", args=[digest]))
    except RelaisError as error:
        failure = failure_of(error)
        context["refused"] = failure.sentence
        if not request.htmx:  # a form that is still being filled in is not found fault with
            request.failure = failure
    if request.headers.get("HX-Target") == "preview":
        return render(request, "components/report_preview.html", context)
    return render(request, "brand/report_new.html", _form(request) | context)


def _period(request: HttpRequest) -> Period:
    """Raises Invalid at the day that is to be mended, where somebody chose days of their own."""
    typed, zone, now = request.POST, request.brand.time_zone, timezone.now()
    if typed.get("period") != "own":
        return checked_period(period_named(typed.get("period", ""), zone), now)
    since, until = (day_typed(typed.get(name, ""), name) for name in ("since", "until"))
    if since is None or until is None:
        raise Invalid("not_a_date", "since" if since is None else "until")
    try:
        return checked_period(period_between(since, until, zone), now)
    except Invalid as error:
        raise Invalid(error.code, "until" if error.code in OF_BOTH else "since", **error.facts) from None


def _period_shown(request: HttpRequest, kind: ReportKind) -> Period:
    """What is typed; once another kind was chosen the period that its own form is drawn with, unless it is one of that kind."""
    typed, zone = request.POST, request.brand.time_zone
    chosen = [code for code, _name, is_chosen in period_choices(kind, zone, typed.get("period", "")) if is_chosen]
    return period_named(chosen[0], zone) if chosen and typed.get("of_kind") != kind else _period(request)


def _sections(request: HttpRequest) -> list[str]:
    """What is ticked, in the boxes of this kind; where none is, or they are of another kind, all that this person may choose."""
    typed, kind = request.POST, request.POST.get("kind", "")
    chosen = typed.getlist("section") if typed.get("of_kind") == kind else []
    if kind not in set(ReportKind):
        return []
    return checked_sections(chosen, sections_of(kind)) or chosen if chosen else sections_open_to(request.actor, kind)
