"""What a department without an account sees by its link, and where it answers: once, or until nobody waits for it any more.

The door is that of every share link (`portal.brand.disclosure_shared`): a token behind the #, a cookie for a quarter of an
hour, one 404 for whatever is the matter. Each reading spends a view and is noted; an answer asks the link again.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from clients.disclosure.actions import open_link
from clients.disclosure.models import ShareLink
from clients.disclosure.rules import InfoClass
from clients.insights.access import asking_of_link
from clients.insights.actions import answer_by_link
from clients.insights.models import Asking
from clients.insights.queries import answers_of
from portal.brand.disclosure_shared import closed_to_caches, from_here, link_in_cookie, nothing
from portal.brand.insights_asked import shown_of
from portal.failures import Failure, failure_of
from portal.times import when
from tenants.errors import Missing, RelaisError
from tenants.walls.scope import brand_scope


# Without the token of a session, as the door: the cookie is bound to one link and never sent from a foreign page.
@csrf_exempt
@closed_to_caches
def shared(request: HttpRequest) -> HttpResponse:
    """The question, and a place for the answer."""
    if request.method not in {"GET", "POST"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    link_id = link_in_cookie(request)
    if link_id is None:
        return nothing(request)
    if request.method == "GET":
        return _shown(request, link_id, None)
    return _answered(request, link_id) if from_here(request) else nothing(request)


def _answered(request: HttpRequest, link_id: UUID) -> HttpResponse:
    typed = request.POST
    try:
        answer_by_link(request.brand, link_id=link_id, text=typed.get("text", ""), name=typed.get("name", ""))
    except Missing:
        return nothing(request)
    except RelaisError as error:
        return _shown(request, link_id, failure_of(error))
    with brand_scope(request.brand):
        link = ShareLink.objects.get(pk=link_id)
        if asking_of_link(link) is None:
            return render(request, "brand/insight_thanks.html")
    response = redirect(f"{reverse('insight_shared')}?told=1")
    response.status_code = 303
    return response


def _shown(request: HttpRequest, link_id: UUID, failure: Failure | None) -> HttpResponse:
    link = open_link(request.brand, link_id=link_id)
    if link is None:
        return nothing(request)
    with brand_scope(request.brand):
        asking = asking_of_link(link)
        shown = shown_of(asking, InfoClass(link.info_class)) if asking else {"handed": None}
        if asking is None or shown["handed"] is None or shown["handed"].digest != link.digest:
            return nothing(request)
        context = shown | _around(request, link, asking, failure)
        return render(request, "brand/insight_shared.html", context, status=failure.status if failure else 200)


def _around(request: HttpRequest, link: ShareLink, asking: Asking, failure: Failure | None) -> dict[str, object]:
    return {
        "answers": [(one.name, one.text, when(one.at)) for one in answers_of(asking)],
        "until": when(link.expires_at),
        "told": "told" in request.GET,
        "failure": failure,
        "typed": request.POST,
    }
