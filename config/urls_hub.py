"""Addresses on the agency's host: its pages, and what machines read over brands. `tenants.middleware` sets this urlconf there."""

from django.urls import include, path

from portal.urls_hub import handler400, handler403, handler404, handler500

urlpatterns = [path("api/v1/", include("api.hub.urls")), path("", include("portal.urls_hub"))]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
