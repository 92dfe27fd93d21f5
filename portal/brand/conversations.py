"""The inbox of conversations of one brand: who holds what, what is offered, what is due. Whole without a script."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.channels.queries import channels_of_brand
from clients.conversations import actions as talking
from clients.conversations.boxes import MOST_COUNTED, counts, cursor_of, inbox
from clients.conversations.cursors import Cursor
from clients.conversations.queries import labels, saved_views
from clients.conversations.rules import Box, checked_filters
from clients.custody.access import reading
from clients.custody.models import Conversation
from clients.custody.rules import Medium
from clients.disclosure.steps import note_reads
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.conversation_rows import conversation_rows
from portal.brand.inbox import view_link
from portal.pages import back, brand_act, brand_page, render
from portal.wording import word
from portal.wording.conversations import BOXES, MEDIUMS

A_PAGE = 50


@brand_page
def conversations(request: HttpRequest) -> HttpResponse:
    """A page of conversations; the next one is asked for by its cursor."""
    actor, now = request.actor, timezone.now()
    require(actor, Verb.CONVERSATION_READ)
    filters = checked_filters(request.GET.dict())
    found = list(inbox(actor, filters, now, Cursor.read(request.GET.get("after", "")))[: A_PAGE + 1])
    page, more = found[:A_PAGE], found[A_PAGE:]
    note_reads(actor, [reading(one) for one in page])
    context = {
        "rows": conversation_rows(actor, page),
        "next": _next(filters, page[-1]) if more else "",
        "query": urlencode(filters),
        "filtered": bool(set(filters) - {"box"}),
        "box": filters.get("box", str(Box.ALL)),
        "boxes": _boxes(actor, filters, counts(actor, now)),
        "views": [
            view_link(actor, view, filters, page="conversations", drop="conversation_view_drop")
            for view in saved_views(actor)
        ],
        "may_work": may(actor.role, Verb.CONVERSATION_HOLD),
        "words": filters.get("q", ""),
    }
    return render(request, "brand/conversations.html", context | _choices(actor, filters))


def _boxes(actor: Actor, filters: dict[str, str], found: dict[Box, int]) -> list[dict[str, Any]]:
    """Each with how many are in it, whatever else is filtered for."""
    here = filters.get("box", str(Box.ALL))
    return [
        {
            "url": f"{reverse('conversations')}?{urlencode(filters | {'box': str(box)})}",
            "word": word(BOXES, box),
            "count": counted(found[box], MOST_COUNTED) if box in found else None,
            "current": here == box,
        }
        for box in Box
    ]


def counted(found: int, most: int) -> str:
    """'99+' where nobody counted further."""
    return f"{most}+" if found > most else str(found)


def _choices(actor: Actor, filters: dict[str, str]) -> dict[str, Any]:
    """The filters as choices, each with what is chosen."""
    channels = channels_of_brand(revoked=True).values_list("pk", "name")
    return {
        "channels": [(str(pk), name, filters.get("channel") == str(pk)) for pk, name in channels],
        "mediums": [(str(m), word(MEDIUMS, m), filters.get("medium") == m) for m in Medium],
        "labels": [(str(one.pk), one.name, filters.get("label") == str(one.pk)) for one in labels(actor)],
    }


def _next(filters: dict[str, str], last: Conversation) -> str:
    return f"{reverse('conversations')}?{urlencode(filters | {'after': str(cursor_of(last))})}"


@brand_act(again=conversations)
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the page one is on."""
    filters = checked_filters(request.GET.dict())
    view = talking.keep_view(
        request.actor,
        name=request.POST.get("name", ""),
        filters=filters,
        shared=request.POST.get("shared") == "1",
    )
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return back(f"{reverse('conversations')}?{urlencode(filters)}")


@brand_act(again=conversations)
def drop_view(request: HttpRequest, view_id: Any) -> HttpResponse:
    talking.forget_view(request.actor, view_id=view_id)
    messages.success(request, _("The view is gone; nothing else is."))
    return back(reverse("conversations"))
