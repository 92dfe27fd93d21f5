"""Making a share link: for whom, until when, how often, what it shows. Its token is shown once, on the page that made it."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from clients.disclosure.actions import make_link
from clients.disclosure.rules import MOST_VIEWS, InfoClass, link_lasts, needs_code
from clients.people.access import require
from clients.people.rules import Verb
from portal.brand.disclosure_classes import class_typed
from portal.brand.disclosure_content import SHARABLES, Sharable, shown_or_refused
from portal.links import brand_url
from portal.pages import brand_act, brand_page, drawn_again, render
from portal.times import when
from portal.wording import word
from portal.wording.disclosures import CLASS_CHOICES
from tenants.errors import Invalid, Missing
from tenants.walls.scope import brand_scope

USUAL_DAYS, USUAL_VIEWS = 7, 20


@brand_page
def share_form(request: HttpRequest, kind: str, object_id: UUID) -> HttpResponse:
    """For whom and until when; after the link is made, the link, this once."""
    require(request.actor, Verb.LINK_SHARE)
    known = _known(kind)
    known.access(request.actor, object_id)
    typed, made = request.POST, getattr(request, "made_link", None)
    chosen = typed.get("class", str(InfoClass.SHARED))
    context = {
        "there": reverse(known.page, args=[object_id] if known.page == "item" else []),
        "classes": [(str(c), word(CLASS_CHOICES, c), str(c) == chosen) for c in known.classes],
        "coded": [c for c in known.classes if needs_code(c)],
        "recipient": typed.get("recipient", ""),
        "reason": typed.get("reason", ""),
        "days": typed.get("days", USUAL_DAYS),
        "most_days": max(found.days for c in known.classes if (found := link_lasts(c))),
        "views": typed.get("views", USUAL_VIEWS),
        "most_views": MOST_VIEWS,
        "made": made,
        "made_until": when(made.link.expires_at) if made else "",
        "address": f"{brand_url(request.brand.slug, 'shared')}#{made.token}" if made else "",
    }
    return render(request, "brand/share.html", context)


@brand_act(again=share_form)
def share(request: HttpRequest, kind: str, object_id: UUID) -> HttpResponse:
    """Make the link. INVARIANT: the token stands in this answer and nowhere else: no redirect, no session, no log carries it."""
    require(request.actor, Verb.LINK_SHARE)
    known, typed = _known(kind), request.POST
    info_class = class_typed(typed.get("class", ""))
    with brand_scope(request.brand):
        known.access(request.actor, object_id)
        shown = shown_or_refused(known, object_id, info_class)
    request.made_link = make_link(
        request.actor,
        kind=known.kind,
        object_id=object_id,
        digest=shown.digest,
        info_class=info_class,
        recipient=typed.get("recipient", ""),
        until=timezone.now() + timedelta(days=_number(typed.get("days", ""), "days", 365)),
        most_views=_number(typed.get("views", ""), "views", MOST_VIEWS),
        code=typed.get("code", ""),
        reason=typed.get("reason", ""),
    )
    return drawn_again(share_form, request, kind=kind, object_id=object_id)


def _known(kind: str) -> Sharable:
    if kind not in SHARABLES:
        raise Missing("link")
    return SHARABLES[kind]


def _number(typed: str, field: str, most: int) -> int:
    if not typed.isdecimal() or not 1 <= int(typed[:6]) <= most:
        raise Invalid("number_out_of_range", field, most=most)
    return int(typed[:6])
