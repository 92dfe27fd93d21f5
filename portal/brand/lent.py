"""The one address without a sign-in: a picture that the gate lends to a network, which fetches it itself.

It answers to whoever holds the address and to nobody else, and everything that is not so gets one and the same 404, which is
also that of a host where no brand is.
"""

from axes.helpers import get_client_ip_address
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from clients.gate.actions import read_lent
from tenants.errors import RelaisError


@csrf_exempt
@require_safe
def lent(request: HttpRequest, token: str) -> HttpResponse:
    """The bytes, never kept by anybody between, never taken for anything else than the picture they are."""
    try:
        picture = read_lent(request.brand, token=token, reader=str(get_client_ip_address(request) or ""))
        response = HttpResponse(picture.data, content_type=picture.mime)
        response["Content-Disposition"] = "inline"
    except RelaisError:
        response = HttpResponseNotFound("404\n", content_type="text/plain")
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
