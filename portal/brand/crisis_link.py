"""'I take it', for a contact without an account: `/c/#<token>`, by the link of a letter that called them.

As with a share link, the token stands behind the #, opening the page uses nothing up, and a wrong one learns nothing. Taking it
ends the calling and gives no right: what to decide is decided by people with an account.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from clients.crisis.actions import take_by_link
from portal.brand.disclosure_shared import LONGEST_TYPED, MOST_MISSES, closed_to_caches, count_miss, misses
from portal.failures import error_page
from tenants.errors import Conflict


# Without the token of a session: the page is the same for everybody, and what a foreign page could post it must know.
@csrf_exempt
@closed_to_caches
def link(request: HttpRequest) -> HttpResponse:
    """The door, and what came of a press."""
    if request.method in {"GET", "HEAD"}:
        return render(request, "brand/crisis_link.html", {"brand": request.brand})
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if misses(request) >= MOST_MISSES:
        return error_page(request, 429, _("Too many attempts. Please try again in a minute."))
    try:
        taken = take_by_link(request.brand, token=request.POST.get("token", "")[:LONGEST_TYPED].strip())
    except Conflict as late:
        return _said(request, late.code, 409)
    if taken is None:
        count_miss(request)
        return _said(request, "nothing", 404)
    return _said(request, "taken", 200)


def _said(request: HttpRequest, said: str, status: int) -> HttpResponse:
    return render(request, "brand/crisis_link.html", {"brand": request.brand, "said": said}, status=status)
