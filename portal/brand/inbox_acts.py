"""What a press in the inbox does: one word on one mention or on several, undoing, signs of life, saved views."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.mentions.access import access_mention
from clients.people.access import require
from clients.people.rules import Verb
from clients.triage import actions as triage
from clients.triage.models import Ruling
from clients.triage.rules import Step, checked_filters
from clients.triage.steps import see
from portal.brand.clocks import moment_typed
from portal.brand.inbox import inbox_page
from portal.brand.inbox_one import mention, pressed, typed_id
from portal.brand.inbox_rows import rows_of
from portal.failures import failure_of
from portal.pages import back, brand_act, brand_page, render
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import brand_scope


@brand_act(again=mention)
def rule(request: HttpRequest, mention_id: UUID) -> HttpResponse:
    """One word on one mention. Whoever is warned that another has it sees so in the row, and may press again."""
    step = request.POST.get("step", "")
    if step not in _PRESSES:
        raise Invalid("unknown_step", "step")
    try:
        ruling = _PRESSES[step](request, mention_id)
    except Conflict as conflict:
        if conflict.code != "held_by_another" or not request.htmx:
            raise
        return drawn_row(request, mention_id, warning=failure_of(conflict).sentence)
    if step in {Step.HOLD, Step.LET_GO} and request.htmx:
        return drawn_row(request, mention_id)
    said = _SAID[step]()
    return pressed(request, ruling.mention, said, undo=step not in {Step.HOLD, Step.LET_GO, Step.REOPEN})


@brand_act(again=mention)
def undo(request: HttpRequest, mention_id: UUID) -> HttpResponse:
    """One's own last step back."""
    triage.undo_ruling(request.actor, mention_id=mention_id)
    if request.htmx:
        return drawn_row(request, mention_id)
    messages.success(request, _("Undone."))
    return back(reverse("mention", args=[mention_id]))


@brand_act(again=inbox_page)
def together(request: HttpRequest) -> HttpResponse:
    """The same word on all that were chosen."""
    ids = [typed_id(value, "mention") for value in request.POST.getlist("mention")]
    typed = request.POST
    step, _sign, reason = typed.get("step", "").partition(":")
    made = triage.rule_together(request.actor, mention_ids=ids, step=step, reason=reason, words=typed.get("words", ""))
    said = ngettext("%(count)d mention settled.", "%(count)d mentions settled.", len(made)) % {"count": len(made)}
    messages.success(request, said, extra_tags=reverse("inbox_undo", args=[made[0].together]))
    return _to_list(request)


@brand_act(again=inbox_page)
def undo_together(request: HttpRequest, together: UUID) -> HttpResponse:
    taken = triage.undo_together(request.actor, together=together)
    said = ngettext("%(count)d mention is back.", "%(count)d mentions are back.", len(taken))
    messages.success(request, said % {"count": len(taken)})
    return back(reverse("inbox"))


@brand_page
def present(request: HttpRequest, mention_id: UUID) -> HttpResponse:
    """A sign of life from an open page."""
    require(request.actor, Verb.MENTION_TRIAGE)
    see(request.actor, access_mention(request.actor, mention_id))
    return HttpResponse(status=204)


@brand_act(again=inbox_page)
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the page one is on."""
    view = triage.save_view(
        request.actor,
        name=request.POST.get("name", ""),
        filters=checked_filters(request.GET.dict()),
        shared=request.POST.get("shared") == "1",
    )
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return _to_list(request)


@brand_act(again=inbox_page)
def drop_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    triage.drop_view(request.actor, view_id=view_id)
    messages.success(request, _("The view is gone; nothing else is."))
    return back(reverse("inbox"))


def drawn_row(request: HttpRequest, mention_id: UUID, warning: str = "") -> HttpResponse:
    """The row once more, as it stands now."""
    with brand_scope(request.brand):
        (row,) = rows_of(request.actor, [access_mention(request.actor, mention_id)])
        context = {"row": row, "warning": warning, "may_triage": True, "query": request.GET.urlencode()}
        return render(request, "components/mention_row.html", context)


def _to_list(request: HttpRequest) -> HttpResponse:
    query = request.GET.urlencode()
    return back(reverse("inbox") + (f"?{query}" if query else ""))


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {"words": request.POST.get("words", ""), "seen_holder": request.POST.get("seen_holder", "")}


def _no_reply(request: HttpRequest, mention_id: UUID) -> Ruling:
    reason = request.POST.get("reason", "")
    return triage.dismiss_mention(request.actor, mention_id=mention_id, reason=reason, **_typed(request))


def _snooze(request: HttpRequest, mention_id: UUID) -> Ruling:
    until = moment_typed(request.POST.get("until") or request.POST.get("moment", ""), "until")
    if until is None:
        raise Invalid("not_a_moment", "until")
    seen = request.POST.get("seen_holder", "")
    return triage.snooze_mention(request.actor, mention_id=mention_id, until=until, seen_holder=seen)


def _hold(request: HttpRequest, mention_id: UUID) -> Ruling:
    seen = request.POST.get("seen_holder", "")
    return triage.hold_mention(request.actor, mention_id=mention_id, seen_holder=seen)


def _reopen(request: HttpRequest, mention_id: UUID) -> Ruling:
    return triage.reopen_mention(request.actor, mention_id=mention_id, words=request.POST.get("words", ""))


_PRESSES: dict[str, Callable[[HttpRequest, UUID], Ruling]] = {
    Step.NO_REPLY: _no_reply,
    Step.SNOOZE: _snooze,
    Step.HOLD: _hold,
    Step.REOPEN: _reopen,
    Step.WRONG: lambda request, pk: triage.mark_mention_wrong(request.actor, mention_id=pk, **_typed(request)),
    Step.LET_GO: lambda request, pk: triage.let_mention_go(request.actor, mention_id=pk),
    Step.SPLIT: lambda request, pk: triage.split_mention(request.actor, mention_id=pk),
}
_SAID: dict[str, Callable[[], str]] = {
    Step.NO_REPLY: lambda: _("No reply needed: kept with its reason."),
    Step.SNOOZE: lambda: _("Put off. It comes back by itself."),
    Step.HOLD: lambda: _("You have it."),
    Step.REOPEN: lambda: _("Open again."),
    Step.WRONG: lambda: _("Not about us."),
    Step.LET_GO: lambda: _("Nobody has it now."),
    Step.SPLIT: lambda: _("On its own again, and open."),
}
