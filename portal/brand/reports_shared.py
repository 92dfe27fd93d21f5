"""What somebody without an account sees of a report by their link: the pages, and the file with their name on each of them.

The door is that of every share link (`portal.brand.disclosure_shared`): a token behind the #, a cookie for a quarter of an hour,
one 404 for whatever is the matter. Each request asks the database whether the link is open, and is a line of the ledger before
its first byte; nothing is kept by any cache. A link with a password asks for it before a view is spent.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from clients.disclosure.actions import open_link
from clients.disclosure.rules import MOST_MISSES
from portal.brand.disclosure_shared import (
    LASTS,
    closed_to_caches,
    count_miss,
    from_here,
    keep_viewed,
    link_in_cookie,
    link_viewed,
    misses,
    nothing,
)
from portal.brand.look_shown import shown_look
from portal.brand.reports_blocks import shown
from portal.failures import error_page, failure_of
from portal.handing_out import handed_out, to_keep
from portal.times import when
from reports.making.access import bytes_of_paper, facts_of
from reports.making.composing import document_of, names_for, picture_of
from reports.sharing.access import shown_by_link
from reports.sharing.actions import fits_password, note_copy, note_view
from reports.sharing.models import Share
from reports.sharing.rules import MOST_WRONG
from reports.sharing.worded import copy_for
from tenants.errors import Invalid, RelaisError
from tenants.walls.scope import brand_scope

COOKIE = "__Secure-relais-password" if settings.SESSION_COOKIE_SECURE else "relais-password"
SALT = "relais.shared.report"


# Without the token of a session, as the door: the cookie is bound to one link and never sent from a foreign page.
@csrf_exempt
@closed_to_caches
def shared(request: HttpRequest) -> HttpResponse:
    """The report; before it, where there is one, the question for its password."""
    if request.method not in {"GET", "POST"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    link_id = link_in_cookie(request)
    share = _open(request, link_id) if link_id else None
    if link_id is None or share is None:
        return nothing(request)
    if request.method == "POST" and not from_here(request):
        return nothing(request)
    if request.method == "POST":
        return _password(request, link_id) if share.password else _again()
    if share.password and not _has_passed(request, link_id):
        return _asked(request, share)
    return _shown(request, link_id)


@closed_to_caches
def paper(request: HttpRequest) -> HttpResponse:
    """The file, marked for this recipient: part of a view that this browser spent, and closed with its link."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    link_id = link_viewed(request)
    share = _open(request, link_id, going_on=True) if link_id else None
    if link_id is None or share is None or (share.password and not _has_passed(request, link_id)):
        return nothing(request)
    try:
        with brand_scope(request.brand):
            content = bytes_of_paper(share.edition)
        copy = copy_for(request.brand, content, share.recipient, share.report.language)
    except RelaisError:
        return nothing(request)
    # Asked once more with the line that is written: what was ended while the copy was made does not leave.
    if note_copy(request.brand, link_id=link_id, digest=copy.digest) is None:
        return nothing(request)
    return to_keep(copy.content, "application/pdf", share.report.file_name)


@closed_to_caches
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """A picture of what this browser is reading: part of a view that it has spent, and closed with its link."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    link_id = link_viewed(request)
    share = _open(request, link_id, going_on=True) if link_id else None
    if link_id is None or share is None or (share.password and not _has_passed(request, link_id)):
        return nothing(request)
    try:
        with brand_scope(request.brand):
            return handed_out(picture_of(facts_of(share.edition), digest))
    except RelaisError:
        return nothing(request)


def _picture_at(digest: str) -> str:
    return reverse("report_shared_picture", args=[digest])


def _open(request: HttpRequest, link_id: UUID, *, going_on: bool = False) -> Share | None:
    with brand_scope(request.brand):
        share = shown_by_link(link_id)
        if share is None:
            return None
        now = timezone.now()
        return share if (share.link.goes_on(now) if going_on else share.link.is_open(now)) else None


def _shown(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """A view is spent and written down, both committed, before anything is drawn."""
    link = open_link(request.brand, link_id=link_id)
    share = note_view(request.brand, link_id=link_id) if link else None
    if link is None or share is None:
        return nothing(request)
    with brand_scope(request.brand):
        report = share.report
        try:
            facts = facts_of(share.edition)
            composed = document_of(facts, share.edition)
        except RelaisError:
            return nothing(request)
        context = {
            "document": shown(composed, facts, names_for(facts), _picture_at),
            "look": shown_look(composed.look),
            "recipient": share.recipient,
            "left_out": share.edition.withheld,
            "until": when(link.expires_at),
            "left": link.most_views - link.views,
        }
        with translation.override(report.language):
            return keep_viewed(request, render(request, "brand/report_shared.html", context), link_id)


def _password(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """Tried under the throttle of the door and the count of the link. Who asks has shown the token: they hear how often more."""
    if misses(request) >= MOST_MISSES:
        return error_page(request, 429, _("Too many attempts. Please try again in a minute."))
    if not _typed(request).strip():  # nothing was tried, so nothing is counted
        share = _open(request, link_id)
        return _asked(request, share, empty=True) if share else nothing(request)
    if not fits_password(request.brand, link_id=link_id, password=_typed(request)):
        count_miss(request)
        share = _open(request, link_id)
        return _asked(request, share, wrong=True) if share else nothing(request)
    return _let_in(request, link_id)


def _let_in(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """The password was the right one: this browser is not asked again while the cookie of its link lasts."""
    response = _again()
    response.set_cookie(
        COOKIE,
        signing.TimestampSigner(salt=SALT).sign(f"{request.brand.id}:{link_id}"),
        max_age=int(LASTS.total_seconds()),
        path=reverse("shared"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def _typed(request: HttpRequest) -> str:
    """What was typed here, or at the door."""
    return request.POST.get("password") or request.POST.get("code", "")


def _again() -> HttpResponse:
    response = redirect(reverse("report_shared"))
    response.status_code = 303
    return response


def _asked(request: HttpRequest, share: Share, *, wrong: bool = False, empty: bool = False) -> HttpResponse:
    with translation.override(share.report.language):
        context = {"is_wrong": wrong, "left": MOST_WRONG - share.wrong}
        if not empty:
            return render(request, "brand/report_password.html", context, status=403 if wrong else 200)
        failure = failure_of(Invalid("password_empty", "password"))
        return render(request, "brand/report_password.html", context | {"failure": failure}, status=failure.status)


def _has_passed(request: HttpRequest, link_id: UUID) -> bool:
    try:
        value = signing.TimestampSigner(salt=SALT).unsign(request.COOKIES.get(COOKIE, ""), max_age=LASTS)
    except signing.BadSignature:
        return False
    return bool(value == f"{request.brand.id}:{link_id}")
