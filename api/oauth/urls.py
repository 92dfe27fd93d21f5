"""Addresses below `/api/v1/oauth/`. The page of consent is the portal's: `/oauth/authorize`."""

from django.urls import path

from api.oauth.endpoints import revoke, token

urlpatterns = [
    path("oauth/token", token, name="api:oauth:token"),
    path("oauth/revoke", revoke, name="api:oauth:revoke"),
]
