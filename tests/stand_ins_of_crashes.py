"""A process that dies at the moment a request names, by SIGKILL, with no say: behind the commit, or just before it."""

import os
import signal
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver

from api import once

HEADER = "X-Die"
REPLY, COMMIT = "before-reply", "before-commit"
_moment: ContextVar[str] = ContextVar("moment", default="")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Dying:
    """Outermost: what comes back here is committed, and no byte of it has left."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        get_resolver("config.urls_brand").url_patterns  # noqa: B018  in the parent: each process that follows has it already
        kept = once.keep

        def keep(*args: Any, **more: Any) -> None:
            kept(*args, **more)
            if _moment.get() == COMMIT:
                die()

        once.keep = keep

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _moment.set(request.headers.get(HEADER, ""))
        response = self.get_response(request)
        if _moment.get() == REPLY:
            die()
        return response
