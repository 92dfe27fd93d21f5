"""When reports come by themselves, to whom, whether silence lets them out: a rule for each kind; and the key that signs."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _

from clients.people.access import require
from clients.people.rules import Verb, is_stepped_up
from portal.brand.inbox_one import typed_id
from portal.brand.reports_new import NAMES
from portal.brand.reports_rows import people_choices
from portal.links import hub_url
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.typed import number_typed
from portal.wording import word
from portal.wording.acts import WEEKDAYS
from portal.wording.reports import DELIVERIES, KINDS, RHYTHMS
from reports.making.actions import change_seal_key, set_report_rule
from reports.making.composing import section_words, sections_of
from reports.making.models import ReportRule
from reports.making.queries import rules
from reports.making.rules import LANGUAGES, LAST_DAY, LONGEST_WINDOW, ReportKind, Rhythm
from reports.making.sealing import seal_keys
from tenants.errors import Invalid


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
        "keys": [(one.name, when(one.made_at)) for one in seal_keys()],
        "stepped_up": is_stepped_up(request.actor.stepped_up_at, timezone.now()),
        "step_up": hub_url("account_reauthenticate", next=request.build_absolute_uri(reverse("report_rules"))),
        **_form(request, known.get(kind), kind),
    }
    return render(request, "brand/report_rules.html", context)


@brand_act(again=rules_page)
def rule(request: HttpRequest) -> HttpResponse:
    """Set one."""
    typed, at = request.POST, parse_time(request.POST.get("at", "") or "08:00")
    if at is None:
        raise Invalid("not_a_moment", "at")
    numbers = {name: _number(typed.get(name, ""), name) for name in ("weekday", "day", "window")}
    found = set_report_rule(
        request.actor,
        kind=typed.get("kind", ""),
        rhythm=typed.get("rhythm", ""),
        at=at,
        language=typed.get("language", ""),
        sections=typed.getlist("section"),
        releases_itself=typed.get("releases") == "1",
        delivery=typed.get("delivery", ""),
        readers=[typed_id(value, "reader") for value in typed.getlist("reader")],
        outside_allowed=typed.get("outside") == "1",
        addresses=typed.get("addresses", "").splitlines(),
        **numbers,
    )
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
    language = rule.language if rule else request.brand.language
    chosen = set(rule.sections) if rule else set()
    return {
        "rhythms": [(str(r), word(RHYTHMS, r), r == (rule.rhythm if rule else Rhythm.NEVER)) for r in Rhythm],
        "weekdays": [(n, str(name), str(rule.weekday if rule else 0) == n) for n, name in WEEKDAYS.items()],
        "at": f"{rule.at:%H:%M}" if rule else "08:00",
        "day": rule.day if rule else 1,
        "last_day": LAST_DAY,
        "window": rule.window if rule else 8,
        "longest": LONGEST_WINDOW,
        "releases": bool(rule and rule.releases_itself),
        "languages": [(code, NAMES[code], code == language) for code in LANGUAGES],
        "sections": [(code, name, not chosen or code in chosen) for code, name in section_words(sections_of(kind))],
        "deliveries": [(code, str(name), bool(rule) and rule.delivery == code) for code, name in DELIVERIES.items()],
        "readers": people_choices(rule.readers if rule else ()),
        "outside": bool(rule and rule.outside_allowed),
        "addresses": "\n".join(rule.addresses) if rule else "",
    }
