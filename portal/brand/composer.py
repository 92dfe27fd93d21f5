"""The composer: a new item, the next version of one, and an approver's own wording of one; with a live preview."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.channels.media import MOST_BYTES
from clients.channels.queries import channels_of_brand
from clients.gate import actions as gate
from clients.items.access import access_item
from clients.items.actions import add_media, create_item, edit_item
from clients.items.content import MediaRef
from clients.items.models import Item
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.changes import what_changed
from portal.brand.composing import Draft, content_from, draft_from_post, draft_of
from portal.brand.history import diff_since_seen
from portal.brand.previews import previews_of
from portal.brand.rows import channel_names, content_of, media_url
from portal.diffing import Part
from portal.failures import failure_of
from portal.pages import back, brand_act, brand_page, render
from portal.wording import SENSITIVITIES, kind_word, word
from tenants.errors import Invalid, RelaisError


@brand_page
def new_form(request: HttpRequest) -> HttpResponse:
    require(request.actor, Verb.ITEM_CREATE)
    return _composer(request, _typed_or(request, Draft()), reverse("item_new"), reverse("items"))


@brand_act(again=new_form)
def new(request: HttpRequest) -> HttpResponse:
    """Keep a new draft, and submit it at once if that was the button."""
    draft = draft_from_post(request.POST)
    item = create_item(request.actor, content=content_from(draft, _uploaded(request)), note=draft.note)
    assert item.version is not None
    return _kept(request, item.pk, item.version.digest)


@brand_page
def edit_form(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """An edit is a new version. After somebody else's, what was typed stays, beside what changed meanwhile."""
    require(request.actor, Verb.ITEM_EDIT)
    draft, moved = _of_item(request, item_id)
    return _composer(request, draft, reverse("item_edit", args=[item_id]), reverse("item", args=[item_id]), **moved)


@brand_act(again=edit_form)
def edit(request: HttpRequest, item_id: UUID) -> HttpResponse:
    draft = draft_from_post(request.POST)
    content = content_from(draft, _uploaded(request))
    version = edit_item(request.actor, item_id=item_id, seen_digest=draft.seen_digest, content=content, note=draft.note)
    return _kept(request, item_id, version.digest)


@brand_page
def approve_form(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """The approver's wording: what they save is what is approved, and only that."""
    require(request.actor, Verb.ITEM_APPROVE)
    draft, moved = _of_item(request, item_id)
    action = reverse("approve_edited", args=[item_id])
    return _composer(request, draft, action, reverse("approvals"), approving=True, **moved)


@brand_act(again=approve_form)
def approve_edited(request: HttpRequest, item_id: UUID) -> HttpResponse:
    draft = draft_from_post(request.POST)
    content = content_from(draft, _uploaded(request))
    gate.approve_with_edit(
        request.actor, item_id=item_id, seen_digest=draft.seen_digest, content=content, comment=draft.note
    )
    messages.success(request, _("Approved, in your wording."))
    return back(reverse("item", args=[item_id]))


@brand_page
def preview(request: HttpRequest) -> HttpResponse:
    """What the outside would see of what is being typed. Reads only; an unfinished content shows nothing yet."""
    require(request.actor, Verb.ITEM_CREATE)
    try:
        shown = previews_of(content_from(draft_from_post(request.GET)))
    except Invalid:
        shown = []
    return render(request, "components/previews.html", {"previews": shown})


def _typed_or(request: HttpRequest, stored: Draft) -> Draft:
    return draft_from_post(request.POST) if request.method == "POST" else stored


def _of_item(request: HttpRequest, item_id: UUID) -> tuple[Draft, dict[str, Any]]:
    """What to show in the composer, and, when the item moved on under somebody's hands, how it did."""
    item = access_item(request.actor, item_id)
    assert item.version is not None
    stored = draft_of(content_of(item), item.version.digest)
    draft = _typed_or(request, stored)
    if request.method != "POST" or draft.seen_digest == item.version.digest:
        return draft, {}
    moved = {"theirs": _theirs(draft, item), "author": item.version.author_name}
    # What the person now sees is the newest version: if they save again, it is on top of that one, knowingly.
    return replace(draft, seen_digest=item.version.digest), moved


def _theirs(draft: Draft, item: Item) -> list[Part]:
    """From what was typed to what is there now; from the version that was seen, where what was typed is no content yet."""
    try:
        mine = content_from(draft)
    except Invalid:
        return diff_since_seen(item, draft.seen_digest)
    return what_changed(mine, content_of(item), channel_names())


def _uploaded(request: HttpRequest) -> tuple[MediaRef, ...]:
    """Store the pictures that came along; each is cleaned and decoded first. Their words come from the same form."""
    alt = request.POST.get("upload_alt", "")
    files = request.FILES.getlist("upload")
    # One byte more than is taken: enough to be refused, whatever somebody sends.
    stored = (add_media(request.actor, data=f.read(MOST_BYTES + 1), declared=f.content_type or "") for f in files)
    return tuple(MediaRef(media.digest, alt) for media in stored)


def _kept(request: HttpRequest, item_id: UUID, digest: str) -> HttpResponse:
    """To the item; a wanted submit that is refused leaves the draft kept, and says why."""
    if request.POST.get("then") == "submit":
        try:
            gate.submit_item(request.actor, item_id=item_id, seen_digest=digest)
            messages.success(request, _("Submitted. The gate’s answer is below."))
        except RelaisError as error:
            messages.warning(request, _("Kept as a draft. %(why)s") % {"why": failure_of(error).sentence})
    else:
        messages.success(request, _("Kept as a draft."))
    return back(reverse("item", args=[item_id]))


def _composer(
    request: HttpRequest, draft: Draft, action: str, cancel: str, *, approving: bool = False, **moved: Any
) -> HttpResponse:
    try:
        shown = previews_of(content_from(draft))
    except Invalid:
        shown = []
    context: dict[str, Any] = moved | {
        "draft": draft,
        "action": action,
        "cancel": cancel,
        "approving": approving,
        "channels": _channels(draft),
        "kinds": [(str(kind), kind_word(kind)) for kind in ActionKind],
        "sensitivities": [(str(s), word(SENSITIVITIES, s)) for s in Sensitivity],
        "media": [(ref.digest, media_url(ref.digest), ref.alt) for ref in draft.media],
        "previews": shown,
        "may_submit": not approving and may(request.actor.role, Verb.ITEM_SUBMIT),
    }
    return render(request, "brand/composer.html", context)


def _channels(draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "id": str(c.pk),
            "name": c.name,
            "chosen": str(c.pk) in draft.channels,
            "variant": draft.variants.get(str(c.pk), ""),
            "limit": c.capabilities.max_length,
        }
        for c in channels_of_brand().open()
    ]
