"""How long each kind of data is kept: the rule, what would go on a day, and what went at the last runs."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.audit.models import Entry
from clients.community.actions import set_retention
from clients.community.retention import Rule, over, rules
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.typed import day_typed, number_typed
from portal.wording import word
from portal.wording.members import DONE_WITH, GROUNDS, STORED
from tenants.errors import Invalid

RUNS_SHOWN = 10
AHEAD = timedelta(days=30)


@brand_page
def retention_page(request: HttpRequest) -> HttpResponse:
    """The rules with a preview for a day that may be chosen; whoever reads the log reads this."""
    require(request.actor, Verb.AUDIT_READ)
    day = _day(request)
    moment = timezone.make_aware(datetime.combine(day, time()))
    runs = Entry.objects.filter(verb="retention.run").order_by("-at")[:RUNS_SHOWN]
    context = {
        "day": day,
        "rules": [_row(rule, moment, day) for rule in rules()],
        "runs": [(when(run.at), sum(run.facts["counts"].values())) for run in runs],
        "may_set": may(request.actor.role, Verb.RETENTION_SET),
    }
    return render(request, "brand/retention.html", context)


@brand_act(again=retention_page)
def retention(request: HttpRequest) -> HttpResponse:
    """One rule, anew."""
    typed = request.POST
    days = number_typed(typed.get("days", ""), "days") if typed.get("days", "").isdecimal() else None
    set_retention(request.actor, kind=typed.get("kind", ""), days=days, on=typed.get("on") == "on")
    messages.success(request, _("Kept. It holds from the next daily run on."))
    return back(reverse("retention"))


def _row(rule: Rule, moment: datetime, day: date) -> dict[str, Any]:
    count = len(over(rule, moment))
    facts = {"date": date_format(day, "j F Y"), "count": count}
    return {
        "kind": str(rule.kind),
        "word": word(STORED, rule.kind),
        "days": rule.days,
        "on": rule.on,
        "ground": word(GROUNDS, rule.default.basis),
        "done": word(DONE_WITH, rule.default.action),
        "preview": _("On %(date)s, %(count)s rows would go.") % facts if rule.on else _("Kept without end."),
    }


def _day(request: HttpRequest) -> date:
    """A day that cannot be read is the usual one."""
    usual = timezone.localdate() + AHEAD
    try:
        return day_typed(request.GET.get("day", ""), "day") or usual
    except Invalid:
        return usual
