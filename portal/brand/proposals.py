"""One version of a charter: what would change, what would have happened in the last 30 days, and the owner's signature.

And the page on which either side writes a proposal: a line per grant, plain fields, no script needed.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.autonomy.grant import NO_CHARTER
from clients.autonomy.levels import Level
from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.channels.queries import channels_of_brand
from clients.channels.rules import ChannelState
from clients.gate.queries import submissions_since
from clients.gate.replay import question_from, stored_decision
from clients.mandates.access import access_charter, access_mandate
from clients.mandates.actions.charter import decline_charter, propose_charter, sign_charter, withdraw_charter
from clients.mandates.drafting import draft_of
from clients.mandates.foresight import Foresight, foresee
from clients.mandates.queries import charter_as_written, version_in_force
from clients.mandates.rules import CharterState
from clients.mandates.sentences import sentences_between, sentences_of
from clients.people.rules import Verb, is_stepped_up, may
from portal.brand.charter import matrix_of
from portal.brand.grant_lines import draft_from, lines_of, typed_from, typed_in
from portal.brand.preparing import asks_for_it, preparation_of
from portal.brand.rows import channel_names
from portal.links import hub_url
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import CHARTER_STATES, OUTCOMES, SENSITIVITIES, badge, kind_word, level_meaning, level_word, word
from portal.wording.charters import change_sentence, charter_sentence
from tenants.errors import Invalid

LOOKS_BACK = timedelta(days=30)


@brand_page
def proposal(request: HttpRequest, charter_id: UUID) -> HttpResponse:
    """One version, whatever its state."""
    version = access_charter(request.actor, charter_id)
    written, names = charter_as_written(version), channel_names()
    base = charter_as_written(version.base) if version.base else NO_CHARTER
    changes = sentences_between(base, written, timezone.localdate())
    heads, rows = matrix_of(written, names)
    waits = version.state == CharterState.PROPOSED
    context = {
        "version": version,
        "state": badge(CHARTER_STATES, version.state),
        "when": when(version.proposed_at),
        "changes": [(s.code.split(".")[1], change_sentence(s, names)) for s in changes],
        "sentences": [charter_sentence(s, names) for s in sentences_of(written)],
        "foresight": _foresight(written) if waits else None,
        "heads": heads,
        "matrix": rows,
        "prepared": preparation_of(request.actor, version.mandate) if waits and asks_for_it(written) else None,
        "may_sign": waits and may(request.actor.role, Verb.CHARTER_SIGN),
        "may_decline": waits and may(request.actor.role, Verb.CHARTER_LOWER),
        "may_withdraw": waits and version.proposed_side == request.actor.side,
        "stepped_up": is_stepped_up(request.actor.stepped_up_at, timezone.now()),
        "step_up": hub_url("account_reauthenticate", next=request.build_absolute_uri()),
    }
    return render(request, "brand/proposal.html", context)


@brand_act(again=proposal)
def sign(request: HttpRequest, charter_id: UUID) -> HttpResponse:
    """The owner's signature under exactly what was shown."""
    version = sign_charter(actor=request.actor, charter_id=charter_id, digest=request.POST.get("digest", ""))
    messages.success(request, _("Signed. Version %(number)s is in force.") % {"number": version.number})
    return back(reverse("charter"))


@brand_act(again=proposal)
def decline(request: HttpRequest, charter_id: UUID) -> HttpResponse:
    decline_charter(actor=request.actor, charter_id=charter_id)
    messages.success(request, _("Declined. Nothing changes."))
    return back(reverse("charter"))


@brand_act(again=proposal)
def take_back(request: HttpRequest, charter_id: UUID) -> HttpResponse:
    withdraw_charter(actor=request.actor, charter_id=charter_id)
    messages.success(request, _("Withdrawn. Nothing changes."))
    return back(reverse("charter"))


@brand_page
def propose_form(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """The lines in force, to be changed, and a few empty ones."""
    mandate = access_mandate(request.actor, mandate_id)
    former = version_in_force(mandate)
    held = charter_as_written(former).grants if former else ()
    typed = typed_in(request.POST) if request.method == "POST" else [typed_from(draft_of(grant)) for grant in held]
    failure = getattr(request, "failure", None)
    context = {
        "mandate": mandate,
        "base": request.POST.get("base") or held_number(former),
        "note": request.POST.get("note", ""),
        "lines": lines_of(typed, (failure and failure.field) or ""),
        "channels": [("", _("every channel")), *_channels({line["channel"] for line in typed})],
        "kinds": [("", _("any action")), *((str(kind), kind_word(kind)) for kind in ActionKind)],
        "sensitivities": [(str(s), word(SENSITIVITIES, s)) for s in Sensitivity],
        "levels": [(str(int(level)), f"{int(level)} {level_word(level)}") for level in Level],
        "meanings": [(int(level), level_word(level), level_meaning(level)) for level in Level],
    }
    return render(request, "brand/propose.html", context)


@brand_act(again=propose_form)
def propose(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Send the proposal; the owner sees what it changes before they sign."""
    lines = [draft_from(line) for line in typed_in(request.POST)]
    base = request.POST.get("base", "0")
    if not base.isdecimal():
        raise Invalid("stale_charter", "base")
    note = request.POST.get("note", "")
    version = propose_charter(actor=request.actor, mandate_id=mandate_id, base=int(base), grants=lines, note=note)
    return back(reverse("proposal", args=[version.pk]))


def held_number(version: Any) -> int:
    return version.number if version else 0


def _channels(named: Collection[str]) -> list[tuple[str, str]]:
    """The brand's channels, and those that have ended where a line still names them: a line never changes by itself."""
    found = channels_of_brand(revoked=True)
    return [(str(c.pk), c.name) for c in found if c.state != ChannelState.REVOKED or str(c.pk) in named]


def _foresight(written: Any) -> dict[str, Any]:
    found = submissions_since(timezone.now() - LOOKS_BACK)
    seen: Foresight = foresee(((question_from(d.question), stored_decision(d)) for d in found), written)
    shifts = [(badge(OUTCOMES, s.before), badge(OUTCOMES, s.after), s.count) for s in seen.shifts]
    return {"total": seen.total, "unchanged": seen.unchanged, "shifts": shifts}
