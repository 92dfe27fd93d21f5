"""From an error of the house to a page: the one place where the error tree becomes HTTP. The words are in `portal.wording`."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.kept import keep_typed
from portal.links import hub_url
from portal.wording import error_sentence
from tenants.errors import Conflict, Invalid, Missing, Refused, RelaisError

STATUS: dict[type[RelaisError], int] = {Refused: 403, Missing: 404, Conflict: 409, Invalid: 422}
STEP_UP = "step_up_required"
SECOND_FACTOR = "second_factor_needed"


@dataclass(frozen=True, slots=True)
class Failure:
    """An error as a page shows it: what to say, at which field, under which status."""

    status: int
    code: str
    sentence: str
    field: str | None = None


def failure_of(error: RelaisError) -> Failure:
    """Absent and forbidden look the same to the reader, so Missing tells nothing about what is missing."""
    return Failure(STATUS.get(type(error), 400), error.code, error_sentence(error.code, **error.facts), error.field)


def answer(request: HttpRequest, error: RelaisError) -> HttpResponse:
    """The page for an error that no form can show. A wanted step-up leads to the hub and back."""
    if error.code == STEP_UP:
        return to_step_up(request)
    if error.code == SECOND_FACTOR:
        return to_second_factor(request)
    failure = failure_of(error)
    if getattr(request, "htmx", False):
        return fragment(request, failure)
    return error_page(request, failure.status, failure.sentence)


def fragment(request: HttpRequest, failure: Failure) -> HttpResponse:
    """The same for a part of a page: shown at the top of the page that asked, and nothing there is lost."""
    context = {"failure": failure, "changed": _where_it_changed(request) if failure.status == 409 else ""}
    response = render(request, "components/failure.html", context, status=failure.status)
    response["HX-Retarget"], response["HX-Reswap"] = "#failures", "innerHTML show:window:top"
    return response


def _where_it_changed(request: HttpRequest) -> str:
    """The page of the item that was answered too late, with what changed since it was read; '' when it is about no item."""
    item = request.resolver_match.kwargs.get("item_id") if request.resolver_match else None
    return f"{reverse('item', args=[item])}?{urlencode({'seen': request.POST.get('digest', '')})}" if item else ""


def to_step_up(request: HttpRequest) -> HttpResponse:
    """To the hub, to prove again who one is, and back to the page (not to the act: that is pressed again, knowingly)."""
    back = request.headers.get("Referer") if request.method == "POST" else request.build_absolute_uri()
    if request.method == "POST":
        keep_typed(request, back or request.path)
    messages.info(request, _("First confirm that it is you. Then please do it once more: nothing has been done yet."))
    there = hub_url("account_reauthenticate", next=back or request.build_absolute_uri("/"))
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": there})
    response = redirect(there)
    response.status_code = 303
    return response


def to_second_factor(request: HttpRequest) -> HttpResponse:
    """A page that says why the door is closed, and leads to what opens it; a part of a page leads there at once."""
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": hub_url("mfa_index")})
    context = {"brand": getattr(request, "brand", None), "set_up": hub_url("mfa_index"), "hub": hub_url("hub")}
    return render(request, "errors/second_factor.html", context, status=403)


def error_page(request: HttpRequest, status: int, sentence: str = "") -> HttpResponse:
    titles = {
        400: _("This request makes no sense to us"),
        403: _("Not for you to do"),
        404: _("There is nothing here"),
        409: _("Somebody was faster"),
        422: _("Something is missing or wrong"),
        429: _("Please wait a moment"),
        500: _("This is our fault"),
    }
    context = {"status": status, "title": titles.get(status, titles[400]), "sentence": sentence, "hub": hub_url("hub")}
    return render(request, "errors/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400, _("Please go back and try once more."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403, _("Your role does not allow this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404, _("This page does not exist, or not for you."))


def broken(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500, _("We were told at once. Nothing that had not been confirmed to you has gone out."))


def no_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Wired by CSRF_FAILURE_VIEW."""
    return error_page(request, 403, _("This page had become too old. Please open it again and repeat what you did."))


def locked_out(request: HttpRequest, original: object = None, credentials: object = None) -> HttpResponse:
    """After too many wrong passwords; wired by AXES_LOCKOUT_CALLABLE."""
    return error_page(request, 429, _("Too many attempts. Please try again in a quarter of an hour."))
