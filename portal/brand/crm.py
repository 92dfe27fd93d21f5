"""The brand's customer systems: which there are, how people are recognised, and which fields pass between."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.crm.access import access_system
from clients.crm.actions import change_system, connect_system, end_system, set_fields
from clients.crm.actions.systems import MATCHED
from clients.crm.models import System
from clients.crm.queries import clashes_open, counts_by_system, imports, systems
from clients.crm.rules import Same, SystemKind
from clients.disclosure.rules import InfoClass
from clients.keys.queries import live_keys
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.crm_fields import BRINGS, field_rows, policy_typed
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import word
from portal.wording.crm import KINDS, SAME
from portal.wording.disclosures import CLASS_CHOICES
from tenants.errors import Invalid


@brand_page
def systems_page(request: HttpRequest) -> HttpResponse:
    """All that are connected, with what waits for somebody; for whoever may, a form for one more."""
    require(request.actor, Verb.CRM_READ)
    counts = counts_by_system()
    context = {
        "systems": [{"one": s, "kind": word(KINDS, s.kind), **counts.get(s.pk, {})} for s in systems()],
        "asked": clashes_open(request.actor).count(),
        "may_set": may(request.actor.role, Verb.CRM_SET),
        "form": _form(request, None),
    }
    return render(request, "brand/crm.html", context)


@brand_act(again=systems_page)
def connect(request: HttpRequest) -> HttpResponse:
    typed = request.POST
    system = connect_system(
        request.actor,
        name=typed.get("name", ""),
        kind=typed.get("kind", ""),
        key_id=key_typed(typed.get("key", "")),
        brings=typed.get("brings", ""),
    )
    messages.success(request, _("Connected. Now say which fields pass."))
    return back(reverse("crm_system", args=[system.pk]))


@brand_page
def system_page(request: HttpRequest, system_id: UUID) -> HttpResponse:
    """One system: how it is connected, its fields, tables that were brought; and a place to try a sample."""
    system = access_system(request.actor, system_id)
    context = {
        "system": system,
        "form": _form(request, system),
        "rows": field_rows(request, system),
        "may_set": may(request.actor.role, Verb.CRM_SET),
        "imports": [(one, when(one.created_at), _state_of(one)) for one in imports().filter(system=system)[:20]],
        "tried": getattr(request, "tried", None),
        "sample": request.POST.get("sample", ""),
    }
    return render(request, "brand/crm_system.html", context)


@brand_act(again=system_page)
def change(request: HttpRequest, system_id: UUID) -> HttpResponse:
    typed = request.POST
    change_system(
        request.actor,
        system_id=system_id,
        name=typed.get("name", ""),
        kind=typed.get("kind", ""),
        key_id=key_typed(typed.get("key", "")),
        brings=typed.get("brings", ""),
        matching={one: typed.get(f"by_{one}", "") for one in MATCHED},
    )
    messages.success(request, _("Kept."))
    return back(reverse("crm_system", args=[system_id]))


@brand_act(again=system_page)
def fields(request: HttpRequest, system_id: UUID) -> HttpResponse:
    set_fields(request.actor, system_id=system_id, policy=policy_typed(request))
    messages.success(request, _("Kept. It holds from the next request on."))
    return back(f"{reverse('crm_system', args=[system_id])}#fields")


@brand_act(again=system_page)
def end(request: HttpRequest, system_id: UUID) -> HttpResponse:
    end_system(request.actor, system_id=system_id)
    messages.success(request, _("Ended. Nothing passes any more; what it brought stays."))
    return back(reverse("crm"))


def key_typed(text: str) -> UUID | None:
    """Raises Invalid('unknown_rule', 'key')."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid("unknown_rule", "key") from None


def _form(request: HttpRequest, system: System | None) -> dict[str, Any]:
    typed = request.POST if request.method == "POST" else {}
    kept = {"name": "", "kind": "generic", "key": "", "brings": str(InfoClass.BRAND)}
    matching = dict.fromkeys(MATCHED, str(Same.ASK))
    if system is not None:
        kept = {"name": system.name, "kind": system.kind, "key": str(system.key or ""), "brings": system.brings}
        matching |= system.matching
    now = {name: typed.get(name, value) for name, value in kept.items()}
    return {
        "name": now["name"],
        "kinds": [(str(k), word(KINDS, k), now["kind"] == k) for k in SystemKind],
        "keys": [(str(k.pk), k.name, now["key"] == str(k.pk)) for k in live_keys(timezone.now())[:100]],
        "brings": [(str(c), word(CLASS_CHOICES, c), now["brings"] == c) for c in BRINGS],
        "matching": [
            (one, label, [(str(s), word(SAME, s), typed.get(f"by_{one}", matching[one]) == s) for s in Same])
            for one, label in (
                ("email", _("Whoever has the same e-mail address")),
                ("handle", _("Whoever has the same handle")),
            )
        ],
    }


def _state_of(found: Any) -> str:
    if found.undone_at:
        return _("undone")
    return _("written") if found.confirmed_at else _("only looked at")
