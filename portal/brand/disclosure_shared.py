"""The outside of a share link: the only pages of a brand that somebody without an account sees.

`/s/#<token>`: the token stands behind the #, so no server, proxy or referrer ever has it. GET answers the same page to everybody
and spends nothing: whatever looks at links before people do (previews, scanners) learns and uses up nothing. The page posts the
token; the answer is a cookie for a quarter of an hour, bound to that link, and each reading asks the database again.
Unknown, revoked, over, used up, wrong code: one 404, with the same words, after the same queries; it is the door once more, for
whoever mistyped their code.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from ipaddress import IPv6Network
from uuid import UUID

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from clients.disclosure.actions import exchange, note_miss, open_link
from clients.disclosure.models import ShareLink
from clients.disclosure.queries import MISSES, tally_of
from clients.disclosure.rules import MOST_MISSES
from clients.insights.handed import KIND
from clients.items.files import bytes_of
from clients.items.queries import media_by_digest
from portal.brand.disclosure_content import content_of_link
from portal.failures import error_page
from portal.times import when
from reports.sharing.rules import KIND as REPORT
from tenants.walls.scope import brand_scope

PREFIX = "__Secure-" if settings.SESSION_COOKIE_SECURE else ""
COOKIE, VIEWED = f"{PREFIX}relais-shared", f"{PREFIX}relais-viewed"
SALT = "relais.shared"
LASTS = timedelta(minutes=15)
LONGEST_TYPED = 200
PAGES = {KIND: "insight_shared", REPORT: "report_shared"}
View = Callable[..., HttpResponse]


def closed_to_caches(view: View) -> View:
    """Nothing of it is kept, indexed, or told to where its links lead."""

    @wraps(view)
    def page(request: HttpRequest, **parts: str) -> HttpResponse:
        response = view(request, **parts)
        response["Cache-Control"] = "private, no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page


# Without the token of a session: the page is the same for everybody. What a foreign page could post is a link of its own.
@csrf_exempt
@closed_to_caches
def shared(request: HttpRequest) -> HttpResponse:
    """The door: the same page for every link; posting the token exchanges it for the cookie."""
    if request.method in {"GET", "HEAD"}:
        return render(request, "brand/shared_door.html")
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if misses(request) >= MOST_MISSES:
        return error_page(request, 429, _("Too many attempts. Please try again in a minute."))
    token, code = (request.POST.get(name, "")[:LONGEST_TYPED] for name in ("token", "code"))
    link_id = exchange(request.brand, token=token.strip(), code=code) if from_here(request) else None
    if link_id is None:
        count_miss(request)
        return nothing(request)
    page = _page_of(request, link_id)
    response = redirect(reverse(page))
    # A report asks for a password on its own page: what was typed here goes there, too.
    response.status_code = 307 if code and page == PAGES[REPORT] else 303
    _hand_cookie(request, response, COOKIE, link_id)
    return response


@closed_to_caches
def read(request: HttpRequest) -> HttpResponse:
    """What the link leads to. Each reading spends a view, and only while the link is open."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    link_id = link_in_cookie(request)
    link = open_link(request.brand, link_id=link_id) if link_id else None
    if link is None:
        return nothing(request)
    with brand_scope(request.brand):
        shown = content_of_link(link)
        if shown is None:
            return nothing(request)
        context = {"shown": shown, "until": when(link.expires_at), "left": link.most_views - link.views}
        response = render(request, "brand/shared.html", context)
    return keep_viewed(request, response, link.pk)


@closed_to_caches
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """A picture of what this browser is reading: part of a view that it has spent, and closed with its link."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    link_id = link_viewed(request)
    with brand_scope(request.brand):
        link = ShareLink.objects.filter(pk=link_id).first() if link_id else None
        shown = content_of_link(link) if link and link.goes_on(timezone.now()) else None
        found = (
            media_by_digest([digest]).get(digest) if shown and digest in {p.digest for p in shown.pictures} else None
        )
        if found is None:
            return nothing(request)
        response = HttpResponse(bytes_of(found), content_type=found.mime)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _page_of(request: HttpRequest, link_id: UUID) -> str:
    """Where a link leads: what a department was asked has a page of its own, with a place for the answer."""
    with brand_scope(request.brand):
        kind = ShareLink.objects.values_list("object_kind", flat=True).get(pk=link_id)
    return PAGES.get(kind, "shared_read")


def nothing(request: HttpRequest) -> HttpResponse:
    """The one answer to whatever leads nowhere."""
    return render(request, "brand/shared_door.html", {"refused": True}, status=404)


def keep_viewed(request: HttpRequest, response: HttpResponse, link_id: UUID) -> HttpResponse:
    """With what says that this browser has spent a view: its pictures and its file come after the page, and nobody else's."""
    _hand_cookie(request, response, VIEWED, link_id)
    return response


def _hand_cookie(request: HttpRequest, response: HttpResponse, cookie: str, link_id: UUID) -> None:
    response.set_cookie(
        cookie,
        signing.TimestampSigner(salt=_salt(cookie)).sign(f"{request.brand.id}:{link_id}"),
        max_age=int(LASTS.total_seconds()),
        path=reverse("shared"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _salt(cookie: str) -> str:
    """One cookie is not taken for the other, though both say the same."""
    return SALT if cookie == COOKIE else f"{SALT}.viewed"


def link_in_cookie(request: HttpRequest, cookie: str = COOKIE) -> UUID | None:
    """The link that this browser has shown the token of, in this brand, within the last quarter of an hour."""
    try:
        value = signing.TimestampSigner(salt=_salt(cookie)).unsign(request.COOKIES.get(cookie, ""), max_age=LASTS)
        brand, link = value.split(":")
        return UUID(link) if brand == str(request.brand.id) else None
    except (signing.BadSignature, ValueError):
        return None


def link_viewed(request: HttpRequest) -> UUID | None:
    """The same link, if this browser has spent a view of it since."""
    link_id = link_in_cookie(request)
    return link_id if link_id == link_in_cookie(request, VIEWED) else None


def from_here(request: HttpRequest) -> bool:
    """Browsers say where a form was posted from; what says nothing is no browser and has no cookie to be tricked with."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


def _minute() -> datetime:
    return timezone.now().replace(second=0, microsecond=0)


def _visitor(request: HttpRequest) -> str:
    """An address, as a keyed digest: of the newer kind the network, since whoever has one has as many as they like."""
    found = str(get_client_ip_address(request) or "")
    address = str(IPv6Network((found, 64), strict=False)) if ":" in found else found
    return salted_hmac(SALT, address).hexdigest()[:32]


def misses(request: HttpRequest) -> int:
    """How many wrong tokens came from this address within this minute, to whichever process."""
    with brand_scope(request.brand):
        return tally_of(MISSES, _visitor(request), _minute())


def count_miss(request: HttpRequest) -> None:
    """One more wrong token of this address in this minute; at the last one the brand's log is told."""
    note_miss(request.brand, about=_visitor(request), since=_minute())
