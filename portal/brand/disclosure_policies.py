"""Allowing another system to read: which fields, what for, until when. The owner proves who they are."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.disclosure.actions import allow_integration
from clients.disclosure.rules import FIELDS, SYSTEMS, InfoClass
from clients.people.access import require
from clients.people.rules import Verb
from portal.brand.disclosure_classes import class_typed
from portal.pages import back, brand_act, brand_page, render
from portal.typed import day_typed
from portal.wording import word
from portal.wording.disclosures import CLASS_CHOICES, OBJECTS
from portal.wording.disclosures import FIELDS as FIELD_WORDS
from portal.wording.disclosures import SYSTEMS as SYSTEM_WORDS
from tenants.errors import Invalid

USUAL = timedelta(days=365)
OFFERED = (InfoClass.PUBLIC, InfoClass.SHARED, InfoClass.NAMED)


@brand_page
def allow_form(request: HttpRequest) -> HttpResponse:
    """What another system may read. Nothing is ticked before somebody ticks it."""
    require(request.actor, Verb.INTEGRATION_ALLOW)
    typed = request.POST
    chosen = set(typed.getlist("field"))
    context = {
        "name": typed.get("name", ""),
        "purpose": typed.get("purpose", ""),
        "until": typed.get("until", f"{timezone.localdate() + USUAL:%Y-%m-%d}"),
        "systems": [(s, word(SYSTEM_WORDS, s), typed.get("system", SYSTEMS[0]) == s) for s in SYSTEMS],
        "classes": [(str(c), word(CLASS_CHOICES, c), typed.get("class", "shared") == c) for c in OFFERED],
        "kinds": [_kind(kind, fields, chosen) for kind, fields in FIELDS.items()],
    }
    return render(request, "brand/integration.html", context)


@brand_act(again=allow_form)
def allow(request: HttpRequest) -> HttpResponse:
    typed = request.POST
    allow_integration(
        request.actor,
        name=typed.get("name", ""),
        system=typed.get("system", ""),
        purpose=typed.get("purpose", ""),
        fields=_fields(typed.getlist("field")),
        most_class=class_typed(typed.get("class", "")),
        until=_end_of(typed.get("until", "")),
    )
    messages.success(request, _("Allowed. It is in the ledger, where you can end it at any moment."))
    return back(reverse("disclosures"))


def _kind(kind: str, fields: tuple[str, ...], chosen: set[str]) -> dict[str, Any]:
    return {
        "label": word(OBJECTS, kind),
        "fields": [(f"{kind}:{name}", word(FIELD_WORDS, name), f"{kind}:{name}" in chosen) for name in fields],
    }


def _fields(typed: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in typed:
        kind, _sign, name = one.partition(":")
        found.setdefault(kind, []).append(name)
    return found


def _end_of(typed: str) -> datetime:
    """The end of that day, on the brand's clocks. Raises Invalid('not_a_date', 'until')."""
    day = day_typed(typed, "until")
    if day is None:
        raise Invalid("not_a_date", "until")
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
