"""The root of all addresses is the hub; `tenants.middleware` sets `config.urls_brand` on a brand's host."""

from django.urls import include, path

urlpatterns = [path("", include("portal.urls_hub"))]
