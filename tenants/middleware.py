"""Which brand a request is for. Only the host says so; no transaction is opened here, and nothing outlives the request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect

from tenants.errors import Conflict
from tenants.hosts import brand_at, plain_host
from tenants.limits import at_most


class BrandHostMiddleware:
    """Sets `request.brand` (BrandRef, or None on the hub) and `request.urlconf`.

    A host that is neither the hub's nor an active brand's gets the same bare 404, whatever the reason. X-Forwarded-Host
    is not read. There is no default brand; on one's own machine `localhost` leads to the hub. A brand whose schema has not
    been migrated yet answers 503.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Find the brand, or answer 404."""
        host = plain_host(request.META.get("HTTP_HOST") or "")
        if host in settings.OWN_MACHINE_HOSTS:
            return HttpResponseRedirect(f"http://{settings.HUB_HOST}:{request.get_port()}/")
        try:
            brand = brand_at(host) if host and host != settings.HUB_HOST else None
        except Conflict:
            return HttpResponse("503\n", status=503, content_type="text/plain", headers={"Retry-After": "30"})
        if host is None or (brand is None and host != settings.HUB_HOST):
            return HttpResponseNotFound("404\n", content_type="text/plain")
        request.brand = brand  # type: ignore[attr-defined]
        request.urlconf = "config.urls_brand" if brand else "config.urls_hub"
        with at_most(settings.PAGE_SECONDS):
            return self.get_response(request)
