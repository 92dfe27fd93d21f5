"""How a description of the API is handed to machines. It says no more of a brand than its host, so no key is wanted for it."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe


def described(description: Callable[[str], dict[str, Any]]) -> Callable[..., HttpResponse]:
    """A view that tells the document, with its own host as the server."""

    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        raw = orjson.dumps(description(request.build_absolute_uri("/api/v1")))
        tag = f'"{sha256(raw).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match") == tag:
            return HttpResponseNotModified(headers={"ETag": tag})
        return HttpResponse(raw, content_type="application/json", headers={"ETag": tag, "Cache-Control": "no-cache"})

    view.machine = True  # type: ignore[attr-defined]  # answered before sessions and cookies: see api.middleware
    return view
