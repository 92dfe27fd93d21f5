"""Addresses below `/api/v1/` of the agency's host. They read, and nothing else."""

from django.urls import path

from api.hub import lists

urlpatterns = [
    path("brands", lists.endpoint(lists.brands), name="api:hub:brands"),
    path("work", lists.endpoint(lists.work), name="api:hub:work"),
    path("conversations", lists.endpoint(lists.conversations), name="api:hub:conversations"),
]
