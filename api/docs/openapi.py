"""The description of the API for machines. It says nothing of the brand but its host, so no key is wanted for it."""

from hashlib import sha256

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from api.schema import description


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """With this host as its server."""
    raw = orjson.dumps(description(request.build_absolute_uri("/api/v1")))
    tag = f'"{sha256(raw).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    return HttpResponse(raw, content_type="application/json", headers={"ETag": tag, "Cache-Control": "no-cache"})


openapi.machine = True  # type: ignore[attr-defined]  # answered before sessions and cookies: see api.middleware
