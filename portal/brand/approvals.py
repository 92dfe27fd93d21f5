"""Approvals: what waits for the brand's word. One thumb on a phone, one key on a keyboard; the server decides who was first."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.channels.queries import channels_of_brand
from clients.gate import actions as gate
from clients.gate.models import DecisionRecord
from clients.items.models import Item
from clients.items.queries import items_waiting_for_brand
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.cards import cards_of
from portal.brand.home import reports_waiting_count
from portal.brand.items import item
from portal.brand.windows import window_sentences
from portal.pages import back, brand_act, brand_page, render
from portal.wording import ITEM_STATES, badge, reason_sentence

A_PAGE = 50


@brand_page
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits, what is due first on top. Four queries, however many wait."""
    require(request.actor, Verb.ITEM_READ)
    waiting = list(items_waiting_for_brand()[:A_PAGE])
    channels = {str(channel.pk): channel for channel in channels_of_brand(revoked=True)}
    context = {
        "cards": cards_of(request.actor, waiting, channels, _why(waiting)),
        "may_approve": may(request.actor.role, Verb.ITEM_APPROVE),
        "reports": reports_waiting_count(request.actor),
    }
    return render(request, "brand/approvals.html", context)


@brand_act(again=item)
def approve(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Yes to exactly what was seen."""
    digest = request.POST.get("digest", "")
    found = gate.approve_item(
        request.actor, item_id=item_id, seen_digest=digest, comment=request.POST.get("comment", "")
    )
    if request.htmx:
        context = {
            "title": found.title,
            "url": reverse("item", args=[item_id]),
            "state": badge(ITEM_STATES, found.state),
        }
        return render(request, "components/approved.html", context)
    messages.success(request, _("Approved."))
    return back(reverse("approvals"))


@brand_act(again=item)
def ask_change(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Back to its author, with what should change."""
    comment = request.POST.get("comment", "")
    gate.ask_change(request.actor, item_id=item_id, seen_digest=request.POST.get("digest", ""), comment=comment)
    messages.success(request, _("Sent back with your comment."))
    return back(reverse("approvals"))


@brand_act(again=item)
def refuse(request: HttpRequest, item_id: UUID) -> HttpResponse:
    comment = request.POST.get("comment", "")
    gate.refuse_item(request.actor, item_id=item_id, seen_digest=request.POST.get("digest", ""), comment=comment)
    messages.success(request, _("Refused. This content does not go out."))
    return back(reverse("approvals"))


@brand_act(again=approvals)
def approve_batch(request: HttpRequest) -> HttpResponse:
    """Several of equal risk at once; the server holds them a few seconds, and one press takes all back."""
    chosen = [_pair(value) for value in request.POST.getlist("item")]
    batch = gate.approve_batch(request.actor, items=[pair for pair in chosen if pair])
    count = len(batch.items)
    said = ngettext(
        "%(count)d item will be approved in a few seconds.", "%(count)d items will be approved in a few seconds.", count
    )
    messages.success(request, said % {"count": count}, extra_tags=reverse("batch_undo", args=[batch.pk]))
    return back(reverse("approvals"))


@brand_act(again=approvals)
def batch_undo(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    gate.undo_batch(request.actor, batch_id=batch_id)
    messages.success(request, _("Taken back. Nothing was approved."))
    return back(reverse("approvals"))


def _pair(value: str) -> tuple[UUID, str] | None:
    item_id, _sign, digest = value.partition(":")
    try:
        return UUID(item_id), digest
    except ValueError:
        return None


def _why(waiting: Iterable[Item]) -> dict[UUID, str]:
    """The last reason of the gate's last answer for each item, or until when the brand can object: two queries a page."""
    waiting = list(waiting)
    ids = [found.pk for found in waiting]
    answers = DecisionRecord.objects.filter(item_id__in=ids).order_by("item_id", "-at").distinct("item_id")
    why = {pk: reason_sentence(reasons[-1]) for pk, reasons in answers.values_list("item_id", "reasons") if reasons}
    return why | window_sentences(waiting)
