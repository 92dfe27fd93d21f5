"""The list of items, and one item: what will be seen outside, what changed, what happened, why, and what one may do."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.gate import actions as gate
from clients.gate.models import Dispatch
from clients.gate.words import DispatchState
from clients.items.access import access_item, access_media
from clients.items.life import ItemState
from clients.items.models import Item
from clients.items.queries import items_in, newest_items
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.answers import answers_for
from portal.brand.briefing_topics import TopicSeen, topics_seen
from portal.brand.erased import erased_from_item
from portal.brand.history import diff_since_approval, diff_since_seen, history_of, standing_answers, why_of
from portal.brand.moderation_marks import case_of_item
from portal.brand.performing import acts_of
from portal.brand.previews import previews_of
from portal.brand.remarks import keep_remark, remarks_of
from portal.brand.rows import channel_names, content_of, item_row
from portal.brand.windows import window_sentences
from portal.handing_out import handed_out
from portal.pages import back, brand_act, brand_page, render
from tenants.errors import Invalid
from tenants.vocabulary import Side

GROUPS = {
    "open": frozenset({ItemState.DRAFT, ItemState.FAILED, ItemState.UNCERTAIN, ItemState.REFUSED, ItemState.VETOED}),
    "waiting": frozenset({ItemState.SUBMITTED, ItemState.WAITING, ItemState.IN_VETO, ItemState.HELD}),
    "leaving": frozenset({ItemState.CLEARED, ItemState.SENDING}),
    "done": frozenset({ItemState.SENT, ItemState.EXPIRED, ItemState.WITHDRAWN}),
}
A_PAGE = 50


@brand_page
def items(request: HttpRequest) -> HttpResponse:
    """All items, newest first, or one group of states."""
    require(request.actor, Verb.ITEM_READ)
    group = request.GET.get("group", "")
    found = items_in(GROUPS[group])[:A_PAGE] if group in GROUPS else newest_items(A_PAGE)
    names = channel_names()
    context = {
        "rows": [item_row(item, names) for item in found],
        "group": group,
        "groups": _groups(),
        "may_create": may(request.actor.role, Verb.ITEM_CREATE),
    }
    return render(request, "brand/items.html", context)


@brand_page
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One item, whole."""
    found = access_item(request.actor, item_id)
    names = channel_names()
    context = {
        "row": item_row(found, names),
        "item": found,
        "content": content_of(found),
        "digest": found.version.digest if found.version else "",
        "previews": previews_of(content_of(found)),
        "diff": diff_since_approval(found),
        "moved": diff_since_seen(found, request.POST.get("digest") or request.GET.get("seen", "")),
        "erased": erased_from_item(found),
        "history": history_of(found, names),
        "why": why_of(found, names),
        "topics": _topics(request.actor, found),
        "window": window_sentences([found]).get(found.pk, ""),
        "standing": standing_answers(found, names),
        "acts": (acts := acts_of(request.actor, found)),
        "seen_word": _seen_word(found.state),
        "dispatches": [act for act in acts if act.step],
        "answers": answers_for(request.actor, found),
        "may_repeat": may(request.actor.role, Verb.ITEM_SUBMIT),
        "may_log": may(request.actor.role, Verb.AUDIT_READ),
        "comment": request.POST.get("comment", ""),
        "remarks": remarks_of(request, found),
        "case_url": case_of_item(request.actor, found),
    }
    return render(request, "brand/item.html", context)


def _topics(actor: Actor, item: Item) -> list[TopicSeen]:
    """Whose words touched what, while the gate still has to answer; of the brand's own acts it does not ask."""
    is_open = item.state in GROUPS["open"] | GROUPS["waiting"]
    return topics_seen(actor, content_of(item)) if is_open and item.doer_side != Side.BRAND else []


@brand_page
def media(request: HttpRequest, digest: str) -> HttpResponse:
    """A stored picture, for whoever may read items of this brand. Never interpreted by the browser as anything else."""
    return handed_out(access_media(request.actor, digest))


@brand_act(again=item)
def submit(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Bring the item to the gate."""
    gate.submit_item(request.actor, item_id=item_id, seen_digest=request.POST.get("digest", ""))
    return _seen(item_id, request, _("Submitted. The gate’s answer is below."))


@brand_act(again=item)
def withdraw(request: HttpRequest, item_id: UUID) -> HttpResponse:
    gate.withdraw_item(request.actor, item_id=item_id)
    return _seen(item_id, request, _("Withdrawn. It will not go out."))


@brand_act(again=item)
def perform(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The brand sends in its own name what the agency prepared."""
    gate.perform_item(request.actor, item_id=item_id, seen_digest=request.POST.get("digest", ""))
    return _seen(item_id, request, _("It goes out in your name."))


@brand_act(again=item)
def veto(request: HttpRequest, item_id: UUID) -> HttpResponse:
    comment = request.POST.get("comment", "")
    gate.veto_item(request.actor, item_id=item_id, seen_digest=request.POST.get("digest", ""), comment=comment)
    return _seen(item_id, request, _("Vetoed. It does not go out."))


@brand_act(again=item)
def dispatch(request: HttpRequest, item_id: UUID, dispatch_id: UUID) -> HttpResponse:
    """Start, confirm, or say what became of an uncertain act."""
    actor, step, note = request.actor, request.POST.get("step", ""), request.POST.get("note", "")
    if step == "begin":
        _tell_begun(request, gate.begin_performing(actor, dispatch_id=dispatch_id))
    elif step == "look":
        _tell_found(request, found=gate.look_now(actor, dispatch_id=dispatch_id))
    else:
        settle = {"confirm": gate.confirm_performed, "resolve": gate.resolve_uncertain}.get(step)
        done = {"yes": True, "no": False}.get(request.POST.get("done", ""))
        if settle is None or done is None:
            raise Invalid("done_missing", "done")
        settle(actor, dispatch_id=dispatch_id, done=done, note=note)
        messages.success(request, _("Noted."))
    return back(reverse("item", args=[item_id]))


@brand_act(again=item)
def remark(request: HttpRequest, item_id: UUID) -> HttpResponse:
    keep_remark(request, item_id)
    return _seen(item_id, request, _("Noted."))


def _tell_begun(request: HttpRequest, begun: Dispatch) -> None:
    if begun.state == DispatchState.SENDING:
        messages.success(request, _("You may start. Say here afterwards whether it took place."))
    else:
        messages.warning(request, _("Please do not start: the gate no longer lets it out. It says why below."))


def _tell_found(request: HttpRequest, *, found: bool) -> None:
    if found:
        messages.success(request, _("It is there. The receipt it lacked is written."))
    else:
        messages.warning(
            request, _("The channel does not show it at this moment. Please look yourself before you say no.")
        )


def _seen(item_id: UUID, request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return back(reverse("item", args=[item_id]))


def _seen_word(state: str) -> str:
    """What the preview of an item is called, now that it may have left or never will."""
    if state == ItemState.SENT:
        return _("What went out")
    return _("What would have been seen") if state == ItemState.WITHDRAWN else _("What will be seen")


def _groups() -> list[tuple[str, str]]:
    return [
        ("", _("Newest")),
        ("open", _("To work on")),
        ("waiting", _("Waiting for the brand")),
        ("leaving", _("About to leave")),
        ("done", _("Done")),
    ]
