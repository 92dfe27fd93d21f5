"""When a conversation is due, what its member was promised, and promising it: in the brand's approved words alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.autonomy.vocabulary import ActionKind
from clients.briefings.queries import calendar_in_force
from clients.conversations.queries import acknowledgements
from clients.conversations.rules import with_moment
from clients.custody.clocks import ClockKind, ClockState
from clients.custody.models import Conversation
from clients.custody.rules import TurnKind
from clients.gate.actions import submit_item
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.service.models import Clock, Promise
from clients.service.queries import clocks_of
from clients.triage.actions import begin_reply
from portal.brand.answering import draft_speaking
from portal.brand.clocks import moment_typed, typed_of
from portal.brand.composing import content_from
from portal.failures import failure_of
from portal.pages import back
from portal.times import when
from portal.wording import badge, word
from portal.wording.conversations import CLOCKS, DUE, PROMISES
from tenants.errors import Invalid, RelaisError
from tenants.walls.scope import brand_scope

A_WORKING_DAY = timedelta(hours=8)


def due_of(actor: Actor, found: Conversation) -> dict[str, Any]:
    """Both clocks of the round that runs, promises, and what an acknowledgement offers."""
    running = [clock for clock in clocks_of(found) if clock.stopped_at is None]
    owed = Promise.objects.filter(conversation=found).order_by("-until")[:3]
    due = next((clock.due_at for clock in running if clock.kind == ClockKind.ANSWER and clock.due_at), None)
    now = timezone.now()
    later = due if due and due > now else calendar_in_force().after(now, A_WORKING_DAY)
    return {
        "clocks": [_clock(clock) for clock in running],
        "promises": [{"state": badge(PROMISES, one.state), "until": when(one.until)} for one in owed],
        "wordings": [(f"{one.key}:{one.language}", one.answer) for one in acknowledgements(actor, found.language)],
        "promise_until": typed_of(later),
    }


def acknowledge_now(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """To the gate at once: its answer is on the item. What still misses something stays a draft.

    Raises Invalid('not_a_moment' | 'time_past', 'until'), Invalid('nothing_chosen', 'wording') and what `begin_reply` does.
    """
    actor, typed = request.actor, request.POST
    require(actor, Verb.CONVERSATION_HOLD)
    until = moment_typed(typed.get("until", ""), "until")
    if until is None:
        raise Invalid("not_a_moment", "until")
    with brand_scope(request.brand):
        draft = draft_speaking(actor, {"reply": str(conversation_id), "kind": str(ActionKind.ACKNOWLEDGE)})
        content = content_from(replace(draft, text=_worded(actor, typed.get("wording", ""), until)))
    kind = TurnKind.ACKNOWLEDGEMENT
    item = begin_reply(actor, conversation_id=conversation_id, content=content, kind=kind, promised_at=until)
    assert item.version is not None
    try:
        submit_item(actor, item_id=item.pk, seen_digest=item.version.digest)
        messages.success(request, _("Submitted. The gate’s answer is below."))
    except RelaisError as error:
        messages.warning(request, _("Kept as a draft. %(why)s") % {"why": failure_of(error).sentence})
    return back(reverse("item", args=[item.pk]))


def _worded(actor: Actor, chosen: str, until: datetime) -> str:
    """The approved wording with the moment in its own language. INVARIANT: nothing else of it is another word."""
    ready = {f"{one.key}:{one.language}": one for one in acknowledgements(actor, "")}
    answer = ready.get(chosen)
    parts = with_moment(answer.answer) if answer else None
    if answer is None or parts is None:
        raise Invalid("nothing_chosen", "wording")
    known = answer.language in dict(settings.LANGUAGES)
    with translation.override(answer.language if known else translation.get_language()):
        moment = _("%(date)s at %(time)s") % {
            "date": date_format(timezone.localtime(until), "j F"),
            "time": date_format(timezone.localtime(until), "H:i"),
        }
    return moment.join(parts)


def _clock(clock: Clock) -> dict[str, Any]:
    if clock.state == ClockState.PAUSED:
        stands = "paused"
    elif clock.breached_at is not None:
        stands = "late"
    else:
        stands = "warned" if clock.warned_at else "running"
    return {"kind": word(CLOCKS, clock.kind), "state": badge(DUE, stands), "due": when(clock.due_at)}
