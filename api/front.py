"""The first of all middlewares: what programs ask a brand goes straight to its endpoint, past everything that is for people.

A chain of middlewares cost a program's request more than its answer did. What of it a machine needs is done here in one place:
the brand of the host, the limit of a statement, the id of the request and its line in the log, the headers of security. Whatever
is not plainly the address of a machine at the host of an active brand goes the way of all requests, and is answered there.
"""

import logging
import re
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, get_resolver

from api.middleware import PREFIX, PolicyMiddleware, answered_by, is_machine
from tenants.errors import Conflict
from tenants.hosts import brand_at, plain_host
from tenants.limits import at_most
from tenants.walls.scope import BrandRef

_URLS = "config.urls_brand"
_ID = re.compile(r"/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=/|\Z)")
_LEVELS = {4: logging.WARNING, 5: logging.ERROR}
_weighed = logging.getLogger(__name__)
_log = structlog.get_logger(__name__)


class _Address(NamedTuple):
    """What answers at all addresses that differ in their id alone; `part` is the id's name there, '' without one."""

    view: Callable[..., HttpResponse]
    part: str
    kind: type


_known: dict[str, _Address] = {}
"""By address with its id left out. INVARIANT: only what the routes gave, with no other part than the id: so it stays small."""


class FrontDoorMiddleware:
    """Stands before all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.security, self.policy = SecurityMiddleware(get_response), PolicyMiddleware(get_response)
        self.said: dict[bool, tuple[object, list[tuple[str, str]]]] = {}

    def __call__(self, request: Any) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        brand, found = _brand_of(request), _address_of(request.path_info)
        if brand is None or found is None:
            return self.get_response(request)
        if (elsewhere := self.security.process_request(request)) is not None:
            return elsewhere
        request.brand, request.urlconf, request.is_machine = brand, _URLS, True
        response = _logged(request, *found)
        return self._secured(request, response)

    def _secured(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The same headers on each answer: put together once, by those whose they are."""
        if any(name.startswith("_csp") for name in vars(response)):
            return self.security.process_response(request, self.policy.process_response(request, response))
        secure, policy = request.is_secure(), settings.CONTENT_SECURITY_POLICY
        if secure not in self.said or self.said[secure][0] is not policy:
            empty = HttpResponse()
            del empty.headers["Content-Type"]
            self.security.process_response(request, self.policy.process_response(request, empty))
            self.said[secure] = policy, list(empty.headers.items())
        for name, value in self.said[secure][1]:
            response.headers.setdefault(name, value)
        return response


def _brand_of(request: HttpRequest) -> BrandRef | None:
    host = plain_host(request.META.get("HTTP_HOST") or "")
    try:
        return brand_at(host) if host and host != settings.HUB_HOST and host not in settings.OWN_MACHINE_HOSTS else None
    except Conflict:
        return None


def _address_of(path: str) -> tuple[Callable[..., HttpResponse], dict[str, Any]] | None:
    """The view and its parts; None for what is no machine's, or has other parts than one id."""
    found = _ID.search(path)
    said, shape = (found[1], f"{path[: found.start(1)]}*{path[found.end(1) :]}") if found else ("", path)
    if "*" in path:
        return None
    known = _known.get(shape) or _looked_up(path, said, shape)
    return known and (known.view, {known.part: known.kind(said)} if known.part else {})


def _looked_up(path: str, said: str, shape: str) -> _Address | None:
    try:
        match = get_resolver(_URLS).resolve(path)
    except (Resolver404, UnicodeError):
        return None
    parts = {name: value for name, value in match.kwargs.items() if str(value) == said}
    if not is_machine(match.func) or match.args or parts != match.kwargs or len(parts) != bool(said):
        return None
    name, value = next(iter(parts.items())) if parts else ("", "")
    _known[shape] = _Address(match.func, name, UUID if isinstance(value, UUID) else str)
    return _known[shape]


def _logged(request: HttpRequest, view: Callable[..., HttpResponse], parts: dict[str, Any]) -> HttpResponse:
    """Answered under an id of its own, which stands in the line of the log, and in the brand's."""
    structlog.contextvars.bind_contextvars(request_id=str(uuid.uuid4()))
    try:
        with at_most(settings.PAGE_SECONDS):
            response = answered_by(request, view, (), parts)
        level = _LEVELS.get(response.status_code // 100, logging.INFO)
        if _weighed.isEnabledFor(level):
            asked, by = f"{request.method} {request.path}", request.META.get("HTTP_USER_AGENT")
            _log.log(level, "request_finished", code=response.status_code, request=asked, user_agent=by)
        return response
    finally:
        structlog.contextvars.clear_contextvars()
