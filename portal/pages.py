"""How every page is served: who is asking, inside which walls, and what happens when something is refused.

A brand's page is read and rendered inside one scope of that brand. A press of a button calls one action, which opens its own
transaction, and then redirects; if the action refuses, the page is drawn again in a new scope with what the person typed.
So no action ever runs inside a transaction that a page opened.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from inspect import signature
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.shortcuts import render as draw
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from structlog.contextvars import get_contextvars

from clients.audit.receipts import listening, receipts_of
from clients.autonomy.vocabulary import EntryPoint
from clients.people.access import actor_for
from clients.people.actor import Actor
from portal import failures
from portal.banners import banners
from portal.coming import tell_brand
from portal.idle import to_sign_in
from portal.kept import bring_back
from portal.second_factor import has_second_factor, require_second_factor
from tenants.errors import RelaisError
from tenants.hub_log import session_name
from tenants.models import Person
from tenants.walls.scope import BrandRef, brand_scope

View = Callable[..., HttpResponse]


def brand_page(view: View) -> View:
    """A page of a brand for GET: `request.actor` is set, and the view with its rendering runs inside the brand's scope."""

    @wraps(view)
    def page(request: HttpRequest, **parts: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        bring_back(request)
        return _guarded(request, lambda: _in_scope(view, request, parts))

    page.in_scope = view  # for brand_act, which draws the page again
    return page


def brand_question(again: View) -> Callable[[View], View]:
    """A posted form whose answer changes nothing, for what is too long or too private for an address. GET shows `again`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **parts: Any) -> HttpResponse:
            if request.method == "POST":
                return _guarded(request, lambda: _in_scope(view, request, parts))
            return again(request, **parts)

        return answer

    return decorate


def brand_act(again: View) -> Callable[[View], View]:
    """What a press does, for POST: the view calls one action and answers with `back`. GET shows the page `again`.

    When the action refuses, `again` is drawn with `request.failure` set and the form's values in `request.POST`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def press(request: HttpRequest, **parts: Any) -> HttpResponse:
            if request.method == "POST":
                return _guarded(request, lambda: _act(view, again, request, parts))
            return again(request, **_parts_for(again, parts))

        return press

    return decorate


def hub_page(view: View) -> View:
    """A page of the hub for somebody who is signed in; no brand's data can be reached from it without a scope."""

    @wraps(view)
    def page(request: HttpRequest, **parts: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        request.brand_here = request.brand.id if request.brand else None
        request.brand = None
        return _guarded(request, lambda: _private(view(request, **parts)))

    return page


def render(request: HttpRequest, template: str, context: dict[str, Any] | None = None) -> HttpResponse:
    """Draw a page; the status is that of the failure it shows, if it shows one."""
    failure = getattr(request, "failure", None)
    values = {"failure": failure} | (context or {})
    return draw(request, template, values, status=failure.status if failure else 200)


def back(url: str) -> HttpResponse:
    """The answer to a press that worked: see the page, by GET."""
    response = redirect(url)
    response.status_code = 303
    return response


def drawn_again(page: View, request: HttpRequest, **parts: Any) -> HttpResponse:
    """From a press that changed nothing: its page once more, with what was typed."""
    return _in_scope(page.in_scope, request, parts)


def stepped_up_at(request: HttpRequest) -> datetime | None:
    """When this person last proved again, in this session, who they are: with their second factor if they have one."""
    proofs = [r for r in get_authentication_records(request, request.user) if r.get("reauthenticated")]
    if proofs and has_second_factor(request.user):
        proofs = [r for r in proofs if r["method"] == "mfa"]
    return datetime.fromtimestamp(max(r["at"] for r in proofs), UTC) if proofs else None


def _guarded(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    if not request.user.is_authenticated:
        return _private(to_sign_in(request))
    zone = request.brand.time_zone if request.brand else settings.TIME_ZONE
    try:
        with timezone.override(ZoneInfo(zone)):
            if request.brand:
                require_second_factor(request, request.brand)
                enter(request, request.brand)
            return answer()
    except RelaisError as error:
        return _private(failures.answer(request, error))


def enter(request: HttpRequest, brand: BrandRef) -> None:
    """Whoever is shown anything of a brand stands in its log first, once in each session. Raises Missing('brand')."""
    tell_brand(request, brand, lambda: _actor(request, brand))


def _in_scope(view: View, request: HttpRequest, parts: dict[str, Any]) -> HttpResponse:
    with brand_scope(request.brand):
        request.actor = _actor(request, request.brand)
        request.banners = SimpleLazyObject(banners)
        request.brakes = SimpleLazyObject(lambda: request.banners.stopped)
        return _private(view(request, **parts))


def _act(view: View, again: View, request: HttpRequest, parts: dict[str, Any]) -> HttpResponse:
    request.actor = _actor(request, request.brand)
    try:
        return _with_receipts(request, lambda: _private(view(request, **parts)))
    except RelaisError as error:
        if error.code == failures.STEP_UP or request.htmx:
            raise
        request.failure = failures.failure_of(error)
        return _in_scope(again.in_scope, request, _parts_for(again, parts))


def _parts_for(page: View, parts: dict[str, Any]) -> dict[str, Any]:
    """The parts of its address that a page takes: the page that is drawn again may stand above the one that was pressed."""
    return {name: parts[name] for name in signature(page.in_scope).parameters if name in parts}


def _with_receipts(request: HttpRequest, press: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer to a press, with a signed promise for each line of the log that it wrote."""
    with listening() as committed:
        response = press()
    if committed and (receipts := receipts_of(request.brand, committed)):
        response["Audit-Receipt"] = ", ".join(receipts)
    return response


def _actor(request: HttpRequest, brand: BrandRef) -> Actor:
    assert isinstance(request.user, Person)  # `_guarded` sent everybody else to sign in
    return actor_for(
        request.user,
        brand,
        EntryPoint.PAGE,
        stepped_up_at=stepped_up_at(request),
        request_id=str(get_contextvars().get("request_id", "")),
        session=session_name(request.session.session_key),
    )


def _private(response: HttpResponse) -> HttpResponse:
    """INVARIANT: no page of a person is kept by a cache between them and us."""
    patch_cache_control(response, private=True, no_store=True)
    return response
