"""The composer: a new item, the next version of one, and an approver's own wording of one; with a live preview.

Every button works without script: those that only change the form (another action, one more post of a thread, a look at
the preview) send it and get it back as it was typed. Nothing typed is lost, whatever is refused.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.channels.media import MOST_BYTES
from clients.disclosure.rules import InfoClass
from clients.gate import actions as gate
from clients.items.access import access_item
from clients.items.actions import add_media, create_item, edit_item
from clients.items.content import Content, MediaRef
from clients.items.models import Item, Media
from clients.items.problems import problems_of
from clients.people.access import require
from clients.people.rules import Verb, may
from clients.triage.actions import begin_answer, begin_reply
from portal.brand.answering import answered_by, draft_answering, draft_speaking, id_typed, mention_typed, said_as
from portal.brand.briefing_topics import topics_seen
from portal.brand.changes import what_changed
from portal.brand.composer_fields import beside_fields, fields_of, refused_kinds
from portal.brand.composing import ADD_PART, REMOVE_PART, Draft, content_from, draft_from_post, draft_of
from portal.brand.correcting import draft_upon
from portal.brand.history import diff_since_seen
from portal.brand.previews import Preview, previews_of
from portal.brand.rows import channel_names, content_of
from portal.diffing import Part
from portal.failures import failure_of
from portal.pages import back, brand_act, brand_page, brand_question, drawn_again, render
from tenants.errors import Invalid, RelaisError
from tenants.walls.scope import brand_scope

LOOK, SUBMIT = "look", "submit"


@brand_page
def new_form(request: HttpRequest) -> HttpResponse:
    require(request.actor, Verb.ITEM_CREATE)
    asked = request.GET
    if asked.get("answer"):
        stored = draft_answering(request.actor, asked)
        return _composer(request, _typed_or(request, stored), reverse("item_new"), reverse("inbox"))
    if asked.get("reply"):
        stored = draft_speaking(request.actor, asked)
        there = reverse("conversation", args=[stored.conversation])
        return _composer(request, _typed_or(request, stored), reverse("item_new"), there)
    if asked.get("of"):
        stored = draft_upon(request.actor, asked)
        return _composer(request, _typed_or(request, stored), reverse("item_new"), reverse("item", args=[stored.of]))
    empty = Draft(
        not_before=asked.get("at", ""),
        channels=tuple(asked.getlist("channel")),
        kind=asked.get("kind", "publish"),
        target=asked.get("target", ""),
    )
    return _composer(request, _typed_or(request, empty), reverse("item_new"), reverse("items"))


@brand_act(again=new_form)
def new(request: HttpRequest) -> HttpResponse:
    """Keep a new draft, and submit it at once if that was the button."""
    draft = _taken(request)
    if _only_looks(request):
        return drawn_again(new_form, request)
    item = _begun(request, draft)
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
    draft = _taken(request)
    if _only_looks(request):
        return drawn_again(edit_form, request, item_id=item_id)
    content = _fit(request, content_from(draft))
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
    draft = _taken(request)
    if _only_looks(request):
        return drawn_again(approve_form, request, item_id=item_id)
    content = content_from(draft)
    gate.approve_with_edit(
        request.actor, item_id=item_id, seen_digest=draft.seen_digest, content=content, comment=draft.note
    )
    messages.success(request, _("Approved, in your wording."))
    return back(reverse("item", args=[item_id]))


@brand_page
def preview_page(request: HttpRequest) -> HttpResponse:
    """What the outside would see of what is being typed. Reads only; an unfinished content shows nothing yet."""
    require(request.actor, Verb.ITEM_CREATE)
    draft = draft_from_post(request.POST if request.method == "POST" else request.GET)
    shown = previews_of_draft(draft)
    topics = topics_seen(request.actor, draft)
    return render(request, "components/previewed.html", {"previews": shown, "topics": topics} | beside_fields(shown))


preview = brand_question(again=preview_page)(preview_page.in_scope)


@brand_page
def fields_page(request: HttpRequest) -> HttpResponse:
    """The part of the composer that depends on the action: its channels, and what they take."""
    require(request.actor, Verb.ITEM_CREATE)
    draft = draft_from_post(request.POST if request.method == "POST" else request.GET)
    answer = render(request, "components/composer_fields.html", fields_of(draft))
    # The previews follow. They listen for this and not for any swap, for their own is one: they would ask without end.
    answer["HX-Trigger-After-Swap"] = "fields-drawn"
    return answer


fields = brand_question(again=fields_page)(fields_page.in_scope)


def _begun(request: HttpRequest, draft: Draft) -> Item:
    """A new draft, tied to the conversation in which it speaks or the mention that it answers, if there is one."""
    content = _fit(request, content_from(draft))
    if draft.conversation:
        return begin_reply(
            request.actor,
            conversation_id=id_typed(draft.conversation, "conversation"),
            content=content,
            kind=said_as(draft),
            note=draft.note,
        )
    if draft.mention:
        mention_id = mention_typed(draft.mention)
        return begin_answer(request.actor, mention_id=mention_id, content=content, note=draft.note)
    return create_item(request.actor, content=content, note=draft.note)


def previews_of_draft(draft: Draft) -> list[Preview]:
    try:
        return list(previews_of(content_from(draft)))
    except Invalid:
        return []


def _typed_or(request: HttpRequest, stored: Draft) -> Draft:
    """What was typed, with the pictures that came along: they are stored by now, and no browser sends them twice.

    A page that was left to sign in again has its form in `request.POST`, too (`portal.kept`).
    """
    if not request.POST:
        return stored
    draft = draft_from_post(request.POST)
    added = tuple(m for m in getattr(request, "stored_media", ()) if m.digest not in {r.digest for r in draft.media})
    return replace(draft, media=(*draft.media, *added))


def _only_looks(request: HttpRequest) -> bool:
    """Whether the pressed button only changes the form."""
    pressed = request.POST.get("then", "")
    return pressed in {LOOK, ADD_PART} or pressed.startswith(REMOVE_PART)


def _taken(request: HttpRequest) -> Draft:
    """What was typed, its pictures stored first: each is cleaned and decoded. Their words come from the same form."""
    alt = request.POST.get("upload_alt", "")
    files = request.FILES.getlist("upload")
    # One byte more than is taken: enough to be refused, whatever somebody sends.
    stored = [_stored(request, file, alt) for file in files]
    request.stored_media = tuple(MediaRef(media.digest, alt) for media in stored)
    return _typed_or(request, Draft())


def _stored(request: HttpRequest, file: "UploadedFile[Any]", alt: str) -> Media:
    """Brought along with an item, which both sides read: that is sharing it on purpose."""
    data = file.read(MOST_BYTES + 1)
    return add_media(request.actor, data=data, declared=file.content_type or "", alt=alt, info_class=InfoClass.SHARED)


def _fit(request: HttpRequest, content: Content) -> Content:
    """What a page can say before anything is kept: a channel that cannot do this, and all else if it is to be submitted.

    Raises Invalid with the field; the composer stays.
    """
    require(request.actor, Verb.ITEM_CREATE)
    with brand_scope(request.brand):
        if refused_kinds(content.kind, content.channels):
            raise Invalid("kind_not_supported", "channels")
        for problem in problems_of(content) if request.POST.get("then") == SUBMIT else ():
            raise Invalid(problem.code, problem.field, limit=problem.limit, actual=problem.actual)
    return content


def _of_item(request: HttpRequest, item_id: UUID) -> tuple[Draft, dict[str, Any]]:
    """What to show in the composer, and, when the item moved on under somebody's hands, how it did."""
    item = access_item(request.actor, item_id)
    assert item.version is not None
    stored = draft_of(content_of(item), item.version.digest)
    draft = _typed_or(request, stored)
    if not request.POST or draft.seen_digest == item.version.digest:
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


def _kept(request: HttpRequest, item_id: UUID, digest: str) -> HttpResponse:
    """To the item; a wanted submit that the gate does not take leaves the draft kept, and says why."""
    if request.POST.get("then") == SUBMIT:
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
    failure = getattr(request, "failure", None)
    shown = previews_of_draft(draft)
    context: dict[str, Any] = moved | {
        "action": action,
        "cancel": cancel,
        "approving": approving,
        "previews": shown,
        "topics": topics_seen(request.actor, draft),
        "answered": answered_by(request.actor, draft),
        "may_submit": not approving and may(request.actor.role, Verb.ITEM_SUBMIT),
    }
    fields = fields_of(draft, (failure and failure.field) or "")
    return render(request, "brand/composer.html", context | fields | beside_fields(shown))
