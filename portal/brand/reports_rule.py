"""When reports come by themselves, to whom, whether silence lets them out: a rule for each kind; and the key that signs."""

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.disclosure.rules import MOST_VIEWS, InfoClass
from clients.people.access import require
from clients.people.rules import Verb, is_stepped_up, may
from portal.brand.reports_new import NAMES
from portal.brand.reports_people import people_typed
from portal.brand.reports_rows import people_choices
from portal.links import hub_url
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.typed import number_typed, time_typed
from portal.wording import word
from portal.wording.acts import WEEKDAYS
from portal.wording.disclosures import CLASS_CHOICES
from portal.wording.reports import DELIVERIES, KINDS, RHYTHMS
from reports.making.actions import change_seal_key, set_report_rule
from reports.making.composing import section_words, sections_of
from reports.making.models import ReportRule
from reports.making.queries import rules
from reports.making.rules import CLASSES, LANGUAGES, LAST_DAY, LONGEST_WINDOW, ReportKind, Rhythm, Ruling, rhythms_of
from reports.making.sealing import good_until, seal_keys
from reports.making.terms import LONGEST, USUAL_DAYS, USUAL_VIEWS
from tenants.errors import Invalid

AT = time(8)
"""When a report comes on its day, until the brand says otherwise."""


@brand_page
def rules_page(request: HttpRequest) -> HttpResponse:
    """The rule of each kind, and the form of one."""
    require(request.actor, Verb.REPORT_RULE)
    known = {rule.kind: rule for rule in rules()}
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    kind = kind if kind in set(ReportKind) else str(ReportKind.WEEKLY)
    context = {
        "rules": [
            (word(KINDS, k), word(RHYTHMS, known[k].rhythm), when(known[k].next_at), f"?kind={k}")
            if k in known
            else (word(KINDS, k), word(RHYTHMS, Rhythm.NEVER), "", f"?kind={k}")
            for k in ReportKind
        ],
        "kind": kind,
        "kind_word": word(KINDS, kind),
        "keys": [(one.name, when(one.made_at), when(good_until(one)), one.brought) for one in seal_keys()],
        "may_bring": may(request.actor.role, Verb.SEAL_KEY_BRING),
        "stepped_up": is_stepped_up(request.actor.stepped_up_at, timezone.now()),
        "step_up": hub_url("account_reauthenticate", next=request.build_absolute_uri(reverse("report_rules"))),
        **_form(request, known.get(kind), kind),
    }
    return render(request, "brand/report_rules.html", context)


@brand_act(again=rules_page)
def rule(request: HttpRequest) -> HttpResponse:
    """Set one."""
    require(request.actor, Verb.REPORT_RULE)  # before anything is said of who has a place here
    typed = request.POST
    at = time_typed(typed.get("at", ""), "at") or AT
    numbers = {name: _number(typed.get(name, ""), name) for name in ("weekday", "day", "window")}
    terms = {"link_days": USUAL_DAYS, "link_views": USUAL_VIEWS}
    numbers |= {name: _number(typed.get(name, str(usual)), name) for name, usual in terms.items()}
    ruling = Ruling(
        kind=typed.get("kind", ""),
        rhythm=typed.get("rhythm", ""),
        at=at,
        language=typed.get("language", ""),
        sections=typed.getlist("section"),
        releases_itself=typed.get("releases") == "1",
        delivery=typed.get("delivery", ""),
        readers=people_typed(request.brand, typed.getlist("reader"), "reader"),
        info_class=InfoClass.BRAND if typed.get("class") == InfoClass.BRAND else InfoClass.SHARED,
        link_password="" if typed.get("open") == "1" else typed.get("password") or None,
        outside_allowed=typed.get("outside") == "1",
        addresses=typed.get("addresses", "").splitlines(),
        **numbers,
    )
    found = set_report_rule(request.actor, ruling=ruling)
    messages.success(request, _("Kept."))
    return back(f"{reverse('report_rules')}?kind={found.kind}")


@brand_act(again=rules_page)
def key(request: HttpRequest) -> HttpResponse:
    """Another key from now on; what was signed with the ones before can still be checked."""
    name = change_seal_key(request.actor)
    messages.success(request, _("From now on reports are signed with the key %(name)s.") % {"name": name})
    return back(reverse("report_rules"))


def _number(typed: str, field: str) -> int:
    found = number_typed(typed, field)
    if found is None:
        raise Invalid("not_a_number", field)
    return found


def _form(request: HttpRequest, rule: ReportRule | None, kind: str) -> dict[str, Any]:
    """What is chosen in it: what was typed before a refusal, else the rule in force, else what is usual."""
    chosen = _typed(request.POST) if "rhythm" in request.POST else _kept(rule, request.brand.language)
    sections, at = chosen.pop("sections"), chosen.pop("at")
    return chosen | {
        "rhythms": [(str(r), word(RHYTHMS, r), r == chosen["rhythm"]) for r in rhythms_of(kind)],
        "weekdays": [(n, str(name), n == chosen["weekday"]) for n, name in WEEKDAYS.items()],
        "at": at,
        "last_day": LAST_DAY,
        "longest": LONGEST_WINDOW,
        "languages": [(code, NAMES[code], code == chosen["language"]) for code in LANGUAGES],
        "sections": [(code, name, not sections or code in sections) for code, name in section_words(sections_of(kind))],
        "deliveries": [(code, str(name), code == chosen["delivery"]) for code, name in DELIVERIES.items()],
        "readers": people_choices(chosen["readers"]),
        "classes": [(str(c), word(CLASS_CHOICES, c), c == chosen["class"]) for c in CLASSES],
        "most_days": LONGEST.days,
        "most_views": MOST_VIEWS,
        "has_password": bool(rule and rule.link_password),
    }


def _typed(typed: QueryDict) -> dict[str, Any]:
    names = ("rhythm", "weekday", "at", "day", "window", "language", "delivery", "class", "link_days", "link_views")
    return {name: typed.get(name, "") for name in names} | {
        "releases": typed.get("releases") == "1",
        "outside": typed.get("outside") == "1",
        "addresses": typed.get("addresses", ""),
        "sections": set(typed.getlist("section")),
        "readers": typed.getlist("reader"),
    }


def _kept(rule: ReportRule | None, language: str) -> dict[str, Any]:
    rule = rule or ReportRule(rhythm=Rhythm.NEVER, at=AT, language=language, sections=[], readers=[], addresses=[])
    names = ("rhythm", "day", "window", "language", "delivery", "readers", "link_days", "link_views")
    return {name: getattr(rule, name) for name in names} | {
        "class": rule.info_class or InfoClass.SHARED,
        "weekday": str(rule.weekday),
        "at": f"{rule.at:%H:%M}",
        "releases": rule.releases_itself,
        "outside": rule.outside_allowed,
        "addresses": "\n".join(rule.addresses),
        "sections": set(rule.sections),
    }
