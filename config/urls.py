"""The root of all addresses is the hub; `tenants.middleware` sets `portal.urls_brand` on a brand's host."""

from importlib.util import find_spec

from django.urls import include, path

# While the house is being built: the hub's pages come with the portal.
urlpatterns = [path("", include("portal.urls_hub"))] if find_spec("portal.urls_hub") else []
