"""Addresses on a brand's host: its pages, and the door for its machines. `tenants.middleware` sets this urlconf there."""

from django.urls import include, path

from api.oauth.endpoints import metadata
from portal.urls_brand import handler400, handler403, handler404, handler500

urlpatterns = [
    path("api/v1/", include("api.oauth.urls")),
    path("api/v1/", include("api.urls")),
    path(".well-known/oauth-authorization-server", metadata, name="oauth_metadata"),
    path("", include("portal.urls_brand")),
]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
