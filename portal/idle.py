"""A session that nobody has used for too long ends, and what was being typed in it comes back after signing in again."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from portal.kept import keep_typed
from portal.links import hub_url, is_ours
from tenants.ending import end_idle, is_idle, slide

CLEARED = '"cache", "storage"'
"""What a browser forgets when somebody leaves: copies of pages, and what stands beside them. Cookies we end ourselves."""


class IdleMiddleware:
    """Before anything asks who somebody is. `request.was` says whose session has just ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.was = None
        if is_idle(request.session):
            request.was = end_idle(request.session)
        else:
            slide(request.session)
        return self.get_response(request)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the hub's door, and back to the page; after an idle end with what was typed there, for that person alone."""
    was: UUID | None = getattr(request, "was", None)
    page = _page(request)
    if was is not None:
        messages.info(
            request, _("You had been away for a while, so you were signed out. What you typed is kept for you.")
        )
        if request.method == "POST":
            keep_typed(request, page, whose=was)
    there = hub_url("account_login", next=page)
    part = getattr(request, "htmx", False)
    response = HttpResponse(headers={"HX-Redirect": there}) if part else redirect(there)
    if was is not None:
        response["Clear-Site-Data"] = CLEARED
    return response


def _page(request: HttpRequest) -> str:
    """The page that one was on: not the address of a press, nor that of a part of a page."""
    if request.method == "POST" or getattr(request, "htmx", False):
        came_from = request.headers.get("Referer", "")
        if came_from and is_ours(came_from):
            return came_from
    return request.build_absolute_uri()
