"""Addresses below `/api/v1/` of the agency's host. They read, and nothing else."""

from django.urls import path

from api.described import described
from api.hub import lists
from api.hub.schema import description

urlpatterns = [
    path("openapi.json", described(description), name="api:hub:openapi"),
    path("brands", lists.endpoint(lists.brands), name="api:hub:brands"),
    path("work", lists.endpoint(lists.work), name="api:hub:work"),
    path("conversations", lists.endpoint(lists.conversations), name="api:hub:conversations"),
]
