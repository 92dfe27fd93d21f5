"""The short way to the machine door: past sessions, cookies and the forms of pages, which no machine brings.

What is marked `machine` is answered here, and so is what does not exist below `/api/`: always as a problem document. Pages below
that address (the documents, the consent of a person) go the way of all pages.
"""

import logging
from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, get_resolver

from api.problems import Problem, answered

PREFIX = "/api/"
log = logging.getLogger("django.request")


class MachineDoorMiddleware:
    """Stands behind the brand's host and the id of the request, before everything that is for people."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX) or not hasattr(request, "brand"):
            return self.get_response(request)
        try:
            match = get_resolver(getattr(request, "urlconf", None)).resolve(request.path_info)
        except (Resolver404, UnicodeError):
            return answered(request, Problem(404, "address_unknown"))
        except Exception:
            log.exception("Internal Server Error: %s", request.path)
            return answered(request, Problem(500, "broken"))
        if not is_machine(match.func):
            return self.get_response(request)
        request.resolver_match = match
        request.is_machine = True  # type: ignore[attr-defined]
        return answered_by(request, match.func, match.args, match.kwargs)


def is_machine(view: Any) -> bool:
    return bool(getattr(getattr(view, "cls", view), "machine", False))


def answered_by(
    request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], parts: dict[str, Any]
) -> HttpResponse:
    """The view's answer; what it did not expect as a problem document."""
    try:
        response: HttpResponse = view(request, *args, **parts)
    except (RequestDataTooBig, SuspiciousOperation, BadRequest):
        log.warning("refused: %s", request.path, exc_info=True)
        return answered(request, Problem(400, "body_unreadable"))
    except Exception:
        log.exception("Internal Server Error: %s", request.path)
        return answered(request, Problem(500, "broken"))
    if request.method == "HEAD":
        response.content = b""
    return response


class PolicyMiddleware(CSPMiddleware):
    """What browsers may load, as `csp` says it. To machines it says the same words each time, so they are put together once."""

    said: tuple[object, str] | None = None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        policy = settings.CONTENT_SECURITY_POLICY
        if not getattr(request, "is_machine", False) or any(name.startswith("_csp") for name in vars(response)):
            return super().process_response(request, response)  # type: ignore[return-value]
        if self.said is None or self.said[0] is not policy:
            super().process_response(request, response)
            if HEADER in response.headers:
                self.said = (policy, response.headers[HEADER])
        else:
            response.headers.setdefault(HEADER, self.said[1])
        return response
