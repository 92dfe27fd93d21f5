"""The door for programs that tell a brand something: no sign-in, a signature over every word instead.

Whoever cannot sign learns nothing: unknown, paused, unsigned and wrongly signed get one and the same 404,
which is also that of a host where no brand is.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from clients.sources.actions import take_delivery
from clients.sources.kinds.webhook import MOST_BYTES
from tenants.errors import Invalid, RelaisError


@csrf_exempt
@require_POST
def inbound(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """204 when it is taken, also when it was known; 413 and 422 only to who signed, or sends too much to be looked at."""
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _answer(413, "too_big")
    heads = {name.lower(): value for name, value in request.headers.items()}
    try:
        take_delivery(request.brand, source_id, headers=heads, body=body)
    except Invalid as error:
        return _answer(422, error.code)
    except RelaisError:
        return _kept_by_nobody(HttpResponseNotFound("404\n", content_type="text/plain"))
    return _kept_by_nobody(HttpResponse(status=204))


def _answer(status: int, code: str) -> HttpResponse:
    return _kept_by_nobody(JsonResponse({"error": code}, status=status))


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
