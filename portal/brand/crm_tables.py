"""A sample that is only tried, and a table that is looked at, written, and undone."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.community.access import reading
from clients.crm.access import access_contact_import, access_system
from clients.crm.actions import confirm_contacts, read_contacts, undo_contacts
from clients.crm.actions.imports import preview_import
from clients.crm.models import System
from clients.crm.planning import Row, plan
from clients.crm.reading import Said, read_row
from clients.crm.rules import MOST_AT_ONCE, policy_of
from clients.crm.tables import read_table, said_in
from clients.disclosure.steps import note_reads
from clients.items.tables import MOST_BYTES
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.crm import system_page
from portal.brand.crm_fields import field_word
from portal.failures import failure_of
from portal.pages import back, brand_act, brand_page, brand_question, render
from portal.times import when
from portal.wording import badge, error_sentence, word
from portal.wording.crm import EFFECTS, OUTCOMES, UNDONE, WHYS, WRITTEN
from tenants.errors import Invalid

SHOWN = 60


@brand_question(again=system_page)
def try_sample(request: HttpRequest, system_id: UUID) -> HttpResponse:
    """A dry run: what would become of each field. Nothing is written."""
    system = access_system(request.actor, system_id)
    try:
        rows = plan(system, sample_typed(system, request.POST.get("sample", "")[:200_000]))
    except Invalid as wrong:
        request.failure = failure_of(wrong)
        rows = []
    request.tried = drawn(request.actor, system, rows)
    return system_page.in_scope(request, system_id)


@brand_page
def import_form(request: HttpRequest, system_id: UUID) -> HttpResponse:
    """Which columns a table may have, and where to choose one."""
    require(request.actor, Verb.CRM_SET)
    system = access_system(request.actor, system_id)
    columns = ["external_id", *(rule.theirs for rule in policy_of(system.fields).values() if rule.inward)]
    return render(request, "brand/crm_import.html", {"system": system, "columns": columns, "most": MOST_AT_ONCE})


@brand_act(again=import_form)
def bring(request: HttpRequest, system_id: UUID) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("table_missing", "file")
    data = file.read(MOST_BYTES + 1)
    found = read_contacts(request.actor, system_id=system_id, data=data, name=file.name or "")
    return back(reverse("crm_table", args=[found.pk]))


@brand_page
def table_page(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Before it is written: line by line what would become of it. Afterwards: what it did, and the way back."""
    found = access_contact_import(request.actor, import_id)
    context: dict[str, Any] = {"table": found, "system": found.system, "may_set": may(request.actor.role, Verb.CRM_SET)}
    if found.confirmed_at is None:
        rows = preview_import(found)
        context["rows"] = drawn(request.actor, found.system, rows)
        context["more"] = max(0, len(rows) - SHOWN)
    else:
        context["written"] = when(found.confirmed_at)
        context["undone"] = when(found.undone_at) if found.undone_at else ""
        counts = found.counts
        context["counts"] = [(badge(WRITTEN, code), n) for code, n in counts.items() if code in WRITTEN]
        context["put_back"] = [(word(UNDONE, c), counts[f"undo_{c}"]) for c in UNDONE if counts.get(f"undo_{c}")]
        context["left"] = [
            (row.number, word(UNDONE, row.undone))
            for row in found.written.exclude(undone__in=("", "back")).order_by("number")[:SHOWN]
        ]
    return render(request, "brand/crm_table.html", context)


@brand_act(again=table_page)
def confirm(request: HttpRequest, import_id: UUID) -> HttpResponse:
    confirm_contacts(request.actor, import_id=import_id)
    messages.success(request, _("Written. You can undo it from here."))
    return back(reverse("crm_table", args=[import_id]))


@brand_act(again=table_page)
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    counts = undo_contacts(request.actor, import_id=import_id)
    if set(counts) <= {"back"}:
        messages.success(request, _("Undone. Everything stands as before."))
    else:
        messages.warning(request, _("Undone, but for what has changed since: it is listed here."))
    return back(reverse("crm_table", args=[import_id]))


def sample_typed(system: System, text: str) -> list[Said]:
    """JSON (one object, or a list), or a table. Raises Invalid('sample_unreadable' | 'table_...', 'sample')."""
    policy = policy_of(system.fields)
    if not text.strip():
        raise Invalid("nothing_brought", "sample")
    if text.lstrip()[:1] in "[{":
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise Invalid("sample_unreadable", "sample") from None
        objects = found if isinstance(found, list) else [found]
        if not all(isinstance(one, Mapping) for one in objects):
            raise Invalid("sample_unreadable", "sample")
        return [_said(policy, dict(one)) for one in objects[:SHOWN]]
    try:
        return [said_in(policy, line) for line in read_table(text.encode("utf-8", "replace"))[:SHOWN]]
    except Invalid as wrong:
        raise Invalid(wrong.code, "sample", **wrong.facts) from None


def _said(policy: Any, one: dict[str, Any]) -> Said:
    external_id = one.pop("external_id", one.pop("id", ""))
    inner = one.get("fields")
    return read_row(policy, inner if isinstance(inner, Mapping) else one, str(external_id))


def drawn(actor: Actor, system: System, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows as the page shows them; whoever is named in them is read, and that is written down."""
    shown = list(rows)[:SHOWN]
    note_reads(actor, [reading(row.member) for row in shown if row.member])
    return [_drawn(system, row) for row in shown]


def _drawn(system: System, row: Row) -> dict[str, Any]:
    policy = policy_of(system.fields)
    values = row.said.values | {f"consent:{purpose}": state for purpose, state in row.said.consents.items()}
    return {
        "number": row.number,
        "external_id": row.said.external_id,
        "badge": badge(OUTCOMES, row.outcome),
        "member": row.member,
        "why": word(WHYS, row.why) if row.why else "",
        "fields": [
            (policy[name].theirs if name in policy else name, field_word(name) if name in policy else "",
             values.get(name, ""), word(EFFECTS, effect))
            for name, effect in row.effects.items()
        ],
        "left_out": [name for name in row.said.left_out if name not in row.effects],
        "problems": [(p.field, error_sentence(p.code, **p.facts)) for p in row.said.problems],
    }  # fmt: skip
